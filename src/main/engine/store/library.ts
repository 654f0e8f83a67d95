/**
 * The library: every run and model is one file in one folder, which the window and the command line share. What must
 * not be lost is in these files alone, so that a killed process, a full disk or a damaged file costs at most what was
 * not yet acknowledged.
 */
import { promises } from 'node:fs'
import { join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import { writeFileAtomically } from './atomicWriter'
import type { FileOperations } from './fileOperations'
import { realFiles } from './fileOperations'
import { ItemAccess } from './itemAccess'
import { isUseless, ItemIndex } from './itemIndex'
import type { LibraryFile } from './libraryFile'
import { encodeLibraryFile, nameOf, notARun, readLibraryFile } from './libraryFile'
import type { Listing } from './libraryListing'
import { listLibrary, listTrash } from './libraryListing'
import type { LibraryFolders } from './libraryFolders'
import { folderBytes, foldersOf, tidy } from './libraryFolders'
import { emptyTrash, restore, trash } from './libraryTrash'
import { exportFile, importFile } from './libraryTransfer'
import { comparable, ending, isItem, newItem, uniqueName } from './naming'
import type { RunFile } from './runFile'
import { encodeRun, readRun, readRunView } from './runFile'
import { setAside } from './setAside'
import { asCopy } from './transfer'

export interface LibraryOptions {
  /** See `defaultLibraryFolder`. */
  folder: string
  /** The folder of runs that came with the program. */
  bundled?: string | null
  /** What the tests replace. */
  files?: FileOperations
}

/** Where an item lies. */
export interface Place {
  path: string
  bundled: boolean
}

export class Library {
  readonly folders: LibraryFolders
  readonly bundled: string | null
  readonly files: FileOperations
  readonly index: ItemIndex
  readonly #access: ItemAccess
  #ready: Promise<void> | null = null

  constructor({ folder, bundled = null, files = realFiles }: LibraryOptions) {
    this.folders = foldersOf(folder)
    this.bundled = bundled
    this.files = files
    this.index = new ItemIndex(this.folders.index)
    this.#access = new ItemAccess(folder, files, (item) => this.item(item).catch(() => null))
  }

  /** Tidies up after killed processes. All else waits for it by itself. */
  ready(): Promise<void> {
    return (this.#ready ??= tidy(this.folders, this.files).then(() => this.index.load()))
  }

  /** Everything there is, the newest first. Never throws for what lies in the folder. */
  async list(): Promise<Listing> {
    await this.ready()
    return listLibrary(this)
  }

  /** The item of this id or, failing that, of this name. @throws DarkroomError `item-unknown` */
  async find(nameOrItem: string): Promise<LibraryItem> {
    const { items } = await this.list()
    const found =
      items.find(({ item }) => item === nameOrItem) ??
      items.find(({ name }) => name === nameOrItem) ??
      items.find(({ name }) => comparable(name) === comparable(nameOrItem))
    if (!found) throw unknown(nameOrItem)
    return found
  }

  /** Runs that say they run or wait to, and that no living process has: what trained them died. */
  async interrupted(): Promise<LibraryItem[]> {
    const { items } = await this.list()
    const locked = await Promise.all(items.map(({ item }) => this.#access.isLocked(item)))
    return items.filter(({ bundled, progress }, index) => {
      const going = progress?.state === 'running' || progress?.state === 'queued'
      return going && !bundled && !locked[index]
    })
  }

  /** Where an item lies, a person's own before one that came with the program. @throws DarkroomError `item-unknown` */
  async place(item: string): Promise<Place> {
    await this.ready()
    if (!isItem(item)) throw unknown(item)
    const there = (path: string): Promise<boolean> =>
      promises.lstat(path).then(
        (state) => state.isFile(),
        () => false,
      )
    const own = this.pathOf(item)
    if (await there(own)) return { path: own, bundled: false }
    const bundled = this.bundled === null ? null : join(this.bundled, item + ending)
    if (bundled !== null && (await there(bundled))) return { path: bundled, bundled: true }
    throw unknown(item)
  }

  /** The path of an item of one's own, whether there is one or not. */
  pathOf(item: string): string {
    return join(this.folders.items, item + ending)
  }

  /** One item, by its id. @throws DarkroomError `item-unknown`, and as `readRunHeader` */
  async item(item: string): Promise<LibraryItem> {
    const { path, bundled } = await this.place(item)
    return this.index.item(path, bundled)
  }

  /** A new id: lock it, then create the item, and nobody else takes the run up in between. */
  newItem(): string {
    return newItem()
  }

  /**
   * Adds a run; a taken name gets a number. `file`'s arrays must not change until this returns.
   * @throws DarkroomError `disk-full`, `target-unwritable`
   */
  create(name: string, file: RunFile, item = newItem()): Promise<LibraryItem> {
    return this.add(name, item, (free) => encodeRun(named(file, free)))
  }

  /** Adds the file that `encode` makes for a name that is free. @throws DarkroomError as {@link create} */
  async add(
    name: string,
    item: string,
    encode: (name: string) => Uint8Array,
  ): Promise<LibraryItem> {
    return this.naming(async (taken) => {
      const free = uniqueName(name, taken)
      await this.replace(item, free, encode(free))
      return this.item(item)
    })
  }

  /** Reads a run, whole and checked. A damaged one is set aside. @throws DarkroomError as `readRun`, `model-unsuitable` */
  async read(item: string): Promise<RunFile> {
    const place = await this.#runAt(item)
    return this.judging(place, async () => {
      const { hash: _, bytes: __, ...file } = await readRun(place.path)
      return file
    })
  }

  /** Reads what a run's curves or pictures need, without its weights. @throws DarkroomError as {@link read} */
  async view(item: string, which: 'history' | 'preview'): ReturnType<typeof readRunView> {
    const place = await this.#runAt(item)
    return this.judging(place, () => readRunView(place.path, which))
  }

  /**
   * Writes a run back, under the name it has by now. `file`'s arrays must not change until this returns.
   * @throws DarkroomError `item-busy` (another process has it), `item-read-only`, `disk-full`, `target-unwritable`
   */
  async write(item: string, file: RunFile): Promise<void> {
    await this.ready()
    if (!isItem(item)) throw unknown(item)
    await this.#access.holding(item, async () => {
      const name = this.#access.names.get(item) ?? file.card.name
      await this.replace(item, name, encodeRun(named(file, name)))
    })
  }

  /**
   * Keeps others from writing an item, from training on. Dies with this process.
   * @returns what releases it, after writes that have begun
   * @throws DarkroomError `item-busy` while anyone has it, `item-read-only`
   */
  async lock(item: string): Promise<() => Promise<void>> {
    await this.ready()
    if (!isItem(item)) throw unknown(item)
    return this.#access.lock(item)
  }

  /** Gives an item another name. @throws DarkroomError `name-taken`, and as {@link write} */
  async rename(item: string, name: string): Promise<LibraryItem> {
    await this.item(item)
    const wanted = name.trim()
    return this.naming((taken) =>
      this.#access.holding(item, async () => {
        const { name: before } = await this.item(item)
        const others = taken.filter((each) => each !== before)
        if (others.some((each) => comparable(each) === comparable(wanted))) {
          throw new DarkroomError('name-taken', `there is an item ${wanted}`, { name: wanted })
        }
        const file = await readLibraryFile(this.pathOf(item))
        await this.replace(item, wanted, encodeLibraryFile(file, wanted))
        return this.item(item)
      }),
    )
  }

  /** A copy under a new name, with its weights; a bundled model becomes one's own. @throws DarkroomError as {@link read} */
  async duplicate(item: string): Promise<LibraryItem> {
    const file = await this.readFile(item)
    const copy = file.kind === 'run' ? { ...file, run: asCopy(file.run) } : file
    return this.add(nameOf(file), newItem(), (free) => encodeLibraryFile(copy, free))
  }

  /** Reads a file of either kind, whole and checked. @throws DarkroomError as {@link read} */
  async readFile(item: string): Promise<LibraryFile> {
    const place = await this.place(item)
    return this.judging(place, () => readLibraryFile(place.path))
  }

  /** Does what reads a file of the library; one that is found damaged is set aside, then the error thrown on. */
  async judging<T>({ path, bundled }: Place, read: () => Promise<T>): Promise<T> {
    const ino = (await promises.lstat(path).catch(() => null))?.ino
    try {
      return await read()
    } catch (error) {
      if (isUseless(error) && !bundled && ino !== undefined) {
        await setAside({ path, ino }, this.folders.setAside, error, this.files).catch(() => null)
      }
      throw error
    }
  }

  /** Into the library's own trash. @throws DarkroomError `item-busy` while anyone has it, `item-read-only` */
  trash(item: string): Promise<void> {
    return trash(this, item)
  }

  /** Back from the trash, perhaps under another name. @throws DarkroomError `item-unknown`, `model-damaged` */
  restore(item: string): Promise<LibraryItem> {
    return restore(this, item)
  }

  /** What lies in the trash, the newest first. */
  async trashed(): Promise<LibraryItem[]> {
    await this.ready()
    return listTrash(this)
  }

  /** Takes all out of the trash. @returns the files that are now to be removed; none with `remove`, which does it */
  emptyTrash({ remove = false } = {}): Promise<string[]> {
    return emptyTrash(this, remove)
  }

  /** Adds a file from anywhere: see `libraryTransfer`. */
  importFile(path: string): Promise<LibraryItem> {
    return importFile(this, path)
  }

  /** Writes an item to anywhere: see `libraryTransfer`. */
  exportFile(
    item: string,
    path: string,
    as: 'model' | 'run',
  ): Promise<{ name: string; bytes: number }> {
    return exportFile(this, item, path, as)
  }

  /** Does what gives a name, alone. `taken` are the names there are. */
  async naming<T>(work: (taken: string[]) => Promise<T>): Promise<T> {
    await this.ready()
    return this.#access.naming(async () => work((await this.list()).items.map(({ name }) => name)))
  }

  /** What the parts take on the disk, in bytes. */
  async sizes(): Promise<Record<'items' | 'trash' | 'setAside' | 'cache', number>> {
    const { items, trash: away, setAside: aside, cache } = this.folders
    const [all, ...parts] = await Promise.all([items, away, aside, cache].map(folderBytes))
    const [inTrash = 0, inSetAside = 0, inCache = 0] = parts
    const own = (all ?? 0) - inTrash - inSetAside - inCache
    return { items: own, trash: inTrash, setAside: inSetAside, cache: inCache }
  }

  /** Replaces an item's file. Errors call it by its name. @throws DarkroomError `disk-full`, `target-unwritable` */
  async replace(item: string, name: string, bytes: Uint8Array): Promise<void> {
    await writeFileAtomically(this.pathOf(item), bytes, { files: this.files, name })
    this.#access.names.set(item, name)
  }

  async #runAt(item: string): Promise<Place> {
    const { kind, name } = await this.item(item)
    if (kind === 'denoiser') throw notARun(name)
    return this.place(item)
  }
}

const named = (file: RunFile, name: string): RunFile => ({ ...file, card: { ...file.card, name } })
const unknown = (item: string): DarkroomError =>
  new DarkroomError('item-unknown', `no item ${item}`, { model: item })
