/**
 * Contractive autoencoder (Rifai et al. 2011): z = sigmoid(f(x)), penalty ‖∂z/∂x‖²_F per image.
 *
 * With one layer the penalty is closed, Σⱼ [zⱼ(1 − zⱼ)]² Σᵢ Wᵢⱼ². With more it is estimated without bias by
 * Hutchinson's trick, E‖J·v‖² = ‖J‖²_F for v of independent signs ±1, J·v by forward differentiation.
 * What the code loses in size the decoder must not win back: with one layer its weights are the encoder's, transposed
 * (as in the paper), otherwise each code value's outgoing weights have unit norm.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import {
  autoencoderParameters,
  decode,
  encode,
  encodeWithTangent,
  type ImageShape,
} from '../networks/autoencoder'
import * as kernels from '../runtime/kernels'
import type { Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { streamSeed, type AutoencoderModel } from './model'

export type ContractiveConfig = Extract<AutoencoderConfig, { kind: 'contractive' }>

/** ‖∂z/∂x‖²_F of z = sigmoid(x·W + b), one value per image: z [batch, latent], W [pixels, latent] → [batch]. */
export function contraction(codes: Tensor, weights: Tensor): Tensor {
  const slopes = tf.square(tf.mul(codes, tf.sub(1, codes)))
  const norms = tf.sum(tf.square(weights), 0)
  return tf.sum(tf.mul(slopes, norms), 1)
}

/** Independent signs ±1 of the given shape (Rademacher). */
function signs(shape: readonly number[], seed: Tensor): Tensor {
  const upper = tf.cast(tf.greater(kernels.statelessUniform(shape, seed), 0.5), 'float32')
  return tf.sub(tf.mul(upper, 2), 1)
}

export function contractive(config: ContractiveConfig, shape: ImageShape): AutoencoderModel {
  const single = config.family === 'mlp' && config.layers.length === 0
  const parameters = autoencoderParameters(config, shape, 1)
  if (single) parameters.delete('decoder/dense0/weights')
  const withTied = (given: Variables): Variables =>
    single
      ? {
          ...given,
          'decoder/dense0/weights': tf.transpose(given['encoder/code/weights'] as Tensor),
        }
      : given
  const model: AutoencoderModel = {
    config,
    shape,
    parameters,
    weight: config.weight,
    encode: (given, images, options) => ({
      code: kernels.sigmoid(encode(config, shape, given, images, options)),
      logVariance: null,
    }),
    decode: (given, codes, options) =>
      decode(config, shape, withTied(given), codes, { ...options, unitNorm: !single }),
    pass({ parameters: given, images, seed, options }) {
      const { code } = model.encode(given, images, options)
      const logits = model.decode(given, code, options)
      let penalty: Tensor | null = null
      if (single) penalty = contraction(code, given['encoder/code/weights'] as Tensor)
      else if (seed) {
        const direction = signs(images.shape, streamSeed(seed, 'direction'))
        const { code: linear, tangent } = encodeWithTangent(config, shape, given, images, direction)
        const z = kernels.sigmoid(linear)
        penalty = tf.sum(tf.square(tf.mul(tangent, tf.mul(z, tf.sub(1, z)))), 1)
      }
      return { logits, code, logVariance: null, penalty }
    },
  }
  return model
}
