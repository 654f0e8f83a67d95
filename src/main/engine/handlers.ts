/** The engine's requests, each a thin function over `photos/`. Runs under plain Node too; TensorFlow loads when first needed. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Emit, EngineHandlers } from '../../shared/contract'
import { batchesOf, type BatchRequest } from './batch/handlers'
import { closeCodecs } from './codec'
import { corrupt } from './noise'
import type { OpenModel } from './photos/denoisers'
import { Denoisers } from './photos/denoisers'
import { labHandlers, type LabRequest } from './lab/handlers'
import { exportPages, exportPhoto } from './photos/exporting'
import { Jobs } from './photos/jobs'
import { bytesOf } from './photos/openPhoto'
import { Photos } from './photos/photos'
import { pixelOf, qualitiesOf, viewOf } from './photos/views'
import { trainingOf, type Training, type TrainingRequest } from './runs/lazily'
import { sweepJournal, useJournal } from './store/journal'
import { spacesOf, type LazySpaces, type SpaceRequest } from './spaceHandlers'
import { Library } from './store/library'
import { bundledFolder, defaultLibraryFolder } from './store/libraryFolders'
import { libraryHandlers, type LibraryRequest } from './store/libraryHandlers'
import { Works } from './work/works'

export interface EngineOptions {
  /** The folder of the bundled models. Default: {@link findResources}. */
  resources?: string
  /** Model files besides the bundled ones; they are chosen by their path. */
  modelFiles?: readonly string[]
  /** Where the batch that goes on is kept. Default: what `DARKROOM_BATCH` says; else, or with null, nowhere. */
  batchRecord?: string | null
  /** Where unfinished writes are noted. Default: {@link stateFolder}; null for nowhere. */
  journal?: string | null
  /** Bytes that all open photos may take. */
  photoBytes?: number
  openModel?: OpenModel
  /** The library's folder. Default: {@link defaultLibraryFolder}. */
  libraryFolder?: string
}

export interface Engine {
  handlers: EngineHandlers
  denoisers: Denoisers
  library: Library
  training: Training
  /** Open latent spaces, for the command line. */
  spaces: LazySpaces['spaces']
  /** Goes on with runs that were being trained when an engine died. For the program's own engine, not for a command. */
  started(emit: Emit): Promise<void>
  /** Ends jobs, runs (they go on at the next start), models and the codec's thread. */
  close(emit?: Emit): Promise<void>
}

/** The nearest folder `resources` above this file: it lies beside `src` in the project and beside `out` once built. */
export function findResources(start = __dirname): string {
  const given = process.env['DARKROOM_RESOURCES']
  if (given) return given
  for (let folder = start; ; folder = dirname(folder)) {
    const resources = join(folder, 'resources')
    if (existsSync(resources) || folder === dirname(folder)) return resources
  }
}

/** What the program remembers between two starts without being asked to: `$XDG_STATE_HOME/latent-darkroom` or its like. */
export function stateFolder(): string {
  const { env, platform } = process
  const home = homedir()
  const base =
    platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : (env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'))
  return join(base, 'latent-darkroom')
}

/** Makes an engine: what the window's engine process and the command line both are. */
export function createEngine(options: EngineOptions = {}): Engine {
  const journal = options.journal === undefined ? join(stateFolder(), 'writes') : options.journal
  useJournal(journal)
  if (journal !== null) void sweepJournal(journal)
  const photos = new Photos(options.photoBytes)
  const resources = options.resources ?? findResources()
  const library = new Library({
    folder: options.libraryFolder ?? defaultLibraryFolder(),
    bundled: bundledFolder(resources),
  })
  const denoisers = new Denoisers({
    folder: resources,
    library,
    ...(options.modelFiles ? { files: options.modelFiles } : {}),
    ...(options.openModel ? { open: options.openModel } : {}),
  })
  const jobs = new Jobs(denoisers)
  const training = trainingOf(library, resources)
  const works = new Works()
  const spaces = spacesOf(library, works)
  const photoRequests = {
    ...photoHandlers(photos, denoisers, jobs),
    'job.cancel': async ({ job }: { job: string }) => {
      if (!(await works.cancel(job))) await jobs.cancel(job)
      return null
    },
  }
  const batches = batchesOf({
    handlers: photoRequests,
    checkModel: (model) => denoisers.check(model),
    recordPath: options.batchRecord ?? process.env['DARKROOM_BATCH'] ?? null,
  })
  const handlers: EngineHandlers = {
    ...photoRequests,
    ...batches.handlers,
    ...training.handlers,
    ...spaces.handlers,
    ...labHandlers({ photos, jobs, works, denoisers, spaces: () => spaces.spaces() }),
    ...libraryHandlers(library, {
      pause: (item, emit) => training.pause(item, emit),
      live: (item) => training.live(item),
      exportSavedModel: async (file, part, folder) => {
        const { exportRun } = await import('./runs/trainedModel')
        exportRun(file, part, folder)
      },
    }),
  }
  const close = async (emit: Emit = () => undefined): Promise<void> => {
    await batches.close()
    await works.close()
    await spaces.close()
    await training.close(emit)
    await jobs.close()
    await denoisers.close()
    await closeCodecs()
  }
  const started = (emit: Emit): Promise<void> => training.resumeInterrupted(emit)
  return { handlers, denoisers, library, training, spaces: () => spaces.spaces(), started, close }
}

function photoHandlers(
  photos: Photos,
  denoisers: Denoisers,
  jobs: Jobs,
): Omit<
  EngineHandlers,
  TrainingRequest | LibraryRequest | SpaceRequest | LabRequest | BatchRequest | 'job.cancel'
> {
  return {
    'engine.info': engineInfo,
    'models.list': async () => (await denoisers.list()).models.map(({ info }) => info),
    'photo.open': ({ source, page }) => photos.open(source, page),
    'photo.close': async ({ photo }) => {
      await jobs.cancelFor(photos.get(photo))
      photos.close(photo)
      return null
    },
    'photo.view': async ({ photo, picture, region, width, height }) => ({
      width,
      height,
      pixels: await viewOf(photos.get(photo), picture, region, width, height),
    }),
    'photo.pixel': async ({ photo, x, y, look }) => pixelOf(photos.get(photo), x, y, look),
    'photo.addNoise': async ({ photo, noise, seed }) => {
      const open = photos.get(photo)
      photos.reserve(open.noisy ? 0 : bytesOf(open.original), open.info.name)
      const noisy = await corrupt(open.original, noise, seed)
      await jobs.cancelFor(open)
      open.setNoisy(noisy)
      return null
    },
    'photo.removeNoise': async ({ photo }) => {
      const open = photos.get(photo)
      await jobs.cancelFor(open)
      open.setNoisy(null)
      return null
    },
    'photo.noiseLevel': ({ photo }) => inTurn(() => photos.get(photo).noiseLevel()),
    'photo.denoise': async ({ photo, ...wanted }, emit) => {
      const open = photos.get(photo)
      photos.reserve(open.denoised ? 0 : open.resultBytes, open.info.name)
      return { job: await jobs.start(open, wanted, emit) }
    },
    'photo.score': async ({ photo, ...wanted }, emit) => ({
      job: await jobs.score(photos.get(photo), wanted, emit),
    }),
    'photo.quality': async ({ photo, look }) => qualitiesOf(photos.get(photo), look),
    'photo.export': async ({ photo, ...options }) =>
      exportPhoto(photos, photos.get(photo), options),
    'photo.exportPages': async ({ photos: pages, ...options }) =>
      exportPages(
        photos,
        pages.map((photo) => photos.get(photo)),
        options,
      ),
  }
}

/** Plain calculations as promises, so that what they throw is a rejection like everything else. */
const inTurn = <T>(calculate: () => T | Promise<T>): Promise<T> => Promise.resolve().then(calculate)

const engineInfo: EngineHandlers['engine.info'] = async () => {
  const { tensorflowVersion } = await import('./runtime/tensorflow')
  const { threads } = await import('./runtime/environment')
  const { inferencePrecision } = await import('./runtime/precision')
  const precision = inferencePrecision(tensorflowVersion)
  return { tensorflow: tensorflowVersion, threads, precision }
}
