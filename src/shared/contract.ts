/**
 * The contract: every request and every event of the program, once. The handlers in main and in the
 * engine, the bridge in the window and the command line all take their types from here, so a missing
 * handler or a wrong argument does not compile, and 'find references' goes from screen to handler.
 *
 * Two tables, because paths are not for the window: `engineRequests` speak of paths,
 * `windowRequests` of handles that main issued from a dialog or a drop. Most are the same in both.
 */
import { z } from 'zod'
import {
  denoiseReport,
  errorData,
  exportBits,
  exportFormat,
  layer,
  look,
  modelInfo,
  noise,
  givenLevel,
  noiseLevel,
  photoInfo,
  quality,
  region,
  selfScore,
  settings,
} from './types'
import {
  curvePoint,
  dataCard,
  dataSource,
  epochRecord,
  forecast,
  history,
  libraryItem,
  preview,
  pictures,
  recipe,
  runConfig,
  runProgress,
  stepView,
} from './training'

import {
  caseImages,
  caseScores,
  dataPart,
  gallery,
  galleryExport,
  galleryPictures,
  latentFacts,
  latentMap,
  mapImages,
  mapRequest,
  measureReport,
  measureRequest,
  measureSummary,
  posteriors,
  provenance,
  walkMode,
  workPhase,
} from './latent'
import { labPicture, labRequest, labRun } from './lab'
import { batch, batchProgress, batchRow, batchWish } from './batch'

const request = <Args extends z.ZodType, Result extends z.ZodType>(args: Args, result: Result) => ({
  args,
  result,
})
const nothing = z.strictObject({})
const done = z.null()
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array)
const integers = z.custom<Int32Array>((value) => value instanceof Int32Array)
const job = z.string()
const started = z.strictObject({ job })
const report = z.string()
/** Null means estimate. */
const denoisingLevel = givenLevel.nullable()
const photo = z.string()
const item = z.string()
const runName = z.string().trim().min(1).max(80)
const libraryListing = z.strictObject({
  items: z.array(libraryItem),
  setAside: z.array(z.strictObject({ file: z.string(), error: errorData })),
  bytes: z.number(),
})
/** `model`: our own file with its best weights; the others are TensorFlow SavedModels, folders. */
export const modelExport = z.enum([
  'model',
  'run',
  'savedmodel',
  'savedmodel-encoder',
  'savedmodel-decoder',
])
export type ModelExport = z.infer<typeof modelExport>

/** How much a difference is enlarged. */
const differenceGain = z.number().min(1).max(64)

/** What a view shows: one layer, or how two of them differ (|a − b| · gain). `look` is that of the layer `denoised`. */
export const picture = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('layer'), layer, look }),
  z.strictObject({
    kind: z.literal('difference'),
    between: z.tuple([layer, layer]),
    gain: differenceGain,
    look,
  }),
])
export type Picture = z.infer<typeof picture>

/** Which page of a file is opened, from 1; the first where nothing is said. */
const page = z.int().min(1).optional()

const exportOptions = {
  photo,
  layer,
  look,
  format: exportFormat,
  bits: exportBits,
  quality: z.int().min(1).max(100),
  keepMetadata: z.boolean(),
}
const pagesOptions = { layer, look, bits: exportBits, keepMetadata: z.boolean() }
const written = z.strictObject({ name: z.string(), bytes: z.int() })

/** What is exported to one file, or for `frames` to a folder. */
const targetKind = z.enum(['png', 'frames', 'npy', 'csv', 'html', 'json'])
export type TargetKind = z.infer<typeof targetKind>

/** A folder of images to train on, of photos to denoise, or for the results of a batch. */
const folderUse = z.enum(['data', 'photos', 'results'])
export type FolderUse = z.infer<typeof folderUse>

/** Requests that the engine answers and the window may make just as they are. */
export const sharedRequests = {
  'engine.info': request(
    nothing,
    z.strictObject({ tensorflow: z.string(), threads: z.int(), precision: z.string() }),
  ),
  'models.list': request(nothing, z.array(modelInfo)),
  'photo.close': request(z.strictObject({ photo }), done),
  /** RGBA8 of the region, resampled to width × height: area average when smaller, bilinear up to 200 %, nearest above. */
  'photo.view': request(
    z.strictObject({
      photo,
      picture,
      region,
      width: z.int().min(1).max(4096),
      height: z.int().min(1).max(4096),
    }),
    z.strictObject({ width: z.int(), height: z.int(), pixels: bytes }),
  ),
  /** The values of one pixel in every layer there is, in the file's own depth. */
  'photo.pixel': request(
    z.strictObject({ photo, x: z.int().min(0), y: z.int().min(0), look }),
    z.strictObject({
      original: z.array(z.number()),
      noisy: z.array(z.number()).nullable(),
      denoised: z.array(z.number()).nullable(),
    }),
  ),
  /** Makes the layer `noisy` from `original`: clipped and rounded to the file's depth, as a file would hold it. */
  'photo.addNoise': request(z.strictObject({ photo, noise, seed: z.int().min(0) }), done),
  'photo.removeNoise': request(z.strictObject({ photo }), done),
  /** The noise level of what the denoiser would read (`noisy` if there is one, else `original`). */
  'photo.noiseLevel': request(z.strictObject({ photo }), noiseLevel),
  /**
   * Starts a job that makes the layer `denoised`; a job already running for this photo is cancelled first.
   * `sigma` null means estimate. A draft of `visible` comes first, then exact tiles, those in `visible` before the others.
   */
  'photo.denoise': request(
    z.strictObject({
      photo,
      model: z.string(),
      sigma: denoisingLevel,
      visible: region.nullable(),
    }),
    z.strictObject({ job: z.string() }),
  ),
  /**
   * Starts a job that scores a model at a level without a clean original; one that runs for this photo is cancelled
   * first. It fails with `score-invalid` where noise is correlated between pixels, as that of most camera files is.
   */
  'photo.score': request(
    z.strictObject({ photo, model: z.string(), sigma: denoisingLevel }),
    z.strictObject({ job: z.string() }),
  ),
  /** Against the clean original, when noise was added here; otherwise null. */
  'photo.quality': request(
    z.strictObject({ photo, look }),
    z.strictObject({ noisy: quality, denoised: quality.nullable() }).nullable(),
  ),
  /** Returns once the job has ended; ending one that has ended already is no error. */
  'job.cancel': request(z.strictObject({ job: z.string() }), done),

  'recipes.list': request(nothing, z.array(recipe)),
  /** What a data set holds, and some of its images to look at. Reads (and caches) it first, which may take a while. */
  'data.describe': request(
    z.strictObject({ source: dataSource }),
    z.strictObject({ card: dataCard, samples: pictures }),
  ),
  /** The least squared error per pixel that a linear code of so many numbers reaches on the data's validation images. */
  'data.principalError': request(
    z.strictObject({ config: runConfig, sizes: z.array(z.int().min(1)).max(20) }),
    z.array(z.strictObject({ size: z.int(), mse: z.number() })),
  ),
  'train.forecast': request(z.strictObject({ config: runConfig }), forecast),
  /** Adds a run to the library and starts it, or queues it behind the one that runs. A taken name gets a number. */
  'train.start': request(
    z.strictObject({ config: runConfig, name: runName, group: z.string().nullable() }),
    libraryItem,
  ),
  /** Returns once the checkpoint is written. Pausing what does not run is no error. */
  'train.pause': request(z.strictObject({ item }), done),
  'train.resume': request(z.strictObject({ item }), done),
  /** Ends the run where it is: its best model stays, and it can be resumed. */
  'train.stop': request(z.strictObject({ item }), done),
  /** The next step of a run (or the first of a configuration), seen without being made. */
  'train.view': request(
    z.strictObject({
      of: z.union([z.strictObject({ item }), z.strictObject({ config: runConfig })]),
    }),
    stepView,
  ),
  /** The configuration as a short Python program (Keras) that trains the same model. */
  'train.python': request(z.strictObject({ config: runConfig }), z.string()),

  /** All items, the newest first; files that cannot be used are set aside and named. */
  'library.list': request(nothing, libraryListing),
  'library.history': request(z.strictObject({ item }), history),
  /** Null before the first epoch's end. */
  'library.preview': request(z.strictObject({ item }), preview.nullable()),
  'library.rename': request(z.strictObject({ item, name: runName }), libraryItem),
  /** A copy under a new name, with its weights. */
  'library.duplicate': request(z.strictObject({ item }), libraryItem),
  /** Into the library's own trash, from where `library.restore` brings it back. A running one is paused first. */
  'library.trash': request(z.strictObject({ item }), done),
  'library.restore': request(z.strictObject({ item }), libraryItem),
  /** What lies in the trash. */
  'library.trashed': request(nothing, z.array(libraryItem)),

  /** Opens a model's latent space; encodes (some of) its data the first time. */
  'latent.facts': request(z.strictObject({ item }), latentFacts),
  /**
   * What it takes to make the first of a kind, reading and encoding data and fitting the mixture, may take seconds:
   * under the name `job` it is told of by `work.progress` and ended by `job.cancel`, which fails it with `cancelled`.
   */
  'latent.gallery': request(
    z.strictObject({ item, gallery, job: z.string().nullable() }),
    galleryPictures,
  ),
  /** Codes [n, latent] to pictures: a point of the map, a latent's slider. */
  'latent.decode': request(z.strictObject({ item, codes: floats }), pictures),
  /** The picture at a share of the way between two codes, for the scrubber. */
  'latent.between': request(
    z.strictObject({
      item,
      from: floats,
      to: floats,
      share: z.number().min(0).max(1),
      mode: walkMode,
    }),
    z.strictObject({ picture: pictures, code: floats }),
  ),
  /** Every image's label, in the images' order: a place in `LatentFacts.data.labels`. Null where there are none. */
  'latent.labels': request(
    z.strictObject({ item, part: dataPart }),
    z.strictObject({ labels: integers.nullable() }),
  ),
  'latent.posteriors': request(
    z.strictObject({ item, count: z.int().min(1).max(2000) }),
    posteriors,
  ),

  /** Work that takes long: `work.finished` tells of its end; `job.cancel` ends it. */
  'map.start': request(z.strictObject({ map: mapRequest }), started),
  /** The map that a finished job made; maps of the last few jobs are kept. */
  'map.read': request(z.strictObject({ job }), latentMap),
  'map.images': request(
    z.strictObject({ item, part: dataPart, indices: z.array(z.int().min(0)).min(1).max(256) }),
    mapImages,
  ),
  /** The images whose codes are nearest to a code (Euclidean), nearest first. */
  'map.neighbours': request(
    z.strictObject({ item, part: dataPart, code: floats, count: z.int().min(1).max(100) }),
    z.strictObject({ indices: z.array(z.int()), distances: z.array(z.number()) }),
  ),
  /** The code and the picture of a place of a map ([−1, 1] on both axes); only where the map is decodable. */
  'map.decode': request(
    z.strictObject({ job, x: z.number(), y: z.number() }),
    z.strictObject({ picture: pictures, code: floats }),
  ),
  /**
   * Where a code lies on a map, and its picture. On a map whose places are calculated from codes (or, for the pixels'
   * components, from decoded pictures) that is its own place; otherwise that of the image with the nearest code, whose
   * index `nearest` is.
   */
  'map.locate': request(
    z.strictObject({ job, code: floats }),
    z.strictObject({
      x: z.number(),
      y: z.number(),
      picture: pictures,
      nearest: z.int().nullable(),
    }),
  ),

  /** Starts a comparison of methods; `lab.changed` tells how far it is, `work.finished` of its end. */
  'lab.start': request(z.strictObject(labRequest), started),
  /** The compared part of a picture as RGBA8; with a gain |noisy − picture| · gain. The last runs keep their pictures. */
  'lab.picture': request(
    z.strictObject({ job, of: labPicture, gain: differenceGain.nullable() }),
    z.strictObject({ width: z.int(), height: z.int(), pixels: bytes }),
  ),

  /** The batch that goes on, was interrupted, or was the last; null where there is none. */
  'batch.read': request(nothing, batch.nullable()),
  /** Returns once nothing is worked on; the photo that was is begun anew. Pausing what does not run is no error. */
  'batch.pause': request(nothing, done),
  'batch.resume': request(nothing, done),
  /** Ends the batch, within a tile. What is done stays. */
  'batch.cancel': request(nothing, done),

  'measure.start': request(z.strictObject({ measure: measureRequest }), started),
  'measure.list': request(nothing, z.array(measureSummary)),
  'measure.read': request(z.strictObject({ report }), measureReport),
  'measure.delete': request(z.strictObject({ report }), done),
  'measure.scores': request(z.strictObject({ report, case: z.int().min(0) }), caseScores),
  'measure.images': request(
    z.strictObject({
      report,
      case: z.int().min(0),
      indices: z.array(z.int().min(0)).min(1).max(128),
    }),
    caseImages,
  ),
}

const labExport = {
  job,
  /** What is shown enlarged, in pixels of the compared part; null for its middle. */
  detail: region.nullable(),
  gain: differenceGain,
}

export const engineRequests = {
  ...sharedRequests,
  'photo.open': request(
    z.strictObject({
      source: z.union([
        z.strictObject({ path: z.string() }),
        z.strictObject({ bytes, name: z.string() }),
      ]),
      page,
    }),
    photoInfo,
  ),
  'photo.export': request(z.strictObject({ ...exportOptions, path: z.string() }), written),
  /** Several open photos as the pages of one TIFF, in that order. */
  'photo.exportPages': request(
    z.strictObject({ ...pagesOptions, photos: z.array(photo).min(1), path: z.string() }),
    written,
  ),
  /** Writes an item to a file or, as a SavedModel, to a folder. */
  'library.export': request(z.strictObject({ item, as: modelExport, path: z.string() }), written),
  'library.import': request(z.strictObject({ path: z.string() }), libraryItem),
  'latent.export': request(
    z.strictObject({ item, gallery, as: galleryExport, path: z.string() }),
    written,
  ),
  /** One picture of a gallery, as an export as frames writes it. */
  'latent.exportPicture': request(
    z.strictObject({ item, gallery, place: z.int().min(0), path: z.string() }),
    written,
  ),
  /** How an exported picture was made, and the library's model with that hash, if it has one. */
  'latent.provenance': request(
    z.strictObject({ path: z.string() }),
    z.strictObject({ provenance, item: item.nullable() }),
  ),
  /** The codes of a data set, with labels where there are some. */
  'latent.exportCodes': request(
    z.strictObject({ item, part: dataPart, format: z.enum(['npy', 'csv']), path: z.string() }),
    written,
  ),
  /** One HTML file that needs nothing else, in the language that is in force where it is asked for. */
  'measure.export': request(
    z.strictObject({ report, path: z.string(), language: z.enum(['en', 'zh-Hans']) }),
    written,
  ),
  'lab.export': request(
    z.strictObject({ ...labExport, path: z.string(), language: z.enum(['en', 'zh-Hans']) }),
    written,
  ),
  /** What a batch of these files and folders would work on. */
  'batch.find': request(z.strictObject({ paths: z.array(z.string()) }), z.array(batchRow)),
  /** Starts a batch: files, and the images in folders, to results below a folder. One goes on at a time. */
  'batch.start': request(
    z.strictObject({ paths: z.array(z.string()).min(1), folder: z.string(), wish: batchWish }),
    batch,
  ),
  /** The file of a row, and that of its result. */
  'batch.paths': request(
    z.strictObject({ row: z.int().min(0) }),
    z.strictObject({ source: z.string(), result: z.string().nullable() }),
  ),
  /** Writes what became of each input as JSON, as `denoise --report` does. */
  'batch.report': request(z.strictObject({ path: z.string() }), written),
  /** Takes items out of the trash for good; main has moved their files to the system's trash, or deletes them. */
  'library.emptyTrash': request(nothing, z.strictObject({ files: z.array(z.string()) })),
  /** Writes checkpoints of all that runs, as paused or as still running, and returns once they are on disk. */
  'train.suspend': request(z.strictObject({ as: z.enum(['paused', 'running']) }), done),
}

/** A file that main knows and the window may speak of: an opaque handle and the name to show. */
export const fileHandle = z.strictObject({ file: z.string(), name: z.string() })
export type FileHandle = z.infer<typeof fileHandle>

export const windowRequests = {
  ...sharedRequests,
  'photo.open': request(
    z.strictObject({
      source: z.union([
        z.strictObject({ file: z.string() }),
        z.strictObject({ bytes, name: z.string() }),
      ]),
      page,
    }),
    photoInfo,
  ),
  'photo.export': request(z.strictObject({ ...exportOptions, file: z.string() }), written),
  'library.export': request(z.strictObject({ item, as: modelExport, file: z.string() }), written),
  'library.import': request(z.strictObject({ file: z.string() }), libraryItem),
  'latent.export': request(
    z.strictObject({ item, gallery, as: galleryExport, file: z.string() }),
    written,
  ),
  'latent.exportPicture': request(
    z.strictObject({ item, gallery, place: z.int().min(0), file: z.string() }),
    written,
  ),
  'latent.provenance': request(
    z.strictObject({ file: z.string() }),
    z.strictObject({ provenance, item: item.nullable() }),
  ),
  'latent.exportCodes': request(
    z.strictObject({ item, part: dataPart, format: z.enum(['npy', 'csv']), file: z.string() }),
    written,
  ),
  'measure.export': request(z.strictObject({ report, file: z.string() }), written),
  'lab.export': request(z.strictObject({ ...labExport, file: z.string() }), written),
  'batch.find': request(z.strictObject({ files: z.array(z.string()) }), z.array(batchRow)),
  'batch.start': request(
    z.strictObject({ files: z.array(z.string()).min(1), folder: z.string(), wish: batchWish }),
    batch,
  ),
  /** The file of a row, to be opened. */
  'batch.source': request(z.strictObject({ row: z.int().min(0) }), fileHandle),
  /** Shows the result of a row in its folder. */
  'batch.reveal': request(z.strictObject({ row: z.int().min(0) }), done),
  'batch.report': request(z.strictObject({ file: z.string() }), written),
  /** Moves the trash's files to the system's trash. */
  'library.emptyTrash': request(nothing, done),
  'app.info': request(
    nothing,
    z.strictObject({
      version: z.string(),
      electron: z.string(),
      electronSupported: z.boolean(),
      chromium: z.string(),
      platform: z.string(),
      /** The language in force: the setting, or the system's. */
      language: z.enum(['en', 'zh-Hans']),
    }),
  ),
  'app.diagnostics': request(nothing, z.string()),
  'settings.read': request(nothing, settings),
  'settings.change': request(settings.partial(), settings),
  /** The page asks this once it listens; events that had to wait for it (`files.opened`) follow. */
  'engine.state': request(
    nothing,
    z.lazy(() => engineState),
  ),
  'files.chooseImages': request(nothing, z.array(fileHandle)),
  'files.sample': request(nothing, fileHandle),
  'files.chooseExport': request(
    z.strictObject({ suggestedName: z.string(), format: exportFormat }),
    fileHandle.nullable(),
  ),
  'files.chooseFolder': request(z.strictObject({ use: folderUse }), fileHandle.nullable()),
  /** idx files, or models to import. */
  'files.chooseFile': request(
    z.strictObject({ kind: z.enum(['idx', 'model']) }),
    fileHandle.nullable(),
  ),
  'files.chooseModelExport': request(
    z.strictObject({ suggestedName: z.string(), as: modelExport }),
    fileHandle.nullable(),
  ),
  /** Where an exported gallery, map, list of codes or report goes; `frames` asks for a folder. */
  'files.chooseTarget': request(
    z.strictObject({
      suggestedName: z.string(),
      kind: targetKind,
    }),
    fileHandle.nullable(),
  ),
  'files.reveal': request(z.strictObject({ file: z.string() }), done),
  /** Only the preload may ask this, for a `File` that was dropped or chosen; the transport refuses it to the page. */
  'files.adopt': request(z.strictObject({ path: z.string() }), fileHandle),
}

/** `starting` until the handshake; `restarting` after a death; `failed` when it gave up (`error` says why). */
const engineState = z.strictObject({
  state: z.enum(['starting', 'ready', 'restarting', 'failed']),
  error: errorData.nullable(),
})
export type EngineState = z.infer<typeof engineState>

export const engineEvents = {
  /** At most twenty a second. `share` is 0–1 of the exact work; `region` is what `denoised` newly shows. */
  'job.progress': z.strictObject({
    job: z.string(),
    photo,
    phase: z.enum(['estimate', 'draft', 'exact', 'score']),
    share: z.number(),
    secondsLeft: z.number().nullable(),
    region: region.nullable(),
  }),
  'job.finished': z.strictObject({
    job: z.string(),
    photo,
    outcome: z.discriminatedUnion('state', [
      z.strictObject({ state: z.literal('done'), report: denoiseReport }),
      z.strictObject({ state: z.literal('scored'), score: selfScore }),
      z.strictObject({ state: z.literal('cancelled') }),
      z.strictObject({ state: z.literal('failed'), error: errorData }),
    ]),
  }),
  /** At most twenty a second; `points` are all that came since the last one. */
  'train.progress': z.strictObject({
    item,
    progress: runProgress,
    points: z.array(curvePoint),
    imagesPerSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
    /** What the run is doing: reading data, compiling the step, training, measuring, comparing its model, writing. */
    phase: z.enum(['data', 'compile', 'train', 'validate', 'compare', 'save']),
  }),
  'train.epoch': z.strictObject({ item, record: epochRecord }),
  /** A new preview can be asked for. */
  'train.preview': z.strictObject({ item, epoch: z.int() }),
  /** A method of the Lab has ended, or its input was judged. */
  'lab.changed': labRun,
  /** At most twenty a second; `rows` are those that changed since the last one. */
  'batch.changed': batchProgress.extend({
    rows: z.array(z.strictObject({ index: z.int(), row: batchRow })),
  }),
  /** At most twenty a second, from maps, measurements and the Lab. */
  'work.progress': z.strictObject({
    job,
    phase: workPhase,
    share: z.number(),
    secondsLeft: z.number().nullable(),
    /** What the phase is about, where there are several: the label of a case, a number of labels. */
    detail: z.string().nullable(),
  }),
  'work.finished': z.strictObject({
    job,
    outcome: z.discriminatedUnion('state', [
      /** `report` is the kept report of a measurement. */
      z.strictObject({ state: z.literal('done'), report: report.nullable() }),
      z.strictObject({ state: z.literal('cancelled') }),
      z.strictObject({ state: z.literal('failed'), error: errorData }),
    ]),
  }),
  /** A run began, paused, ended or failed; other changes of the library as well (`item` null: ask for the list). */
  'library.changed': z.strictObject({ item: libraryItem.nullable() }),
}

export const commands = ['open', 'export', 'paste', 'undo', 'redo', 'settings', 'about'] as const

export const windowEvents = {
  ...engineEvents,
  'engine.state': engineState,
  'settings.changed': settings,
  /** A choice in the application's menu. */
  command: z.strictObject({ command: z.enum(commands) }),
  /** Files given by the system: on the command line, by a second start, by 'open with'. */
  'files.opened': z.array(fileHandle),
}

type Table = Record<string, { args: z.ZodType; result: z.ZodType }>
export type ArgsOf<T extends Table, Name extends keyof T> = z.infer<T[Name]['args']>
export type ResultOf<T extends Table, Name extends keyof T> = z.infer<T[Name]['result']>

export type EngineRequests = typeof engineRequests
export type EngineRequest = keyof EngineRequests
export type WindowRequests = typeof windowRequests
export type WindowRequest = keyof WindowRequests

export type EngineEvents = {
  [Name in keyof typeof engineEvents]: z.infer<(typeof engineEvents)[Name]>
}
export type WindowEvents = {
  [Name in keyof typeof windowEvents]: z.infer<(typeof windowEvents)[Name]>
}

/** The reporting side of a long job: events by name, with their typed payload. */
export type Emit = <Name extends keyof EngineEvents>(
  name: Name,
  payload: EngineEvents[Name],
) => void

/** The engine's handlers: one function a request. */
export type EngineHandlers = {
  [Name in EngineRequest]: (
    args: ArgsOf<EngineRequests, Name>,
    emit: Emit,
  ) => Promise<ResultOf<EngineRequests, Name>>
}

/** How a reply crosses a boundary: thrown errors would lose their fields on the way. */
export type Reply<Result> =
  { ok: true; result: Result } | { ok: false; error: z.infer<typeof errorData> }
