/** Where results go: the one file that was named, or a file for each input below a folder. */
import { promises } from 'node:fs'
import { dirname, extname, join, parse, sep } from 'node:path'
import { identityOf, sameFile } from '../main/engine/store/identity'
import { DarkroomError } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import { exportFormats, formatOfEnding } from '../shared/exportFormats'
import type { ExportFormat, ImageFormat } from '../shared/types'
import { usage } from './arguments'
import type { Input } from './inputs'

/** Endings that say 'a file', of kinds that cannot be written. */
const unwritten = ['.avif', '.bmp', '.gif', '.heic', '.heif', '.jxl', '.ppm', '.pgm']

export interface Target {
  path: string
  format: ExportFormat
}

export class Targets {
  readonly #out: string
  readonly #isFolder: boolean
  readonly #format: ExportFormat | undefined
  readonly #sources: readonly Input[]
  readonly #used = new Set<string>()

  private constructor(
    out: string,
    isFolder: boolean,
    format: ExportFormat | undefined,
    sources: readonly Input[],
  ) {
    this.#out = out
    this.#isFolder = isFolder
    this.#format = format
    this.#sources = sources
  }

  /**
   * @param out what `--out` said: a folder when it is one, ends with a separator, or has no ending of an image
   * @param format what `--format` said
   * @param single whether just one file was named as input
   * @throws DarkroomError `usage` when several results would go to one file, or to a kind that cannot be written
   */
  static async plan(
    out: string,
    sources: readonly Input[],
    single: boolean,
    format?: ExportFormat,
  ): Promise<Targets> {
    const ending = extname(out).toLowerCase()
    const exists = await promises.stat(out).catch(() => null)
    const slash = out.endsWith('/') || out.endsWith(sep)
    if (!exists?.isDirectory() && !slash) {
      if (unwritten.includes(ending)) throw usage(m.cli_format_unwritable({ ending }))
      const written = formatOfEnding(ending)
      if (written && !single) throw usage(m.cli_out_needs_folder({ out }))
      if (written || exists) return new Targets(out, false, format, sources)
    }
    return new Targets(out, true, format, sources)
  }

  /**
   * The target of an input; its folder is made. Two inputs never get the same.
   * @throws DarkroomError `target-is-source` when it would be one of the inputs, `target-unwritable`
   */
  async of(input: Input, found: ImageFormat): Promise<Target> {
    const target = this.#isFolder ? this.#below(input, found) : this.#named()
    const identity = await identityOf(target.path)
    for (const source of identity ? this.#sources : []) {
      if (!sameFile(identity, await identityOf(source.path))) continue
      throw new DarkroomError('target-is-source', `${target.path} is an input`, {
        file: target.path,
      })
    }
    if (this.#isFolder) await makeFolder(dirname(target.path), target.path)
    return target
  }

  #named(): Target {
    const format = this.#format ?? formatOfEnding(extname(this.#out)) ?? 'png'
    return { path: this.#out, format }
  }

  /** The input's own name where its ending says the format; else with the format's ending; else with both. */
  #below({ place }: Input, found: ImageFormat): Target {
    const format = this.#format ?? (found === 'avif' ? 'png' : found)
    const { dir, name, ext } = parse(place)
    const kept = formatOfEnding(ext) === format
    const ending = `.${exportFormats[format].endings[0]}`
    const names = [kept ? name + ext : name + ending, name + ext + ending]
    for (let count = 2; ; count++) {
      const path = join(this.#out, dir, names.shift() ?? `${name}${ext}-${count}${ending}`)
      if (this.#used.has(path.toLowerCase())) continue // file systems that do not tell A from a exist
      this.#used.add(path.toLowerCase())
      return { path, format }
    }
  }
}

async function makeFolder(folder: string, file: string): Promise<void> {
  await promises.mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const code = reason === 'ENOSPC' || reason === 'EDQUOT' ? 'disk-full' : 'target-unwritable'
    throw new DarkroomError(code, `${file}: ${reason}`, { file, reason }, { cause })
  })
}
