/** A trained autoencoder, opened for use: one graph with the weights as constants, for any number of images. */
import type { AutoencoderConfig } from '../../../shared/training'
import { DarkroomError } from '../../../shared/errors'
import { pixelsOf, type ImageShape } from '../networks/autoencoder'
import * as kernels from '../runtime/kernels'
import { ProgramBuilder, type State, type Variables } from '../runtime/program'
import { defineSideBySide, type SideBySide } from '../runtime/sideBySide'
import { tf, type Tensor } from '../runtime/tensorflow'
import { modelOf } from './index'
import type { AutoencoderModel } from './model'

/** Images of one native call; larger numbers of them pass in several. */
const BATCH = 256
/** So many rows are worth being taken in two halves side by side. */
const LEAST_IN_HALVES = 16

/** A trained model, as its file holds it. */
export interface TrainedAutoencoder {
  config: AutoencoderConfig
  shape: ImageShape
  /** By parameter name. */
  weights: State
}

export interface Autoencoder {
  config: AutoencoderConfig
  shape: ImageShape
  model: AutoencoderModel
  /** [n, height, width, channels] in 0–1 → codes without anything random [n, latent], and log σ² of a variational model. */
  encode(images: Float32Array): { mean: Float32Array; logVariance: Float32Array | null }
  /** [n, latent] → images [n, height, width, channels] in 0–1. */
  decode(codes: Float32Array): Float32Array
  /** Decode of encode. */
  reconstruct(images: Float32Array): Float32Array
  close(): void
}

/** @throws DarkroomError `model-damaged` when weights are missing or of another shape */
export function checkWeights(model: AutoencoderModel, weights: State): void {
  for (const [name, { shape }] of model.parameters) {
    const found = weights.get(name)?.shape
    if (found?.join() !== shape.join()) {
      throw new DarkroomError(
        'model-damaged',
        `Expected weights ${name} of shape [${shape.join(', ')}]. Received ${found ? `[${found.join(', ')}]` : 'none'}.`,
      )
    }
  }
}

/**
 * The model and a builder with its weights as constants.
 * @throws DarkroomError `model-damaged` when weights are missing or of another shape
 */
export function builderOf({ config, shape, weights }: TrainedAutoencoder): {
  model: AutoencoderModel
  builder: ProgramBuilder
  names: string[]
} {
  const model = modelOf(config, shape)
  checkWeights(model, weights)
  const builder = new ProgramBuilder()
  const names = [...model.parameters.keys()]
  for (const name of names) {
    builder.constant(name, weights.get(name) as { shape: number[]; data: Float32Array })
  }
  return { model, builder, names }
}

/**
 * Opens a model.
 * @throws DarkroomError `model-damaged`
 */
export function openAutoencoder(trained: TrainedAutoencoder): Autoencoder {
  const { config, shape } = trained
  const { model, builder, names } = builderOf(trained)
  const item = [shape.height, shape.width, shape.channels]
  const ofRows = (row: number[], body: (rows: Tensor, parameters: Variables) => Tensor[]) => {
    const rows = { shape: [2, ...row], free: [0] }
    return defineSideBySide(builder, { rows }, names, (given, parameters) =>
      body(given['rows'] as Tensor, parameters),
    )
  }
  const encoder = ofRows(item, (images, parameters) => {
    const { code, logVariance } = model.encode(parameters, images, {})
    return logVariance ? [code, logVariance] : [code]
  })
  const decoder = ofRows([config.latent], (codes, parameters) => [
    kernels.sigmoid(model.decode(parameters, codes, {})),
  ])
  const program = builder.finish()
  const pixels = pixelsOf(shape)

  /** Runs a function on batches of rows and joins its outputs. */
  const inBatches = (
    traced: SideBySide,
    values: Float32Array,
    row: number[],
    widths: number[],
  ): Float32Array[] => {
    const size = row.reduce((a, b) => a * b, 1)
    const count = values.length / size
    if (!Number.isInteger(count))
      throw new Error(`Expected rows of ${size} values. Received ${values.length} values.`)
    const joined = widths.map((width) => new Float32Array(count * width))
    for (let at = 0; at < count; at += BATCH) {
      const rows = Math.min(BATCH, count - at)
      const cut = rows < LEAST_IN_HALVES ? rows : rows >> 1
      const bounds = cut === rows ? [at, at + rows] : [at, at + cut, at + rows]
      const fed = bounds.slice(1).map((to, k) => {
        const from = bounds[k] as number
        return { rows: tf.tensor(values.slice(from * size, to * size), [to - from, ...row]) }
      })
      traced.run(program, fed).forEach((outputs, k) => {
        const from = bounds[k] as number
        outputs.forEach((each, i) => joined[i]?.set(each, from * (widths[i] as number)))
      })
    }
    return joined
  }

  const opened: Autoencoder = {
    config,
    shape,
    model,
    encode(images) {
      const widths = new Array<number>(encoder.outputs).fill(config.latent)
      const [mean, logVariance = null] = inBatches(encoder, images, item, widths)
      return { mean: mean as Float32Array, logVariance }
    },
    decode: (codes) => inBatches(decoder, codes, [config.latent], [pixels])[0] as Float32Array,
    reconstruct: (images) => opened.decode(opened.encode(images).mean),
    close: () => program.close(),
  }
  return opened
}
