/** Moves a file within the library, so that it is surely in one of both places. */
import { basename, dirname } from 'node:path'
import { asTargetError, ignoreUnsupported, openFolder, renameWithRetry } from './atomicWriter'
import type { FileOperations } from './fileOperations'

/**
 * Renames a file and syncs both folders. The target must not exist: it would be replaced.
 * @throws DarkroomError `target-unwritable`, `disk-full`
 */
export async function moveFile(from: string, to: string, files: FileOperations): Promise<void> {
  try {
    await renameWithRetry(files, from, to)
    for (const folder of new Set([dirname(to), dirname(from)])) await syncFolder(folder, files)
  } catch (error) {
    throw asTargetError(error, basename(to))
  }
}

/** Removes a file and syncs its folder. @throws DarkroomError `target-unwritable` */
export async function removeFile(path: string, files: FileOperations): Promise<void> {
  try {
    await files.remove(path)
    await syncFolder(dirname(path), files)
  } catch (error) {
    throw asTargetError(error, basename(path))
  }
}

async function syncFolder(path: string, files: FileOperations): Promise<void> {
  const folder = await openFolder(files, path)
  try {
    await folder?.sync().catch(ignoreUnsupported)
  } finally {
    await folder?.close().catch(() => undefined)
  }
}
