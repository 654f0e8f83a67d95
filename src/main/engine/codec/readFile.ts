import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { checkFileSize } from './limits'
import { naming } from './refusals'

/** `reason` is the system's code, for which `shared/messages` has words. */
const unreadable = (message: string, reason: string, cause?: unknown): DarkroomError =>
  new DarkroomError('file-unreadable', message, { reason }, { cause })

/** The system's error as ours. */
function fileError(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DarkroomError('file-not-found', message, {}, { cause: error })
  }
  return unreadable(message, code ?? message, error)
}

/**
 * The bytes of a file that is to be an image. Its size is checked before anything is read.
 * @throws 'file-not-found', 'file-unreadable' (no permission, a folder, a device), 'file-empty',
 * 'file-too-large'; each with the base name as `file`; 'file-unreadable' also with a
 * `reason`
 */
export async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readWhole(path)
  } catch (error) {
    throw naming(basename(path), fileError(error))
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  // before opening: to open a pipe would wait for its other end
  const kind = await stat(path)
  if (kind.isDirectory()) throw unreadable('It is a folder', 'EISDIR')
  if (!kind.isFile()) throw unreadable('It is no plain file', 'not a regular file')
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    checkFileSize(size)
    const bytes = new Uint8Array(size)
    let at = 0
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, size - at, at)
      if (bytesRead === 0) break // it became shorter while it was read
      at += bytesRead
    }
    return bytes.subarray(0, at)
  } finally {
    await file.close()
  }
}
