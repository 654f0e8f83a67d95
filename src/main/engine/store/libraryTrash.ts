/** The library's own trash: a folder that items are moved to and brought back from. */
import { existsSync, promises } from 'node:fs'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import type { Library } from './library'
import { encodeLibraryFile, nameOf, readLibraryFile } from './libraryFile'
import { namesIn } from './libraryFolders'
import { moveFile, removeFile } from './moves'
import { ending, fileNameOf, isItem, newItem, uniqueName } from './naming'

/** Moves an item to the trash. @throws DarkroomError `item-busy` while anyone has it, `item-read-only`, `item-unknown` */
export async function trash(library: Library, item: string): Promise<void> {
  await library.item(item)
  const release = await library.lock(item)
  try {
    await promises.mkdir(library.folders.trash, { recursive: true }).catch(() => undefined)
    await moveFile(library.pathOf(item), freeFor(library.folders.trash, item), library.files)
  } finally {
    await release()
  }
}

/**
 * Brings an item back. It keeps its id, and its name unless that was given to another meanwhile.
 * @throws DarkroomError `item-unknown`, `model-damaged`
 */
export async function restore(library: Library, item: string): Promise<LibraryItem> {
  await library.ready()
  const from = join(library.folders.trash, item + ending)
  if (!isItem(item) || !existsSync(from)) {
    throw new DarkroomError('item-unknown', `no item ${item} in the trash`, { model: item })
  }
  return library.naming(async (taken) => {
    const file = await readLibraryFile(from)
    const [name, id] = [nameOf(file), existsSync(library.pathOf(item)) ? newItem() : item]
    const free = uniqueName(name, taken)
    await moveFile(from, library.pathOf(id), library.files)
    if (free !== name) await library.replace(id, free, encodeLibraryFile(file, free))
    return library.item(id)
  })
}

/**
 * Takes everything out of the trash for good.
 * @returns the files, named as the items were, each in a folder that the library does not look at: for the system's
 *   trash, or for good where `remove` is set and none is left
 */
export async function emptyTrash(library: Library, remove: boolean): Promise<string[]> {
  await library.ready()
  const { trash: folder, emptied } = library.folders
  const names = await namesIn(folder, ending)
  if (names.length > 0) await promises.mkdir(emptied, { recursive: true })
  for (const file of names) {
    const path = join(folder, file)
    const item = await library.index.item(path, false).catch(() => null)
    const target = freeFor(emptied, fileNameOf(item?.name ?? basename(file, ending)))
    await moveFile(path, target, library.files)
  }
  const files = (await promises.readdir(emptied).catch(() => [])).map((name) => join(emptied, name))
  if (!remove) return files
  for (const path of files) await removeFile(path, library.files)
  return []
}

/** A path in the folder at which there is nothing yet. */
function freeFor(folder: string, name: string): string {
  let path = join(folder, name + ending)
  for (let number = 2; existsSync(path); number++) path = join(folder, `${name} ${number}${ending}`)
  return path
}
