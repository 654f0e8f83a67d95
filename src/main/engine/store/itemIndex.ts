/**
 * What is known of the files of the library without reading them again: by path, as long as size, time and file are
 * the same. Kept in memory, and for the next start in `index.json`. It is a cache: one that is missing, damaged or old
 * costs the reading of headers and nothing else.
 */
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { existsSync, promises } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import { libraryItem } from '../../../shared/training'
import { writeFileAtomically } from './atomicWriter'
import { asSourceError, readContainer } from './container'
import { readContainerHeader } from './containerParts'
import type { FileOperations } from './fileOperations'
import { denoiserCard } from './libraryFile'
import { itemOfRun, readRunHeader } from './runFile'

const version = 1
/** So few files are read again sooner than the index is written. */
const fewMisses = 8

const entry = z.strictObject({
  size: z.number(),
  time: z.number(),
  file: z.number(),
  item: libraryItem,
})
type Entry = z.infer<typeof entry>
const indexSchema = z.strictObject({
  version: z.literal(version),
  entries: z.record(z.string(), entry),
})

export class ItemIndex {
  readonly #path: string
  #entries = new Map<string, Entry>()
  #misses = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Takes what an earlier start left. Anything wrong with it, and there is none. */
  async load(): Promise<void> {
    const text = await promises.readFile(this.#path, 'utf8').catch(() => '')
    const [hash, json = ''] = [text.slice(0, 64), text.slice(65)]
    if (hash !== hashOf(json)) return
    const read = indexSchema.safeParse(JSON.parse(json))
    for (const [name, known] of Object.entries(read.data?.entries ?? {})) {
      this.#entries.set(join(dirname(this.#path), name), known)
    }
  }

  /**
   * The item that a file is.
   * @throws DarkroomError as `readContainer` and `readRunHeader`
   */
  async item(path: string, bundled: boolean): Promise<LibraryItem> {
    const state = await promises.stat(path).catch((error: unknown) => {
      throw asSourceError(error, basename(path))
    })
    const known = this.#entries.get(path)
    if (known && isSame(known, state)) return known.item
    const item = await readItem(path, bundled)
    this.#misses++
    this.#entries.set(path, { ...signatureOf(state), item })
    return item
  }

  /**
   * Leaves what is known of the library's own items on disk, if more of it is new than a little, or `anyway`. Failing
   * to is no failure: it is only a cache.
   */
  async save(files: FileOperations, anyway = false): Promise<void> {
    if (this.#misses <= fewMisses && !anyway) return
    this.#misses = 0
    const entries: Record<string, Entry> = {}
    for (const [path, known] of this.#entries) {
      if (dirname(path) === dirname(this.#path) && existsSync(path)) entries[basename(path)] = known
    }
    const json = JSON.stringify({ version, entries })
    const bytes = Buffer.from(`${hashOf(json)}\n${json}`)
    await writeFileAtomically(this.#path, bytes, { files }).catch(() => undefined)
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const signatureOf = ({ size, mtimeMs, ino }: Stats): Omit<Entry, 'item'> => ({
  size,
  time: mtimeMs,
  file: ino,
})
const isSame = (known: Entry, { size, mtimeMs, ino }: Stats): boolean =>
  known.size === size && known.time === mtimeMs && known.file === ino

/** Reads a file as an item: of a run its header, of a model of the Denoise screen everything. */
async function readItem(path: string, bundled: boolean): Promise<LibraryItem> {
  const file = basename(path)
  const item = file.slice(0, -extname(file).length)
  const { header, state } = await readContainerHeader(path)
  if (header.kind !== 'denoiser') {
    return itemOfRun(readRunHeader(header, file), { state }, { item, bundled })
  }
  const { bytes } = await readContainer(path)
  const { name, parameters, measured, licence, command, trained } = denoiserCard(header.card, file)
  const created = header.more['created']
  return {
    ...{ item, name, kind: 'denoiser', bundled, bytes, parameters, measured, licence, command },
    created: typeof created === 'number' ? created : state.mtimeMs,
    changed: state.mtimeMs,
    ...{ config: null, data: null, progress: null, validation: null, group: null },
    ...{ tensorflow: trained.tensorflow, threads: 0, readOnly: bundled },
  }
}

/** What makes a file one to set aside: it is not, or no longer, what its name says. A newer or unreadable one stays. */
export const isUseless = (error: unknown): error is DarkroomError =>
  error instanceof DarkroomError &&
  (error.code === 'model-damaged' || error.code === 'model-not-ours')
