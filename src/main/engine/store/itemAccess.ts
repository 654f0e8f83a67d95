/** Who may write an item, and in which order: one after the other in this process, by lock files between processes. */
import { promises } from 'node:fs'
import { join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { FileOperations } from './fileOperations'
import { InTurn } from './inTurn'
import { holds, isLocked, renewLock, takeLock } from './itemLock'
import { lockEnding } from './libraryFolders'

/** What an item is called on the disk, and whether it may be written. */
export interface Known {
  name: string
  readOnly: boolean
}

const namesLock = '.names'
/** How long another process that renames or adds something is waited for, in milliseconds. */
const patience = { item: 500, names: 5000 }
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export class ItemAccess {
  /** What items were last seen to be called: what trains may have been renamed since it was read. */
  readonly names = new Map<string, string>()
  readonly #turns = new InTurn()
  readonly #folder: string
  readonly #files: FileOperations
  readonly #look: (item: string) => Promise<Known | null>

  /** `look` tells what lies on the disk; null for nothing. */
  constructor(
    folder: string,
    files: FileOperations,
    look: (item: string) => Promise<Known | null>,
  ) {
    this.#folder = folder
    this.#files = files
    this.#look = look
  }

  /**
   * Takes an item for this process.
   * @returns what releases it, after the writes that have begun
   * @throws DarkroomError `item-busy`, `item-read-only`
   */
  async lock(item: string): Promise<() => Promise<void>> {
    const release = await this.#turns.do(item, () => this.#take(item))
    return () => this.#turns.do(item, release)
  }

  /** Whether a living process has an item. */
  isLocked(item: string): Promise<boolean> {
    return isLocked(this.#lockOf(item))
  }

  /**
   * Does what writes an item, alone: with the lock that this process has, or with one for this long.
   * @throws DarkroomError `item-busy`, `item-read-only`
   */
  holding<T>(item: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.do(item, async () => {
      const path = this.#lockOf(item)
      if (holds(path)) {
        await renewLock(path, this.names.get(item) ?? item)
        return work()
      }
      const release = await this.#take(item)
      return work().finally(release)
    })
  }

  /** Does what must not overlap with anything else that gives names, in any process. */
  naming<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.do(namesLock, async () => {
      const path = this.#lockOf(namesLock)
      // Without the lock (a read-only folder, a process that hangs) names may be given twice, and nothing worse.
      const release = await this.#patiently(path, namesLock, patience.names).catch(() => null)
      return work().finally(() => release?.())
    })
  }

  async #take(item: string): Promise<() => Promise<void>> {
    const before = await this.#look(item)
    const name = before?.name ?? item
    if (before?.readOnly) {
      throw new DarkroomError('item-read-only', `${name} is read-only`, { model: name })
    }
    const release = await this.#patiently(this.#lockOf(item), name, patience.item)
    const now = await this.#look(item) // again, since nobody else can rename it any more
    if (now) this.names.set(item, now.name)
    return release
  }

  async #patiently(path: string, name: string, milliseconds: number): Promise<() => Promise<void>> {
    // The folder is made with the first thing that is put into it: to look at the library changes nothing.
    await promises.mkdir(this.#folder, { recursive: true }).catch(() => undefined)
    for (const until = Date.now() + milliseconds; ; await pause(20)) {
      try {
        return await takeLock(path, name, this.#files)
      } catch (error) {
        const busy = error instanceof DarkroomError && error.code === 'item-busy'
        if (!busy || Date.now() > until) throw error
      }
    }
  }

  #lockOf(item: string): string {
    return join(this.#folder, item + lockEnding)
  }
}
