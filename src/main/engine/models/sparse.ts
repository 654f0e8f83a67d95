/**
 * Sparse autoencoder. Two penalties:
 * `kl` (Ng 2011): z = sigmoid(f(x)), Σⱼ KL(ρ ‖ ρ̂ⱼ), KL = ρ log(ρ/ρ̂) + (1 − ρ) log((1 − ρ)/(1 − ρ̂)), ρ̂ⱼ the mean of zⱼ over the batch.
 * `l1`: z = relu(f(x)), Σⱼ |zⱼ| per image, with the decoder's weights of each zⱼ at unit norm: else z would only shrink.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import { autoencoderParameters, decode, encode, type ImageShape } from '../networks/autoencoder'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'
import type { AutoencoderModel } from './model'

export type SparseConfig = Extract<AutoencoderConfig, { kind: 'sparse' }>

/** Keeps the logarithms finite where a unit is never or always on. */
const SMALLEST = 1e-6

/** Σⱼ KL(ρ ‖ ρ̂ⱼ) of codes z [batch, latent] in (0, 1), a scalar in nats. */
export function sparsityPenalty(codes: Tensor, target: number): Tensor {
  const mean = tf.clipByValue(tf.mean(codes, 0), SMALLEST, 1 - SMALLEST)
  const on = tf.mul(tf.log(mean), -target)
  const off = tf.mul(tf.log(tf.sub(1, mean)), target - 1)
  const constant = target * Math.log(target) + (1 - target) * Math.log(1 - target)
  return tf.sum(tf.add(tf.add(on, off), constant))
}

export function sparse(config: SparseConfig, shape: ImageShape): AutoencoderModel {
  const unitNorm = config.penalty === 'l1'
  const model: AutoencoderModel = {
    config,
    shape,
    parameters: autoencoderParameters(config, shape, 1),
    weight: config.weight,
    separable: config.penalty !== 'kl', // ρ̂ is a mean inside of a logarithm
    encode(parameters, images, options) {
      const linear = encode(config, shape, parameters, images, options)
      const code = config.penalty === 'kl' ? kernels.sigmoid(linear) : kernels.relu(linear)
      return { code, logVariance: null }
    },
    decode: (parameters, codes, options) =>
      decode(config, shape, parameters, codes, { ...options, unitNorm }),
    pass({ parameters, images, options }) {
      const { code } = model.encode(parameters, images, options)
      const logits = model.decode(parameters, code, options)
      const penalty =
        config.penalty === 'kl' ? sparsityPenalty(code, config.target) : tf.sum(code, 1) // z ≥ 0: |z| = z
      return { logits, code, logVariance: null, penalty }
    },
  }
  return model
}
