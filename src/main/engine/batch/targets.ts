/** Where the results of a batch go: the one file that was named, or a file for each input below a folder. */
import { promises } from 'node:fs'
import { dirname, extname } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { formatOfEnding } from '../../../shared/exportFormats'
import type { ResultName } from '../../../shared/resultNames'
import type { ExportFormat } from '../../../shared/types'
import { identityOf, type FileIdentity } from '../store/identity'
import type { Input } from './inputs'
import { namesOf, resultsAmong } from './results'

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
  #sources: readonly Input[]
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
   * The sources without those that lie where the result of another goes: what an earlier run wrote into its input folder
   * is not denoised again. Where results that are there are to be replaced, such a file stays and fails by name, and so
   * does the other: it may be an original, which is never overwritten.
   */
  async withoutResults(skipExisting: boolean): Promise<readonly Input[]> {
    if (!this.#wish.isFolder) return this.#sources
    const results = await resultsAmong(this.#sources, this.#wish)
    if (skipExisting) {
      this.#sources = this.#sources.filter((input) => !results.has(input))
      return this.#sources
    }
    return this.#sources.map((input) => {
      const other = results.get(input)
      if (!other || input.error) return input
      return { ...input, error: resultOf({ file: input.path, other: other.path }) }
    })
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

  /** The format of all results, where that is known before any input is read. */
  get format(): ExportFormat | undefined {
    return this.#wish.isFolder ? this.#wish.format : this.#named().format
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

  /** The first name that no other input has. */
  async #below(input: Input): Promise<Target> {
    const { format, paths } = await namesOf(input, this.#wish)
    let taken = { file: '', other: '' }
    for (const file of paths) {
      const other = this.#used.get(file.toLowerCase())
      if (other === undefined) {
        this.keep(input, file)
        return { path: file, format }
      }
      taken = { file, other }
    }
    throw resultOf(taken)
  }
}

const resultOf = (params: { file: string; other: string }): DarkroomError =>
  new DarkroomError('target-taken', `${params.file} is the result of ${params.other}`, params)

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
