/** One photo through the engine's own requests, as the window makes them. */
import type { Emit, EngineEvents } from '../shared/contract'
import { DarkroomError, errorFromData } from '../shared/errors'
import { depthFor, exportFormats } from '../shared/exportFormats'
import { m } from '../shared/messages/compiled/messages'
import {
  defaultLook,
  type DenoiseReport,
  type ExportBits,
  type Layer,
  type Look,
  type PhotoInfo,
  type SelfScore,
} from '../shared/types'
import type { Engine } from '../main/engine/handlers'
import { numberOf, oneOf, usage } from './arguments'
import type { Context } from './context'
import { withPath } from './failures'
import type { Target } from './targets'

type Progress = EngineEvents['job.progress']
type Finished = EngineEvents['job.finished']

/** For requests that report nothing. */
const silent: Emit = () => undefined

/** Opens a photo, does something with it, and closes it, whatever happens. */
export async function withPhoto<Result>(
  { handlers }: Engine,
  path: string,
  work: (info: PhotoInfo) => Promise<Result>,
): Promise<Result> {
  const info = await handlers['photo.open']({ source: { path }, page: 1 }, silent)
  try {
    return await work(info)
  } finally {
    await handlers['photo.close']({ photo: info.photo }, silent)
  }
}

/**
 * Opens a file's pages (one, of most files), does something with each in turn, exports them to one file, and closes
 * them, whatever happens. A depth or pages that the file written does not keep are told or refused, never just lost.
 * @returns what `work` gave for each page, and the size of the file
 * @throws DarkroomError `pages-need-tiff` for several pages and a target of another format
 */
export async function processFile<Result>(
  engine: Engine,
  { path, page, target }: { path: string; page: number | null; target: Target },
  exported: { layer: Layer; look: Look; files: FileOptions },
  work: (info: PhotoInfo) => Promise<Result>,
  { terminal }: Context,
): Promise<{ results: Result[]; pages: PhotoInfo[]; out: string; bytes: number }> {
  const { handlers } = engine
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
    const { bytes, bits } = await exportLayers(engine, pages, exported, target)
    if (exported.files.bits === null && bits < first.fileBits) {
      const words = { out: target.path, bits, fileBits: first.fileBits }
      terminal.error(m.cli_depth_lowered(words))
    } else if (bits === 32) terminal.error(m.cli_depth_working({ out: target.path }))
    return { results, pages, out: target.path, bytes }
  } finally {
    for (const { photo } of pages) await handlers['photo.close']({ photo }, silent)
  }
}

/** A file's path, and of several pages which one, for people to read. */
export const pagePath = (path: string, { page, pages }: PhotoInfo): string =>
  pages > 1 ? `${path} [${page}/${pages}]` : path

type Ended = Exclude<Finished['outcome'], { state: 'cancelled' | 'failed' }>

/** Starts a job, shows how far it is, and waits for its end. @throws DarkroomError what it failed with, or `cancelled` */
async function follow(
  { handlers }: Engine,
  name: string,
  { terminal, signal }: Context,
  start: (emit: Emit) => Promise<{ job: string }>,
): Promise<Ended> {
  let settle: (outcome: Ended) => void
  let fail: (error: Error) => void
  const finished = new Promise<Ended>((resolve, reject) => ([settle, fail] = [resolve, reject]))
  const emit = ((_name: string, payload: Progress | Finished) => {
    if ('share' in payload) {
      const percent = Math.floor(payload.share * 100)
      const seconds = payload.secondsLeft === null ? '…' : Math.ceil(payload.secondsLeft)
      terminal.progress(m.cli_progress({ name, percent, seconds }))
      return
    }
    const { outcome } = payload
    if (outcome.state === 'failed') fail(errorFromData(outcome.error))
    else if (outcome.state === 'cancelled') fail(errorFromData(cancelled))
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
    terminal.progress(null)
  }
}
const cancelled = { code: 'cancelled' as const, message: 'cancelled', params: {} }

interface Asked {
  model: string
  sigma: number | null
}

/** Denoises an open photo and waits for it. @throws DarkroomError as {@link follow} */
export async function denoisePhoto(
  engine: Engine,
  { photo, name }: PhotoInfo,
  asked: Asked,
  context: Context,
): Promise<DenoiseReport> {
  const outcome = await follow(engine, name, context, (emit) =>
    engine.handlers['photo.denoise']({ photo, ...asked, visible: null }, emit),
  )
  if (outcome.state === 'done') return outcome.report
  throw new Error('Expected a report')
}

/** Scores what was denoised, without a clean original. @throws DarkroomError `score-invalid`; as {@link follow} */
export async function scorePhoto(
  engine: Engine,
  { photo, name }: PhotoInfo,
  asked: Asked,
  context: Context,
): Promise<SelfScore> {
  const outcome = await follow(engine, name, context, (emit) =>
    engine.handlers['photo.score']({ photo, ...asked }, emit),
  )
  if (outcome.state === 'scored') return outcome.score
  throw new Error('Expected a score')
}

/** How a file is written, for every command that writes one. */
export interface FileOptions {
  /** Null keeps the depth of the source. */
  bits: ExportBits | null
  quality: number
  keepMetadata: boolean
}
export const fileOptionTable = {
  page: { type: 'string' },
  bits: { type: 'string' },
  'strip-metadata': { type: 'boolean' },
} as const

/** The page that `--page` asks for; null for all. @throws DarkroomError `usage` */
export const pageOf = (page: string | undefined): number | null =>
  page === undefined ? null : numberOf('--page', page, 1, 65_535, true)

/** @throws DarkroomError `usage` */
export function fileOptionsOf(
  values: { bits?: string | undefined; 'strip-metadata'?: boolean | undefined },
  quality: string | undefined,
): FileOptions {
  const depths = { '8': 8, '16': 16, '32': 32 } as const
  const bits = values.bits === undefined ? null : oneOf('--bits', values.bits, ['8', '16', '32'])
  return {
    bits: bits && depths[bits],
    quality: quality === undefined ? 92 : numberOf('--quality', quality, 1, 100, true),
    keepMetadata: !values['strip-metadata'],
  }
}

export const lookOptionTable = {
  strength: { type: 'string' },
  luma: { type: 'string' },
  chroma: { type: 'string' },
  texture: { type: 'string' },
} as const
type LookOption = keyof typeof lookOptionTable

/** `--strength` is luma and chroma, where they are not given apart. @throws DarkroomError `usage` */
export function lookOf(values: { [Option in LookOption]?: string | undefined }): Look {
  const percent = (option: LookOption, otherwise: number): number => {
    const given = values[option]
    return given === undefined ? otherwise : numberOf(`--${option}`, given, 0, 100)
  }
  const { luma, chroma, texture } = defaultLook
  return {
    luma: percent('luma', percent('strength', luma)),
    chroma: percent('chroma', percent('strength', chroma)),
    texture: percent('texture', texture),
  }
}

/**
 * Exports a layer of one photo, or of several as pages of a TIFF, in the depth of the source unless told otherwise.
 * @throws DarkroomError `usage` for a depth that the format does not hold
 */
async function exportLayers(
  { handlers }: Engine,
  pages: readonly PhotoInfo[],
  { layer, look, files }: { layer: Layer; look: Look; files: FileOptions },
  { path, format }: Target,
): Promise<{ bytes: number; bits: ExportBits }> {
  const { quality, keepMetadata } = files
  const deepest = Math.max(...pages.map((info) => depthFor(format, info))) as ExportBits
  const bits = files.bits ?? deepest
  const held = exportFormats[format].depths
  if (files.bits !== null && files.bits > 8 && !held.includes(files.bits)) {
    const words = { bits: files.bits, format: exportFormats[format].name, depths: held.join(', ') }
    throw usage(m.cli_bits_not_held(words))
  }
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
    throw errorFromData(withPath(error, [path]))
  }
}

/**
 * An engine for a model: by name a bundled one, by path (with a separator, or ending in `.ldm`) any file.
 * @throws DarkroomError when it is no usable model, so that this is said once and not for every input
 */
export async function engineFor({ createEngine }: Context, model: string): Promise<Engine> {
  const engine = createEngine(/[\\/]|\.ldm$/.test(model) ? { modelFiles: [model] } : {})
  await engine.denoisers.check(model).catch((error: unknown) => {
    throw errorFromData(withPath(error, [model]))
  })
  return engine
}
