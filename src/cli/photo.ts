/** One photo through the engine's own requests, as the window makes them. */
import type { Emit, EngineEvents } from '../shared/contract'
import { errorFromData } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import {
  defaultLook,
  type DenoiseReport,
  type ExportFormat,
  type Layer,
  type Look,
  type PhotoInfo,
  type SelfScore,
} from '../shared/types'
import type { Engine } from '../main/engine/handlers'
import { numberOf, oneOf } from './arguments'
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
  const info = await handlers['photo.open']({ source: { path } }, silent)
  try {
    return await work(info)
  } finally {
    await handlers['photo.close']({ photo: info.photo }, silent)
  }
}

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
  bits: 8 | 16 | null
  quality: number
  keepMetadata: boolean
}
export const fileOptionTable = {
  bits: { type: 'string' },
  'strip-metadata': { type: 'boolean' },
} as const

/** @throws DarkroomError `usage` */
export function fileOptionsOf(
  values: { bits?: string | undefined; 'strip-metadata'?: boolean | undefined },
  quality: string | undefined,
): FileOptions {
  const bits = values.bits === undefined ? null : oneOf('--bits', values.bits, ['8', '16'])
  return {
    bits: bits === null ? null : bits === '8' ? 8 : 16,
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

/** Exports a layer; a PNG keeps the depth of the source unless told otherwise. Returns the size in bytes. */
export async function exportLayer(
  { handlers }: Engine,
  info: PhotoInfo,
  { layer, look }: { layer: Layer; look: Look },
  { path, format }: Target,
  { bits, quality, keepMetadata }: FileOptions,
): Promise<number> {
  const depth = bitsFor(format, bits ?? info.bits)
  const options = { layer, look, format, bits: depth, quality, keepMetadata, path }
  try {
    return (await handlers['photo.export']({ photo: info.photo, ...options }, silent)).bytes
  } catch (error) {
    throw errorFromData(withPath(error, [path]))
  }
}

const bitsFor = (format: ExportFormat, wanted: 8 | 16): 8 | 16 => (format === 'png' ? wanted : 8)

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
