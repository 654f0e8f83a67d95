/**
 * Variational autoencoder (Kingma and Welling 2014): q(z|x) = N(μ, diag σ²) with μ and log σ² from the encoder,
 * z = μ + σ ⊙ ε, ε ~ N(0, I), and the penalty KL(q ‖ N(0, I)) = −½ Σⱼ (1 + log σⱼ² − μⱼ² − σⱼ²).
 * Its weight β is 1 for the VAE; other values make the β-VAE (Higgins et al. 2017).
 */
import type { AutoencoderConfig } from '../../../shared/training'
import { autoencoderParameters, decode, encode, type ImageShape } from '../networks/autoencoder'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'
import { streamSeed, type AutoencoderModel } from './model'

export type VariationalConfig = Extract<AutoencoderConfig, { kind: 'variational' }>

/** KL(N(μ, diag σ²) ‖ N(0, I)) in nats, one value per image: both [batch, latent] → [batch]. */
export function divergence(mean: Tensor, logVariance: Tensor): Tensor {
  const terms = tf.sub(tf.sub(tf.add(logVariance, 1), tf.square(mean)), tf.exp(logVariance))
  return tf.mul(tf.sum(terms, 1), -0.5)
}

/** z = μ + σ ⊙ ε, differentiable in μ and log σ² (the reparameterisation). All [batch, latent]. */
export function reparameterise(mean: Tensor, logVariance: Tensor, epsilon: Tensor): Tensor {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), epsilon))
}

export function variational(config: VariationalConfig, shape: ImageShape): AutoencoderModel {
  const model: AutoencoderModel = {
    config,
    shape,
    parameters: autoencoderParameters(config, shape, 2),
    weight: config.beta,
    encode(parameters, images, options) {
      const both = encode(config, shape, parameters, images, options)
      const [code, logVariance] = tf.split(both, 2, 1) as [Tensor, Tensor]
      return { code, logVariance }
    },
    decode: (parameters, codes, options) => decode(config, shape, parameters, codes, options),
    pass({ parameters, images, seed, options }) {
      const { code, logVariance } = model.encode(parameters, images, options) as {
        code: Tensor
        logVariance: Tensor
      }
      const z = seed
        ? reparameterise(
            code,
            logVariance,
            kernels.statelessNormal(code.shape, streamSeed(seed, 'code')),
          )
        : code
      const logits = model.decode(parameters, z, options)
      return { logits, code, logVariance, penalty: divergence(code, logVariance) }
    },
  }
  return model
}
