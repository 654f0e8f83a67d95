/**
 * Autoencoder: z = f(x), x' = g(z), without a penalty (Hinton and Salakhutdinov 2006).
 * Regularisation (dropout, weight decay, clipping of gradients) is numbers of any model's configuration.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import { autoencoderParameters, decode, encode, type ImageShape } from '../networks/autoencoder'
import type { AutoencoderModel } from './model'

/** An autoencoder whose code is the encoder's last layer as it is. `config` may be that of any kind without a penalty. */
export function autoencoder(config: AutoencoderConfig, shape: ImageShape): AutoencoderModel {
  const model: AutoencoderModel = {
    config,
    shape,
    parameters: autoencoderParameters(config, shape, 1),
    weight: 0,
    encode: (parameters, images, options) => ({
      code: encode(config, shape, parameters, images, options),
      logVariance: null,
    }),
    decode: (parameters, codes, options) => decode(config, shape, parameters, codes, options),
    pass({ parameters, images, options }) {
      const { code } = model.encode(parameters, images, options)
      const logits = model.decode(parameters, code, options)
      return { logits, code, logVariance: null, penalty: null }
    },
  }
  return model
}
