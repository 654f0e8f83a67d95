/** From the configuration of a photo denoiser to a task: the photos read, the program compiled. */
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError, errorToData } from '../../../shared/errors'
import type { DataCard, DataSource, RunConfig } from '../../../shared/training'
import { readPhotos, type PhotoSet, type TrainingPhoto } from '../data/photoPatches'
import { estimateNoise } from '../imaging/noiseLevel'
import { parameterCount } from '../networks/parameters'
import { photoDenoiserParameters } from '../networks/photoDenoiser'
import { hashSeed } from '../noise'
import type { State } from '../runtime/program'
import { listModels, readDenoiser } from '../store/models'
import { photoNetwork, type PhotoRun } from '../training/denoiserTask'
import { NeighbourTask } from '../training/neighbourTask'
import { PhotoTask } from '../training/photoTask'
import { compareWithBundled } from './compareDenoisers'
import { picturesOf } from './pictures'
import type { Prepared, PrepareOptions } from './prepare'

const SHOWN_PHOTOS = 6
/** Clean photos from this many pixels a side on are reduced, which removes JPEG's blocks and gives more scales. */
const REDUCE_FROM = 1600
const REDUCE_BY = [2, 3]
/** One photo in so many is held out for validation, by its name. */
const HELD_OUT_ONE_IN = 10
/** Of so many noisy photos at least one is held out: without it nothing tells whether they taught anything. */
const HOLD_OUT_FROM = 4
/** Noisy photos whose level is below this teach nothing, nor do those whose noise neighbours share. */
const LEAST_LEVEL = 1

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
    reduceFrom: model.supervision === 'clean' ? REDUCE_FROM : Infinity, // which would take the noise away
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
    skipped: photos.skipped.map(({ file, error }) => ({ file, error: errorToData(error) })),
  }
}

/** The levels of noisy photos; those that have no noise are left out and named. */
function noisyPhotos(
  photos: PhotoSet,
  folder: string,
  channels: 1 | 3,
): PhotoSet & { levels: Map<TrainingPhoto, number> } {
  const levels = new Map<TrainingPhoto, number>()
  const skipped = [...photos.skipped]
  const isNoisy = (photo: TrainingPhoto): boolean => {
    const { name, width, height, data } = photo
    const level = estimateNoise({ width, height, channels, bits: 8, data, alpha: null })
    levels.set(photo, level.sigma)
    const teaches = level.sigma >= LEAST_LEVEL && !level.correlated
    if (!teaches) skipped.push({ file: name, error: withoutNoise(name) })
    return teaches
  }
  const training = photos.training.filter(isNoisy)
  if (training.length === 0) throw withoutNoise(folder)
  const heldOut = photos.heldOut.filter(isNoisy)
  if (heldOut.length === 0 && training.length >= HOLD_OUT_FROM) heldOut.push(...training.splice(-1))
  return { training, heldOut, skipped, levels }
}

const withoutNoise = (file: string): DarkroomError =>
  new DarkroomError(
    'photos-without-noise',
    `${file}: no noise that is independent between pixels`,
    {
      file,
    },
  )

/**
 * The weights of the bundled model of a network.
 * @throws DarkroomError `config-invalid` when there is none
 */
async function bundledWeights(folder: string | null, run: PhotoRun): Promise<State> {
  const wanted = JSON.stringify(photoNetwork(run))
  for (const { path } of folder === null ? [] : (await listModels(folder)).models) {
    const { header, tensors } = await readDenoiser(path)
    if (JSON.stringify(header.config) === wanted) return tensors
  }
  throw new DarkroomError('config-invalid', `No bundled model has the network ${wanted}`, {
    reason: 'config-start',
  })
}

/** Opens the photos and compiles the program. @throws DarkroomError */
export async function preparePhotos(
  config: RunConfig,
  model: PhotoRun,
  { denoisers, onPhase }: PrepareOptions,
): Promise<Prepared> {
  onPhase?.('data')
  const initial = model.start === 'bundled' ? await bundledWeights(denoisers, model) : null
  const read = await photosOf(config.data, model)
  const noisy =
    model.supervision === 'neighbours'
      ? noisyPhotos(read, folderOf(config.data).name, model.channels)
      : null
  const card = cardOfPhotos(config.data, noisy ?? read, model)
  onPhase?.('compile')
  const task = noisy
    ? new NeighbourTask(config, model, noisy, initial)
    : new PhotoTask(config, model, read, initial)
  return {
    task,
    card,
    parameters: parameterCount(photoDenoiserParameters(task.network)),
    autoencoder: null,
    ...(noisy
      ? {
          compare: (weights, signal) => {
            const heldOut = noisy.heldOut.map((photo) => ({
              photo,
              level: noisy.levels.get(photo) ?? 0,
            }))
            return compareWithBundled(heldOut, { config: task.network, weights }, denoisers, signal)
          },
        }
      : {}),
    preview(epoch) {
      const { side, noisy, denoised, clean } = task.preview(SHOWN_PHOTOS)
      const sides = { width: side, height: side, channels: model.channels }
      return {
        epoch,
        inputs: picturesOf(noisy, sides),
        outputs: picturesOf(denoised, sides),
        clean: clean && picturesOf(clean, sides),
        latents: { from: 0, to: 0, counts: [], means: [] },
      }
    },
  }
}
