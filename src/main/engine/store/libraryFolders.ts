/** The folders of the library, and what is done to them when the program starts. */
import { existsSync, promises } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { libraryFolder } from '../../../shared/libraryFolder'
import type { FileOperations } from './fileOperations'
import { removeIfStale } from './itemLock'
import { sweepReasons } from './setAside'
import { sweepTemporaryFiles } from './temporaryFiles'

export interface LibraryFolders {
  items: string
  trash: string
  /** What was taken out of the trash and is about to leave the library. */
  emptied: string
  setAside: string
  /** Decoded data sets. */
  cache: string
  index: string
}

/** The folder that the window and the command line share, on this machine. */
export function defaultLibraryFolder(): string {
  return libraryFolder({ environment: process.env, platform: process.platform, home: homedir() })
}

/** Where the runs lie that came with the program; null where there are none. */
export function bundledFolder(resources: string): string | null {
  const folder = join(resources, 'models')
  return existsSync(folder) ? folder : null
}

export function foldersOf(items: string): LibraryFolders {
  return {
    items,
    trash: join(items, 'trash'),
    emptied: join(items, 'trash', 'emptied'),
    setAside: join(items, 'set-aside'),
    cache: join(items, 'cache'),
    index: join(items, 'index.json'),
  }
}

export const lockEnding = '.lock'

/** Removes what a killed process left: half-written files, locks, reasons of files that were never set aside. */
export async function tidy(folders: LibraryFolders, files: FileOperations): Promise<void> {
  const { items, trash, emptied, setAside } = folders
  for (const folder of [items, trash, emptied, setAside]) await sweepTemporaryFiles(folder)
  await sweepReasons(setAside)
  const names = await promises.readdir(items).catch(() => [])
  for (const name of names.filter((each) => each.endsWith(lockEnding))) {
    await removeIfStale(join(items, name), files).catch(() => undefined)
  }
}

/** The bytes of all files in a folder and below it. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await promises.readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return folderBytes(path)
    return (await promises.lstat(path).catch(() => null))?.size ?? 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** The names of the files with this ending; none where the folder cannot be read. */
export async function namesIn(folder: string, ending: string): Promise<string[]> {
  const names = await promises.readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith(ending) && !name.startsWith('.'))
}
