/** Where the results of a batch go: the one file that was named, or a file for each input below a folder. */
import { promises } from 'node:fs'
import { dirname, extname, join, parse } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { exportFormats, formatOfEnding } from '../../../shared/exportFormats'
import type { ResultName } from '../../../shared/resultNames'
import type { ExportFormat } from '../../../shared/types'
import { imageFormatOf } from '../codec'
import { identityOf, type FileIdentity } from '../store/identity'
import type { Input } from './inputs'

export interface Target {
  path: string
  format: ExportFormat
}

export interface TargetWish {
  out: string
  /** Whether `out` is a folder; else it is the one file. */
  isFolder: boolean
  /** The format of all results; without one each keeps that of its input, where that can be written. */
  format?: ExportFormat | undefined
  /** What results are called. Then two inputs never get different numbers: the second is refused. */
  nameOf?: ResultName | undefined
}

const keyOf = ({ device, inode }: FileIdentity): string => `${device}:${inode}`

export class Targets {
  readonly #sources: readonly Input[]
  readonly #wish: TargetWish
  /** Which input has a target, by its path in small letters: file systems that do not tell A from a exist. */
  readonly #used = new Map<string, string>()
  readonly #known = new Map<Input, Target>()
  #sourceKeys: Promise<Set<string>> | undefined

  constructor(sources: readonly Input[], wish: TargetWish) {
    this.#sources = sources
    this.#wish = wish
  }

  /**
   * The target of an input; its folder is made. Two inputs never get the same, and the same inputs in the same order
   * get the same, whatever became of those before: of an input only the first bytes are read.
   * @throws DarkroomError `target-is-source` when it would be one of the inputs, `target-taken` when by a pattern it
   *   would be that of another input too, `target-unwritable`; as `imageFormatOf`
   */
  async of(input: Input): Promise<Target> {
    const { isFolder } = this.#wish
    const target = this.#known.get(input) ?? (isFolder ? await this.#below(input) : this.#named())
    this.#known.set(input, target)
    await this.refuseSource(target.path)
    if (isFolder) await makeFolder(dirname(target.path), target.path)
    return target
  }

  /** An input had this target in an earlier sitting: no other gets it. */
  keep({ path: source }: Input, path: string): void {
    this.#used.set(path.toLowerCase(), source)
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
    const { out, format } = this.#wish
    return { path: out, format: format ?? formatOfEnding(extname(out)) ?? 'png' }
  }

  /** The input's own name where its ending says the format; else with the format's ending; else with both. */
  async #below({ path: source, place }: Input): Promise<Target> {
    const { out, nameOf } = this.#wish
    const found = await imageFormatOf(source)
    const format = this.#wish.format ?? (found === 'avif' ? 'png' : found)
    const { dir, name: own, ext } = parse(place)
    const name = nameOf?.(own) ?? own
    const kept = formatOfEnding(ext) === format
    const ending = `.${exportFormats[format].endings[0]}`
    const names = [kept ? name + ext : name + ending, name + ext + ending]
    for (let count = 2; ; count++) {
      const path = join(out, dir, names.shift() ?? `${name}${ext}-${count}${ending}`)
      const other = this.#used.get(path.toLowerCase())
      if (other !== undefined && nameOf) {
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
