/** What every measurement of an autoencoder shares: its weights in a graph, batches that leave others their turn. */
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { AutoencoderConfig } from '../../../shared/training'
import { modelOf } from '../models'
import type { AutoencoderModel } from '../models/model'
import { checkWeights } from '../models/openAutoencoder'
import { ProgramBuilder, type Program, type State } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'

/** A trained model, as its file holds it. */
export interface TrainedAutoencoder {
  config: AutoencoderConfig
  shape: AutoencoderModel['shape']
  /** By parameter name. */
  weights: State
}

export interface MeasureOptions {
  /** Everything random depends on it. */
  seed: number
  signal?: AbortSignal
  /** Receives 0–1. */
  onProgress?: (share: number) => void
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

/** How many numbers a tensor of this shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** [height, width, channels] of the images. */
export const itemOf = ({ height, width, channels }: TrainedAutoencoder['shape']): number[] => [
  height,
  width,
  channels,
]

/** Lets others have their turn. @throws DarkroomError `cancelled` */
export async function breathe(
  { signal, onProgress }: MeasureOptions,
  share: number,
): Promise<void> {
  onProgress?.(share)
  await setImmediate()
  if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
}

/** Runs a traced function; the inputs are disposed. */
export function runTraced(
  program: Program,
  { placeholders, outputs }: ReturnType<ProgramBuilder['define']>,
  inputs: Record<string, Tensor>,
): Float32Array[] {
  const fed = new Map([...placeholders].map(([name, node]) => [node, inputs[name] as Tensor]))
  const results = program.run(fed, outputs)
  const values = results.map((each) => each.dataSync() as Float32Array)
  tf.dispose([results, Object.values(inputs)])
  return values
}
