/** A trained autoencoder, opened for use: one graph with the weights as constants, for any number of images. */
import type { AutoencoderConfig } from '../../../shared/training'
import { DarkroomError } from '../../../shared/errors'
import { pixelsOf, type ImageShape } from '../networks/autoencoder'
import * as kernels from '../runtime/kernels'
import { ProgramBuilder, type InputSpec, type State, type Variables } from '../runtime/program'
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
  const encode = (images: Tensor, parameters: Variables): Tensor[] => {
    const { code, logVariance } = model.encode(parameters, images, {})
    return logVariance ? [code, logVariance] : [code]
  }
  const decode = (codes: Tensor, parameters: Variables): Tensor[] => [
    kernels.sigmoid(model.decode(parameters, codes, {})),
  ]
  /** A function of rows, for one lot of them and for two side by side. */
  const both = (row: number[], body: typeof encode) => {
    const rows: InputSpec = { shape: [2, ...row], free: [0] }
    return {
      one: builder.define({ first: rows }, names, ({ first }, p) => body(first, p)),
      two: builder.define({ first: rows, second: rows }, names, ({ first, second }, p) => [
        ...body(first, p),
        ...body(second, p),
      ]),
    }
  }
  const encoder = both(item, encode)
  const decoder = both([config.latent], decode)
  const program = builder.finish()
  const pixels = pixelsOf(shape)

  /** Runs a function on batches of rows and joins its outputs. */
  const inBatches = (
    { one, two }: ReturnType<typeof both>,
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
        return tf.tensor(values.slice(from * size, to * size), [to - from, ...row])
      })
      const traced = fed.length === 1 ? one : two
      const nodes = [...traced.placeholders.values()]
      const feeds = new Map(fed.map((tensor, k) => [nodes[k] as string, tensor]))
      const results = program.run(feeds, traced.outputs)
      results.forEach((tensor, i) => {
        const output = i % widths.length
        const from = bounds[Math.floor(i / widths.length)] as number
        joined[output]?.set(tensor.dataSync(), from * (widths[output] as number))
      })
      tf.dispose([...fed, ...results])
    }
    return joined
  }

  const opened: Autoencoder = {
    config,
    shape,
    model,
    encode(images) {
      const widths = encoder.one.outputs.map(() => config.latent)
      const [mean, logVariance = null] = inBatches(encoder, images, item, widths)
      return { mean: mean as Float32Array, logVariance }
    },
    decode: (codes) => inBatches(decoder, codes, [config.latent], [pixels])[0] as Float32Array,
    reconstruct: (images) => opened.decode(opened.encode(images).mean),
    close: () => program.close(),
  }
  return opened
}
