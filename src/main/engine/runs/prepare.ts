/** From a configuration to a task that can be trained: the data opened, the program compiled. */
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type {
  DataCard,
  DataSource,
  ModelConfig,
  Preview,
  RunConfig,
} from '../../../shared/training'
import { corruptImages } from '../data/corruptImages'
import { openImageSet } from '../data/imageSet'
import { readPhotos, type PhotoSet } from '../data/photoPatches'
import { needsCorruptedImages } from '../models/denoising'
import { parameterCount } from '../networks/parameters'
import { photoDenoiserParameters } from '../networks/photoDenoiser'
import { hashSeed } from '../noise'
import { AutoencoderTask } from '../training/autoencoderTask'
import type { Task } from '../training/loop'
import { PhotoTask } from '../training/photoTask'
import { columnMeans, histogramOf, picturesOf } from './pictures'

export interface PrepareOptions {
  /** Where decoded folders are kept; null: nowhere. */
  cache: string | null
  signal?: AbortSignal
  onPhase?: (phase: 'data' | 'compile') => void
}

/** A task with what is known of its data. */
export interface Prepared {
  task: Task & { start(): void; close(): void }
  card: DataCard
  parameters: number
  preview(epoch: number): Preview
  /** The task, where it is an autoencoder's: its steps can be looked at. */
  autoencoder: AutoencoderTask | null
}

/** Images that a preview shows, and codes that its histogram counts. */
const SHOWN = 24
const COUNTED = 250
const SHOWN_PHOTOS = 6

/** Photos from this many pixels a side on are reduced, which removes JPEG's blocks and gives more scales. */
const REDUCE_FROM = 1600
const REDUCE_BY = [2, 3]
/** One photo in so many is held out for validation, by its name. */
const HELD_OUT_ONE_IN = 10

type PhotoRun = Extract<ModelConfig, { kind: 'photo-denoiser' }>

/** A folder source with a folder chosen. @throws DarkroomError `config-invalid` */
function folderOf(source: DataSource): Extract<DataSource, { kind: 'folder' }> {
  if (source.kind === 'folder' && source.path !== '') return source
  throw new DarkroomError('config-invalid', 'A photo denoiser is trained on a folder of photos', {
    reason: 'config-folder',
  })
}

async function photosOf(source: DataSource, model: PhotoRun): Promise<PhotoSet> {
  const { path } = folderOf(source)
  const names = await readdir(path).catch((cause: unknown) => {
    const file = basename(path)
    throw new DarkroomError('file-not-found', `Cannot read the folder ${file}`, { file }, { cause })
  })
  const held = names.filter((name) => hashSeed(0, name) % HELD_OUT_ONE_IN === 0)
  const holdOut = names.length > 1 && held.length < names.length ? held : []
  return readPhotos([path], {
    channels: model.channels,
    exclude: [],
    holdOut,
    reduceFrom: REDUCE_FROM,
    reduceBy: REDUCE_BY,
    smallestSide: model.patch,
  })
}

function cardOfPhotos(
  source: DataSource,
  photos: PhotoSet,
  { channels, patch }: PhotoRun,
): DataCard {
  const hash = createHash('sha256')
  let bytes = 0
  for (const { name, data } of [...photos.training, ...photos.heldOut]) {
    hash.update(name).update(data)
    bytes += data.length
  }
  return {
    name: folderOf(source).name,
    kind: 'folder',
    licence: null,
    credit: null,
    images: photos.training.length + photos.heldOut.length,
    test: 0,
    width: patch,
    height: patch,
    channels,
    labels: null,
    hash: hash.digest('hex'),
    bytes,
    binary: false,
    skipped: photos.skipped.map(({ file, error }) => ({
      file,
      error: { code: 'image-damaged', message: error, params: { file } },
    })),
  }
}

async function preparePhotos(
  config: RunConfig,
  model: PhotoRun,
  { onPhase }: PrepareOptions,
): Promise<Prepared> {
  onPhase?.('data')
  const photos = await photosOf(config.data, model)
  const card = cardOfPhotos(config.data, photos, model)
  onPhase?.('compile')
  const task = new PhotoTask(config, photos)
  return {
    task,
    card,
    parameters: parameterCount(photoDenoiserParameters(task.network)),
    autoencoder: null,
    preview(epoch) {
      const { side, inputs, outputs, clean } = task.preview(SHOWN_PHOTOS)
      const sides = { width: side, height: side, channels: model.channels }
      return {
        epoch,
        inputs: picturesOf(inputs, sides),
        outputs: picturesOf(outputs, sides),
        clean: picturesOf(clean, sides),
        latents: { from: 0, to: 0, counts: [], means: [] },
      }
    },
  }
}

async function prepareAutoencoder(
  config: RunConfig,
  { cache, signal, onPhase }: PrepareOptions,
): Promise<Prepared> {
  onPhase?.('data')
  const { model } = config
  const set = await openImageSet(config.data, { cache, ...(signal ? { signal } : {}) })
  const { card } = set
  const { width, height, channels } = card
  const corruptedImages =
    model.kind === 'denoising' && needsCorruptedImages(model)
      ? await corruptImages(
          set.images,
          { count: card.images, width, height, channels },
          model.corruption,
          config.training.seed,
          signal ? { signal } : {},
        )
      : null
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
