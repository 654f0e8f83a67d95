import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { checkFileSize } from './limits'
import { naming } from './refusals'

/** The system's error as ours. */
function fileError(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  return new DarkroomError(
    missing ? 'file-not-found' : 'file-unreadable',
    message,
    {},
    { cause: error },
  )
}

/**
 * The bytes of a file that is to be an image. Its size is checked before anything is read.
 * @throws 'file-not-found', 'file-unreadable' (no permission, a folder, a device), 'file-empty',
 * 'file-too-large'; each with the base name as `file`
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
  if (!(await stat(path)).isFile()) throw new DarkroomError('file-unreadable', 'It is not a file')
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
