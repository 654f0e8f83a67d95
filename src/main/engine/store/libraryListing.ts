/** What the library's folders hold, with what cannot be used set aside and named. */
import { promises } from 'node:fs'
import { join } from 'node:path'
import type { ErrorData } from '../../../shared/errors'
import { errorToData } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import { atMost } from './inTurn'
import type { Library } from './library'
import { folderBytes, namesIn } from './libraryFolders'
import { ending } from './naming'
import { listSetAside } from './setAside'

export interface Listing {
  items: LibraryItem[]
  /** Damaged files were moved aside; newer and unreadable ones lie where they were. */
  setAside: { file: string; error: ErrorData }[]
  /** Of one's own items, the trash and what was set aside. */
  bytes: number
}

/** Files that are open at the same time. */
const mostOpen = 16

/** Everything that the library shows. */
export async function listLibrary(library: Library): Promise<Listing> {
  const { folders, bundled } = library
  const own = await scan(library, folders.items, false)
  const shipped = bundled === null ? nothing : await scan(library, bundled, true)
  const mine = new Set(own.items.map(({ item }) => item))
  await library.index.save(library.files)
  const aside = await listSetAside(folders.setAside)
  const away = (await folderBytes(folders.trash)) + (await folderBytes(folders.setAside))
  return {
    items: newestFirst([...own.items, ...shipped.items.filter(({ item }) => !mine.has(item))]),
    setAside: [...own.unusable, ...shipped.unusable, ...aside],
    bytes: own.items.reduce((sum, { bytes }) => sum + bytes, away),
  }
}

/** What lies in the trash, the newest first; what is damaged there is passed over. */
export async function listTrash(library: Library): Promise<LibraryItem[]> {
  const { trash } = library.folders
  const paths = (await namesIn(trash, ending)).map((name) => join(trash, name))
  const items = await atMost(mostOpen, paths, (path) =>
    library.index.item(path, false).catch(() => null),
  )
  return newestFirst(items.filter((item) => item !== null))
}

interface Scan {
  items: LibraryItem[]
  unusable: Listing['setAside']
}
const nothing: Scan = { items: [], unusable: [] }

async function scan(library: Library, folder: string, bundled: boolean): Promise<Scan> {
  const names = (await namesIn(folder, ending)).sort()
  const found: Scan = { items: [], unusable: [] }
  await atMost(mostOpen, names, async (name) => {
    const path = join(folder, name)
    try {
      if (!(await promises.lstat(path)).isFile()) return
      found.items.push(
        await library.judging({ path, bundled }, () => library.index.item(path, bundled)),
      )
    } catch (error) {
      // Gone since the folder was read, or set aside just now and listed there: nothing to tell.
      const still = await promises.lstat(path).catch(() => null)
      if (still) found.unusable.push({ file: name, error: errorToData(error) })
    }
  })
  found.unusable.sort((a, b) => (a.file < b.file ? -1 : 1))
  return found
}

const newestFirst = (items: LibraryItem[]): LibraryItem[] =>
  items.sort((a, b) => b.created - a.created || (a.item < b.item ? 1 : -1))
