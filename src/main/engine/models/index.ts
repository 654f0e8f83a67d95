/** The family of autoencoders by their configuration's kind. */
import type { AutoencoderConfig } from '../../../shared/training'
import type { ImageShape } from '../networks/autoencoder'
import { autoencoder } from './autoencoder'
import { contractive } from './contractive'
import { denoising } from './denoising'
import type { AutoencoderModel } from './model'
import { sparse } from './sparse'
import { variational } from './variational'

/** The model of a configuration, for images of one shape. */
export function modelOf(config: AutoencoderConfig, shape: ImageShape): AutoencoderModel {
  switch (config.kind) {
    case 'autoencoder':
      return autoencoder(config, shape)
    case 'sparse':
      return sparse(config, shape)
    case 'contractive':
      return contractive(config, shape)
    case 'denoising':
      return denoising(config, shape)
    case 'variational':
      return variational(config, shape)
  }
}
