/** One file of a batch through the engine's own requests, as the window makes them for a photo. */
import type { Emit, EngineEvents, EngineHandlers } from '../../../shared/contract'
import { DarkroomError, errorFromData } from '../../../shared/errors'
import { depthFor } from '../../../shared/exportFormats'
import type {
  DenoiseReport,
  ExportBits,
  GivenLevel,
  Layer,
  Look,
  PhotoInfo,
  SelfScore,
} from '../../../shared/types'
import { withPath } from './failures'
import type { Target } from './targets'

/** What is asked of the engine. */
export type PhotoHandlers = Pick<
  EngineHandlers,
  | 'photo.open'
  | 'photo.close'
  | 'photo.denoise'
  | 'photo.score'
  | 'photo.export'
  | 'photo.exportPages'
  | 'job.cancel'
>

type Progress = EngineEvents['job.progress']
type Finished = EngineEvents['job.finished']
type Ended = Exclude<Finished['outcome'], { state: 'cancelled' | 'failed' }>

/** For requests that report nothing. */
const silent: Emit = () => undefined

/** How a file is written. */
export interface FileOptions {
  /** Null keeps the depth of the source. */
  bits: ExportBits | null
  quality: number
  keepMetadata: boolean
}

export interface Exported {
  layer: Layer
  look: Look
  files: FileOptions
}

/** What was made of a file: what `work` gave for each of its pages, and the file that was written. */
export interface Processed<Result> {
  results: Result[]
  pages: PhotoInfo[]
  out: string
  bytes: number
  bits: ExportBits
}

/**
 * Opens a file's pages (one, of most files), does something with each in turn, exports them to one file, and closes
 * them, whatever happens.
 * @param page null for all
 * @throws DarkroomError `pages-need-tiff` for several pages and a target of another format
 */
export async function processFile<Result>(
  handlers: PhotoHandlers,
  { path, page, target }: { path: string; page: number | null; target: Target },
  exported: Exported,
  work: (info: PhotoInfo) => Promise<Result>,
): Promise<Processed<Result>> {
  const pages: PhotoInfo[] = []
  const open = async (number: number): Promise<PhotoInfo> => {
    const info = await handlers['photo.open']({ source: { path }, page: number }, silent)
    pages.push(info)
    return info
  }
  try {
    const first = await open(page ?? 1)
    const last = page ?? first.pages
    if (page === null && last > 1 && target.format !== 'tiff') {
      throw new DarkroomError('pages-need-tiff', `${path} has ${last} pages`, {
        file: path,
        pages: last,
      })
    }
    const results = [await work(first)]
    for (let number = first.page + 1; number <= last; number++) {
      results.push(await work(await open(number)))
    }
    const written = await exportLayers(handlers, pages, exported, target)
    return { results, pages, out: target.path, ...written }
  } finally {
    for (const { photo } of pages) await handlers['photo.close']({ photo }, silent)
  }
}

/** Exports a layer of one photo, or of several as pages of a TIFF, in the depth of the source unless told otherwise. */
async function exportLayers(
  handlers: PhotoHandlers,
  pages: readonly PhotoInfo[],
  { layer, look, files }: Exported,
  { path, format }: Target,
): Promise<{ bytes: number; bits: ExportBits }> {
  const { quality, keepMetadata } = files
  const deepest = Math.max(...pages.map((info) => depthFor(format, info))) as ExportBits
  const bits = files.bits ?? deepest
  const options = { layer, look, bits, keepMetadata, path }
  const photos = pages.map(({ photo }) => photo)
  const [photo = ''] = photos
  try {
    const { bytes } =
      photos.length > 1
        ? await handlers['photo.exportPages']({ photos, ...options }, silent)
        : await handlers['photo.export']({ photo, format, quality, ...options }, silent)
    return { bytes, bits }
  } catch (error) {
    throw errorFromData(withPath(error, [path])) // of two files that it may be about, the target
  }
}

interface Asked {
  model: string
  sigma: GivenLevel | null
}

/** What hears of a job and may end it. */
export interface Follower {
  signal: AbortSignal
  progress: (progress: Progress) => void
}

/** Denoises an open photo and waits for it. @throws DarkroomError what it failed with, or `cancelled` */
export async function denoisePhoto(
  handlers: PhotoHandlers,
  { photo }: PhotoInfo,
  asked: Asked,
  follower: Follower,
): Promise<DenoiseReport> {
  const outcome = await follow(handlers, follower, (emit) =>
    handlers['photo.denoise']({ photo, ...asked, visible: null }, emit),
  )
  if (outcome.state === 'done') return outcome.report
  throw new Error('Expected a report')
}

/**
 * Scores what was denoised, without a clean original.
 * @throws DarkroomError `score-invalid`; as {@link denoisePhoto}
 */
export async function scorePhoto(
  handlers: PhotoHandlers,
  { photo }: PhotoInfo,
  asked: Asked,
  follower: Follower,
): Promise<SelfScore> {
  const outcome = await follow(handlers, follower, (emit) =>
    handlers['photo.score']({ photo, ...asked }, emit),
  )
  if (outcome.state === 'scored') return outcome.score
  throw new Error('Expected a score')
}

/** Starts a job and waits for its end. */
async function follow(
  handlers: PhotoHandlers,
  { signal, progress }: Follower,
  start: (emit: Emit) => Promise<{ job: string }>,
): Promise<Ended> {
  let settle: (outcome: Ended) => void
  let fail: (error: Error) => void
  const finished = new Promise<Ended>((resolve, reject) => ([settle, fail] = [resolve, reject]))
  const emit = ((_name: string, payload: Progress | Finished) => {
    if ('share' in payload) return progress(payload)
    const { outcome } = payload
    if (outcome.state === 'failed') fail(errorFromData(outcome.error))
    else if (outcome.state === 'cancelled') fail(new DarkroomError('cancelled', 'cancelled'))
    else settle(outcome)
  }) as Emit
  const { job } = await start(emit)
  const stop = (): void => void handlers['job.cancel']({ job }, silent)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await finished
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
