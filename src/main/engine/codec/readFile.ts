import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { ImageFormat } from '../../../shared/types'
import { checkFileSize } from './limits'
import { naming } from './refusals'
import { sniff } from './sniff'

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
 * Opens a plain file for reading, lets `use` have it with its size in bytes, and closes it.
 * @throws 'file-not-found', 'file-unreadable' (no permission, a folder, a device; with a `reason`), and what `use`
 * throws; each with the base name as `file`
 */
export async function withFile<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  try {
    // before opening: to open a pipe would wait for its other end
    const kind = await stat(path)
    if (kind.isDirectory()) throw unreadable('It is a folder', 'EISDIR')
    if (!kind.isFile()) throw unreadable('It is no plain file', 'not a regular file')
    const file = await open(path, 'r')
    try {
      return await use(file, (await file.stat()).size)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw naming(basename(path), fileError(error))
  }
}

/**
 * The bytes of a file that is to be an image. Its size is checked before anything is read.
 * @throws as {@link withFile}, and 'file-empty', 'file-too-large'
 */
export function readImageFile(path: string): Promise<Uint8Array> {
  return withFile(path, async (file, size) => {
    checkFileSize(size)
    return readBytes(file, size)
  })
}

/**
 * An image file's format by its first bytes; nothing else of it is read.
 * @throws as {@link readImageFile} and {@link sniff}
 */
export function imageFormatOf(path: string): Promise<ImageFormat> {
  return withFile(path, async (file, size) => {
    checkFileSize(size)
    return sniff(await readBytes(file, Math.min(size, 512)), basename(path))
  })
}

/** The first `size` bytes of an open file, or all where it became shorter meanwhile. */
export async function readBytes(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}
