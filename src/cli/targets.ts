/** Where results go: the one file that was named, or a file for each input below a folder. */
import { promises } from 'node:fs'
import { dirname, extname, join, parse, sep } from 'node:path'
import { imageFormatOf } from '../main/engine/codec'
import { identityOf, type FileIdentity } from '../main/engine/store/identity'
import { DarkroomError } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import { exportFormats, formatOfEnding } from '../shared/exportFormats'
import type { ExportFormat } from '../shared/types'
import { usage } from './arguments'
import type { Input } from './inputs'
import type { ResultName } from './pattern'

/** Endings that say 'a file', of kinds that cannot be written. */
const unwritten = ['.avif', '.bmp', '.gif', '.heic', '.heif', '.jxl', '.ppm', '.pgm']

export interface Target {
  path: string
  format: ExportFormat
}

export interface TargetWish {
  /** What `--out` said: a folder when it is one, ends with a separator, or has no ending of an image. */
  out: string
  /** Whether just one file was named as input. */
  single: boolean
  /** What `--format` said. */
  format?: ExportFormat | undefined
  /** What `--pattern` said. Then two inputs never get different numbers: the second is refused. */
  nameOf?: ResultName | undefined
}

const keyOf = ({ device, inode }: FileIdentity): string => `${device}:${inode}`

export class Targets {
  readonly #out: string
  readonly #isFolder: boolean
  readonly #format: ExportFormat | undefined
  readonly #nameOf: ResultName | undefined
  readonly #sources: readonly Input[]
  /** Which input has a target, by its path in small letters: file systems that do not tell A from a exist. */
  readonly #used = new Map<string, string>()
  #sourceKeys: Promise<Set<string>> | undefined

  private constructor(
    sources: readonly Input[],
    { out, format, nameOf }: TargetWish,
    isFolder: boolean,
  ) {
    this.#out = out
    this.#isFolder = isFolder
    this.#format = format
    this.#nameOf = nameOf
    this.#sources = sources
  }

  /**
   * @throws DarkroomError `usage` when several results would go to one file, or to a kind that cannot be written, or
   *   when results are named by a pattern and `--out` is a file
   */
  static async plan(sources: readonly Input[], wish: TargetWish): Promise<Targets> {
    const { out, single, nameOf } = wish
    const ending = extname(out).toLowerCase()
    const exists = await promises.stat(out).catch(() => null)
    const slash = out.endsWith('/') || out.endsWith(sep)
    if (!exists?.isDirectory() && !slash) {
      if (unwritten.includes(ending)) throw usage(m.cli_format_unwritable({ ending }))
      const written = formatOfEnding(ending)
      if ((written && !single) || (nameOf && (written || exists)))
        throw usage(m.cli_out_needs_folder({ out }))
      if (written || exists) return new Targets(sources, wish, false)
    }
    return new Targets(sources, wish, true)
  }

  /**
   * The target of an input; its folder is made. Two inputs never get the same, and the same inputs in the same order
   * get the same, whatever became of those before: of an input only the first bytes are read.
   * @throws DarkroomError `target-is-source` when it would be one of the inputs, `target-taken` when by a pattern it
   *   would be that of another input too, `target-unwritable`; as `imageFormatOf`
   */
  async of(input: Input): Promise<Target> {
    const target = this.#isFolder ? await this.#below(input) : this.#named()
    await this.refuseSource(target.path)
    if (this.#isFolder) await makeFolder(dirname(target.path), target.path)
    return target
  }

  /** @throws DarkroomError `target-is-source` when the path is one of the inputs, by whatever name */
  async refuseSource(file: string): Promise<void> {
    const identity = await identityOf(file)
    if (identity === null) return
    const keys = await (this.#sourceKeys ??= this.#readSourceKeys())
    if (!keys.has(keyOf(identity))) return
    throw new DarkroomError('target-is-source', `${file} is an input`, { file })
  }

  /** All at once, not anew for each target: of n inputs whose results are there, n² would be asked for. */
  async #readSourceKeys(): Promise<Set<string>> {
    const keys = new Set<string>()
    for (const { path } of this.#sources) {
      const identity = await identityOf(path)
      if (identity) keys.add(keyOf(identity))
    }
    return keys
  }

  #named(): Target {
    const format = this.#format ?? formatOfEnding(extname(this.#out)) ?? 'png'
    return { path: this.#out, format }
  }

  /** The input's own name where its ending says the format; else with the format's ending; else with both. */
  async #below({ path: source, place }: Input): Promise<Target> {
    const found = await imageFormatOf(source)
    const format = this.#format ?? (found === 'avif' ? 'png' : found)
    const { dir, name: own, ext } = parse(place)
    const name = this.#nameOf?.(own) ?? own
    const kept = formatOfEnding(ext) === format
    const ending = `.${exportFormats[format].endings[0]}`
    const names = [kept ? name + ext : name + ending, name + ext + ending]
    for (let count = 2; ; count++) {
      const path = join(this.#out, dir, names.shift() ?? `${name}${ext}-${count}${ending}`)
      const other = this.#used.get(path.toLowerCase())
      if (other !== undefined && this.#nameOf) {
        const params = { file: path, other }
        throw new DarkroomError('target-taken', `${path} is the result of ${other}`, params)
      }
      if (other !== undefined) continue
      this.#used.set(path.toLowerCase(), source)
      return { path, format }
    }
  }
}

/** Makes a folder for a file. @throws DarkroomError `disk-full`, `target-unwritable` */
export async function makeFolder(folder: string, file: string): Promise<void> {
  await promises.mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const code = reason === 'ENOSPC' || reason === 'EDQUOT' ? 'disk-full' : 'target-unwritable'
    throw new DarkroomError(code, `${file}: ${reason}`, { file, reason }, { cause })
  })
}

/** Whether a result is there already: a file with something in it. It is whole then, since it is written at once. */
export async function isWritten({ path }: Target): Promise<boolean> {
  const state = await promises.stat(path).catch(() => null)
  return state !== null && state.isFile() && state.size > 0
}
