/** One photo through the engine's own requests, as the window makes them. */
import type { Emit } from '../shared/contract'
import { errorFromData } from '../shared/errors'
import { exportFormats } from '../shared/exportFormats'
import { m } from '../shared/messages/compiled/messages'
import { defaultLook, type Look, type PhotoInfo } from '../shared/types'
import { withPath } from '../main/engine/batch/failures'
import {
  processFile,
  type Exported,
  type FileOptions,
  type Follower,
  type Processed,
} from '../main/engine/batch/files'
import type { Target } from '../main/engine/batch/targets'
import type { Engine } from '../main/engine/handlers'
import { numberOf, oneOf, usage } from './arguments'
import type { Context } from './context'

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
 * A file through {@link processFile}. A depth that the file written does not keep is told or refused, never just lost.
 * @throws DarkroomError `usage` for a depth that the format does not hold
 */
export async function processInput<Result>(
  { handlers }: Engine,
  file: Parameters<typeof processFile>[1],
  exported: Exported,
  work: (info: PhotoInfo) => Promise<Result>,
  context: Context,
): Promise<Processed<Result>> {
  checkDepth(exported.files, file.target)
  const processed = await processFile(handlers, file, exported, work)
  tellDepth(exported.files, processed, context)
  return processed
}

/** @throws DarkroomError `usage` for a depth that the format does not hold */
export function checkDepth({ bits }: FileOptions, { format }: Target): void {
  const held = exportFormats[format].depths
  if (bits === null || bits === 8 || held.includes(bits)) return
  const words = { bits, format: exportFormats[format].name, depths: held.join(', ') }
  throw usage(m.cli_bits_not_held(words))
}

/** Tells where a file has another depth than its source, and nobody asked for it. */
export function tellDepth(
  { bits: wanted }: FileOptions,
  { pages, out, bits }: Processed<unknown>,
  { terminal }: Context,
): void {
  const fileBits = pages[0]?.fileBits ?? bits
  if (wanted === null && bits < fileBits)
    terminal.error(m.cli_depth_lowered({ out, bits, fileBits }))
  else if (bits === 32) terminal.error(m.cli_depth_working({ out }))
}

/** A file's path, and of several pages which one, for people to read. */
export const pagePath = (path: string, { page, pages }: PhotoInfo): string =>
  pages > 1 ? `${path} [${page}/${pages}]` : path

/** Shows how far the job of a photo is, and ends it with the command. */
export function followerOf(name: string, { terminal, signal }: Context): Follower {
  return {
    signal,
    progress: ({ share, secondsLeft }) => {
      const percent = Math.floor(share * 100)
      const seconds = secondsLeft === null ? '…' : Math.ceil(secondsLeft)
      terminal.progress(m.cli_progress({ name, percent, seconds }))
    },
  }
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
