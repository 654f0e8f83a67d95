/** What every autoencoder of this folder is: parameters, a pass from image to code and back, and a penalty. */
import type { AutoencoderConfig } from '../../../shared/training'
import type { ImageShape, NetworkOptions } from '../networks/autoencoder'
import type { ParameterSpecs } from '../networks/parameters'
import type { Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'

/** What a pass is given. */
export interface PassInput {
  parameters: Variables
  /** The images that the encoder reads, [batch, height, width, channels]: corrupted ones for a denoising model. */
  images: Tensor
  /** int32 [2]: everything random in the pass depends on it alone. Null: nothing random, a code is its mean. */
  seed: Tensor | null
  options: NetworkOptions
}

/** What a pass gives. */
export interface Pass {
  /** The logits of the reconstruction, [batch, height, width, channels]; the image is their sigmoid. */
  logits: Tensor
  /** The code without anything random, [batch, latent]. */
  code: Tensor
  /** log σ² of q(z|x), for variational models. */
  logVariance: Tensor | null
  /** What is added to the reconstruction's loss, without its weight: one value per image, [batch], or one for all, []. */
  penalty: Tensor | null
}

/** A model for one configuration and one shape of images. */
export interface AutoencoderModel {
  config: AutoencoderConfig
  shape: ImageShape
  parameters: ParameterSpecs
  pass(input: PassInput): Pass
  /** The code of images without anything random, and log σ². */
  encode(
    parameters: Variables,
    images: Tensor,
    options: NetworkOptions,
  ): Pick<Pass, 'code' | 'logVariance'>
  /** The logits of codes [batch, latent]. */
  decode(parameters: Variables, codes: Tensor, options: NetworkOptions): Tensor
  /** Whether the loss is a mean over the batch's images, so that it may be taken in halves. Default: true. */
  separable?: boolean
  /** λ or β: what the penalty is multiplied by. β may be warmed up. */
  weight: number
}

/** Streams of random numbers within one step, told apart by what is added to the first number of the seed. */
const streams = {
  noise: 0x1000003,
  code: 0x2000057,
  dropout: 0x30000a1,
  direction: 0x40000fd,
  pixels: 0x5000011,
  half: 0x60000c1,
}

/** The seed of a half of the batch: the step's own for the first one. */
export const halfSeed = (seed: Tensor, half: number): Tensor =>
  half === 0 ? seed : streamSeed(seed, 'half', half - 1)

/** The seed of one stream of a step's random numbers, int32 [2]. */
export function streamSeed(seed: Tensor, stream: keyof typeof streams, index = 0): Tensor {
  return tf.add(seed, tf.tensor1d([streams[stream] + index * 0x9e3779, 0], 'int32'))
}
