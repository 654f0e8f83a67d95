/** What must hold of a configuration and its data before training begins; each refusal says what to change. */
import { freemem } from 'node:os'
import { DarkroomError } from '../../../shared/errors'
import type { AutoencoderConfig, DataCard, RunConfig } from '../../../shared/training'
import { modelOf } from '../models'
import { pixelsOf, type ImageShape } from '../networks/autoencoder'
import { parameterCount } from '../networks/parameters'

/** A run whose model is an autoencoder. */
export type AutoencoderRun = RunConfig & { model: AutoencoderConfig }

const FLOAT_BYTES = 4
/** Weights, two moments, the best weights, the last checkpoint's copy of all three, and its file's bytes. */
const COPIES = 11
/** Of the memory that is free, training leaves the rest to the system and to open photos. */
const USABLE = 0.8
/** What TensorFlow and the program need before anything is trained. */
const BASE_BYTES = 400e6

/** `reason` is a code that `shared/messages` has words for; `what` is for the log. */
const invalid = (reason: string, what: string): DarkroomError =>
  new DarkroomError('config-invalid', what, { reason })

export const shapeOf = ({ height, width, channels }: DataCard): ImageShape => ({
  height,
  width,
  channels,
})

/** Values that one image's activations take in a pass forward and back. */
function activationsOf(config: AutoencoderConfig, shape: ImageShape): number {
  if (config.family === 'mlp')
    return 2 * (3 * pixelsOf(shape) + 2 * config.layers.reduce((a, b) => a + b, 0))
  let [values, pixels] = [4 * pixelsOf(shape), shape.height * shape.width]
  for (const channels of config.layers) {
    pixels = Math.ceil(pixels / 4)
    values += 6 * pixels * channels
  }
  return 2 * values
}

/** An upper estimate of the memory that training takes, in bytes: weights with their copies, a batch, the data set. */
export function memoryOf(config: AutoencoderRun, card: DataCard): number {
  const shape = shapeOf(card)
  const parameters = parameterCount(modelOf(config.model, shape).parameters)
  const batch = Math.max(config.training.batch, 250) * activationsOf(config.model, shape)
  const data = 2 * card.images * pixelsOf(shape) // one copy here, one in the session
  return BASE_BYTES + FLOAT_BYTES * (COPIES * parameters + batch) + data
}

/**
 * The run, checked against its data.
 * @param trained how many images there are to train on
 * @throws DarkroomError `config-invalid`, `batch-too-large`, `training-too-large`
 */
export function checkedRun(config: RunConfig, card: DataCard, trained: number): AutoencoderRun {
  const { model, training } = config
  if (model.kind === 'photo-denoiser')
    throw new Error('Expected an autoencoder. Received a photo denoiser.')
  const run = { ...config, model }
  if (model.family === 'cnn' && model.layers.length === 0)
    throw invalid('config-convolutions', 'model.layers: a cnn needs at least one convolution')
  if (model.family === 'mlp' && model.dense > 0)
    throw invalid('config-dense', 'model.dense: only a cnn has it')
  const smallest = Math.min(card.width, card.height)
  if (model.family === 'cnn' && 2 ** model.layers.length > 2 * smallest)
    throw invalid(
      'config-image-small',
      `model.layers: images of ${card.width} × ${card.height} are too small for ${model.layers.length} convolutions of stride 2`,
    )
  if (config.binarise && model.loss !== 'cross-entropy')
    throw invalid('config-binarised', 'model.loss: binarised data need cross-entropy')
  if (training.batch > trained) {
    throw new DarkroomError(
      'batch-too-large',
      `Expected a batch of at most ${trained} images. Received ${training.batch}.`,
      { batch: training.batch, images: trained },
    )
  }
  const needed = memoryOf(run, card)
  const limit = freemem() * USABLE
  if (needed > limit) {
    const [megabytes, most] = [Math.ceil(needed / 1e6), Math.floor(limit / 1e6)]
    throw new DarkroomError(
      'training-too-large',
      `Expected a run of at most ${most} MB. Received one of ${megabytes} MB.`,
      { megabytes, limit: most },
    )
  }
  return run
}
