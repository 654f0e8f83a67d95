/**
 * A note of every temporary file outside our own folders, so that the next start finds what a killed
 * process left next to an export. One small file a write, named like the temporary file and holding
 * its folder; made before the temporary file, removed after it is gone.
 */
import { promises } from 'node:fs'
import { join } from 'node:path'
import { isStale, isTemporaryName } from './temporaryFiles'

let journalFolder: string | null = null

/**
 * From now on writes are noted in this folder (made if missing); `null` turns the journal off, as it is
 * at first. A journal that cannot be written never stops an export: it is skipped for that write.
 */
export function useJournal(folder: string | null): void {
  journalFolder = folder
}

/** Notes that a temporary file of this name is about to be made in this folder. Call the result when it is gone. */
export async function noteTemporaryFile(
  name: string,
  folder: string,
): Promise<() => Promise<void>> {
  const journal = journalFolder
  if (journal === null) return () => Promise.resolve()
  const note = join(journal, name)
  await promises
    .mkdir(journal, { recursive: true })
    .then(() => promises.writeFile(note, folder, { flag: 'wx' }))
    .catch(() => undefined)
  return () => promises.unlink(note).catch(() => undefined)
}

/**
 * Removes the temporary files that dead processes noted, and their notes.
 * @returns the paths removed
 */
export async function sweepJournal(journal: string): Promise<string[]> {
  const names = await promises.readdir(journal).catch(() => [])
  const removed: string[] = []
  for (const name of names.filter(isTemporaryName)) {
    const note = join(journal, name)
    const state = await promises.lstat(note).catch(() => null)
    if (!state?.isFile() || !isStale(name, Date.now() - state.mtimeMs)) continue
    const folder = await promises.readFile(note, 'utf8').catch(() => '')
    // Only ever a file of our own pattern, whatever the note says; a folder we cannot reach now keeps its note.
    const outcome = folder === '' ? 'gone' : await removeIfThere(join(folder, name))
    if (outcome === 'removed') removed.push(join(folder, name))
    if (outcome !== 'kept') await promises.unlink(note).catch(() => undefined)
  }
  return removed
}

async function removeIfThere(path: string): Promise<'removed' | 'gone' | 'kept'> {
  const state = await promises.lstat(path).catch(() => null)
  if (!state) return 'gone'
  if (!state.isFile()) return 'kept'
  return promises.unlink(path).then(
    () => 'removed',
    () => 'kept',
  )
}
