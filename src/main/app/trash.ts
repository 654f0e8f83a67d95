/** The end of what the library's own trash held: into the system's trash, or away where the system has none. */
import { rm } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'

interface TrashOptions {
  /** The library's folder. Nothing outside it is touched, whatever is asked. */
  folder: string
  /** Moves a file to the system's trash, and fails where there is none. */
  moveToTrash: (path: string) => Promise<void>
  log: (text: string) => void
}

const lies = (path: string, folder: string) => {
  const way = relative(folder, path)
  return isAbsolute(path) && way !== '' && !way.startsWith('..') && !isAbsolute(way)
}

/**
 * Removes files of the library for good.
 * @throws the file system's error of a file that could be neither moved nor deleted; the others are gone then.
 */
export async function discard(
  files: readonly string[],
  { folder, moveToTrash, log }: TrashOptions,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    files.map(async (path) => {
      if (!lies(path, folder)) return log(`refused to delete ${path}, which is not in the library`)
      try {
        await moveToTrash(path)
      } catch {
        await rm(path, { recursive: true, force: true })
      }
    }),
  )
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
