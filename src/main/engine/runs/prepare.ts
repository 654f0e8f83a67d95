/** From a configuration to a task that can be trained: the data opened, the program compiled. */
import type { DataCard, DenoiserComparison, Preview, RunConfig } from '../../../shared/training'
import { openImageSet } from '../data/imageSet'
import { parameterCount } from '../networks/parameters'
import { AutoencoderTask } from '../training/autoencoderTask'
import { corruptedImagesOf } from '../training/corruptedImages'
import type { State } from '../runtime/program'
import type { Task } from '../training/loop'
import { columnMeans, histogramOf, picturesOf } from './pictures'
import { preparePhotos } from './preparePhotos'

/** Folders that a run needs besides its data. */
export interface Places {
  /** Where decoded folders are kept; null: nowhere. */
  cache: string | null
  /** Where the bundled denoisers lie; null: there are none. */
  denoisers: string | null
}

export interface PrepareOptions extends Places {
  signal?: AbortSignal
  onPhase?: (phase: 'data' | 'compile') => void
}

/** A task with what is known of its data. */
export interface Prepared {
  task: Task & { start(): void; close(): void }
  card: DataCard
  parameters: number
  preview(epoch: number): Preview
  /** Where photos teach without originals: the model with these weights beside the bundled one. */
  compare?: (weights: State, signal: AbortSignal) => Promise<DenoiserComparison | null>
  /** The task, where it is an autoencoder's: its steps can be looked at. */
  autoencoder: AutoencoderTask | null
}

/** Images that a preview shows, and codes that its histogram counts. */
const SHOWN = 24
const COUNTED = 250

async function prepareAutoencoder(
  config: RunConfig,
  { cache, signal, onPhase }: PrepareOptions,
): Promise<Prepared> {
  onPhase?.('data')
  const { model } = config
  const set = await openImageSet(config.data, { cache, ...(signal ? { signal } : {}) })
  const { card } = set
  const { width, height, channels } = card
  const corruptedImages = await corruptedImagesOf(config, set, signal ? { signal } : {})
  onPhase?.('compile')
  const task = new AutoencoderTask({ config, set, corruptedImages })
  return {
    task,
    card,
    parameters: parameterCount(task.training.parameters),
    autoencoder: task,
    preview(epoch) {
      const { inputs, outputs, clean, codes } = task.preview(COUNTED)
      const shown = SHOWN * width * height * channels
      const picture = (values: Float32Array): Preview['inputs'] =>
        picturesOf(values.subarray(0, shown), card)
      const means = model.kind === 'sparse' ? columnMeans(codes, task.run.model.latent) : []
      return {
        epoch,
        inputs: picture(inputs),
        outputs: picture(outputs),
        clean: model.kind === 'denoising' ? picture(clean) : null,
        latents: { ...histogramOf(codes), means },
      }
    },
  }
}

/**
 * Opens the data and compiles the program of a run. The caller closes the task.
 * @throws DarkroomError of the data room and of `training/checks`
 */
export function prepare(config: RunConfig, options: PrepareOptions): Promise<Prepared> {
  const { model } = config
  return model.kind === 'photo-denoiser'
    ? preparePhotos(config, model, options)
    : prepareAutoencoder(config, options)
}
