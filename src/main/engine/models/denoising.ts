/**
 * Denoising autoencoder (Vincent et al. 2008): x̃ ~ C(x̃ | x), z = f(x̃), x̂ = g(z), and the loss is taken against the
 * clean x. The network is the autoencoder's; what differs is what it is shown, which training decides.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import type { ImageShape } from '../networks/autoencoder'
import { corruptTraced, isTraceable } from '../noise/traced'
import type { Tensor } from '../runtime/tensorflow'
import { autoencoder } from './autoencoder'
import { streamSeed, type AutoencoderModel } from './model'

export type DenoisingConfig = Extract<AutoencoderConfig, { kind: 'denoising' }>

export function denoising(config: DenoisingConfig, shape: ImageShape): AutoencoderModel {
  return autoencoder(config, shape)
}

/** Whether the corrupted images must be made beforehand, by the codec. */
export const needsCorruptedImages = (config: AutoencoderConfig): boolean =>
  config.kind === 'denoising' && !isTraceable(config.corruption)

/** What the encoder is shown of clean images: for a denoising model x̃, in float and not clipped, otherwise x. */
export function corrupted(config: AutoencoderConfig, clean: Tensor, seed: Tensor): Tensor {
  return config.kind === 'denoising' && isTraceable(config.corruption)
    ? corruptTraced(config.corruption, clean, streamSeed(seed, 'noise'))
    : clean
}
