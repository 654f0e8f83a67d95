/**
 * Writes a file so that its path holds either the old bytes or the new ones, whole, whatever happens:
 *
 * temporary name in the same folder → every byte written, in a loop, since a nearly full disk takes
 * only a part and reports no error → fsync → size checked on the open file → bytes read back →
 * rename → fsync of the folder.
 */
import { basename, dirname, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { FileOperations, OpenFile } from './fileOperations'
import { realFiles, systemCode } from './fileOperations'
import { noteTemporaryFile } from './journal'
import { claimTemporaryName, releaseTemporaryName } from './temporaryFiles'

export { sweepTemporaryFiles } from './temporaryFiles'

const renameAttempts = 8
const chunkBytes = 4 * 1024 * 1024

/** What errors say, and what the tests replace: the file system calls and the pause between two attempts to rename. */
export interface WriterOptions {
  files?: FileOperations
  pause?: (milliseconds: number) => Promise<void>
  platform?: NodeJS.Platform
  /** What errors call the file. Default: its name in the folder. */
  name?: string
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * Replaces the file at `path` by one that holds `bytes`, or makes it. An existing file keeps its mode;
 * a symbolic link stays and its target is replaced. The bytes must not change until this returns.
 *
 * @throws DarkroomError `disk-full` (no space, quota) or `target-unwritable` (missing or read-only folder,
 *   read-only file, not a regular file, I/O error, …) with `file` and the system's `reason`. No temporary
 *   file is left, and the old file is as it was — but when the folder's own fsync is what failed, after
 *   the rename: then the new file is there whole, only not surely on the disk.
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
  options: WriterOptions = {},
): Promise<void> {
  try {
    await write(path, bytes, options)
  } catch (error) {
    throw asTargetError(error, options.name ?? basename(path))
  }
}

async function write(path: string, bytes: Uint8Array, options: WriterOptions): Promise<void> {
  const files = options.files ?? realFiles
  const existing = await files.look(path)
  if (existing) {
    // A rename would replace a device or a pipe by a plain file, and would ignore that a file is write-protected.
    if (!existing.regular) throw unwritable(options.name ?? basename(path), 'not a regular file')
    await files.checkWritable(existing.path)
  }
  const target = existing?.path ?? path
  const folder = dirname(target)
  const name = claimTemporaryName()
  const temporary = join(folder, name)
  const forget = await noteTemporaryFile(name, folder)
  let folderHandle: OpenFile | null = null
  try {
    // Opened before anything changes: when no more files can be opened the old one is still there.
    folderHandle = await openFolder(files, folder, options.platform)
    await writeTemporary(files, temporary, bytes, existing?.mode)
    try {
      await renameWithRetry(files, temporary, target, options)
    } catch (error) {
      await files.remove(temporary).catch(() => undefined)
      throw error
    }
    await folderHandle?.sync().catch(ignoreUnsupported)
  } finally {
    await folderHandle?.close().catch(() => undefined)
    releaseTemporaryName(name)
    await forget()
  }
}

/** Makes the temporary file, whole and on the disk; removes it again when any step fails. */
async function writeTemporary(
  files: FileOperations,
  temporary: string,
  bytes: Uint8Array,
  mode: number | undefined,
): Promise<void> {
  const file = await files.create(temporary)
  try {
    try {
      if (mode !== undefined) await file.chmod(mode)
      await writeAll(file, bytes)
      await file.sync()
      await verify(file, bytes)
    } finally {
      await file.close()
    }
  } catch (error) {
    await files.remove(temporary).catch(() => undefined)
    throw error
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const length = Math.min(chunkBytes, bytes.length - written)
    const count = await file.write(bytes, written, length, written)
    if (count <= 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
    written += count
  }
}

async function verify(file: OpenFile, bytes: Uint8Array): Promise<void> {
  const size = await file.size()
  if (size !== bytes.length) throw failedCheck(`expected ${bytes.length} bytes, found ${size}`)
  const chunk = new Uint8Array(Math.min(chunkBytes, bytes.length))
  for (let position = 0; position < bytes.length;) {
    const count = await file.read(chunk, position)
    const same =
      count > 0 &&
      Buffer.compare(chunk.subarray(0, count), bytes.subarray(position, position + count)) === 0
    if (!same) throw failedCheck(`different bytes at ${position}`)
    position += count
  }
}

const failedCheck = (what: string): Error =>
  Object.assign(new Error(`the file read back is not what was written: ${what}`), { code: 'EIO' })

/** Windows refuses to rename while a virus scanner or an indexer holds the file: it lets go after a moment. */
export async function renameWithRetry(
  files: FileOperations,
  from: string,
  to: string,
  { pause = sleep, platform = process.platform }: WriterOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await files.rename(from, to)
      return
    } catch (error) {
      const held = platform === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(systemCode(error))
      if (!held || attempt === renameAttempts) throw error
      await pause(10 * 2 ** attempt)
    }
  }
}

/** The folder as something that can be synced; null where there is no such thing. */
export async function openFolder(
  files: FileOperations,
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<OpenFile | null> {
  return platform === 'win32' ? null : files.openFolder(folder) // Windows cannot open a folder as a file
}

/** Some network file systems know no fsync of a folder; every other failure counts. */
export function ignoreUnsupported(error: unknown): void {
  if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemCode(error))) throw error
}

const unwritable = (file: string, reason: string, cause?: unknown): DarkroomError =>
  new DarkroomError(
    'target-unwritable',
    `${file} cannot be written: ${reason}`,
    { file, reason },
    { cause },
  )

/** A failed system call as `disk-full` or `target-unwritable` of what `file` names; any other error as it is. */
export function asTargetError(error: unknown, file: string): unknown {
  const code = systemCode(error)
  if (error instanceof DarkroomError || code === '') return error
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return unwritable(file, code, error)
  return new DarkroomError('disk-full', `no space to write ${file}`, { file }, { cause: error })
}
