/**
 * The file system calls that the atomic writer makes, as an interface: the tests put a fault
 * (no space, an I/O error, a short write, a kill) before or into each single one of them.
 */
import { constants, promises } from 'node:fs'

/** An open file, as far as the writer needs it. */
export interface OpenFile {
  /** Writes from `offset`; may write fewer than `length` bytes and says how many it wrote. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<number>
  /** Reads up to `into.length` bytes; 0 at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>
  /** The file's own size in bytes, asked of the open file (fstat). */
  size(): Promise<number>
  chmod(mode: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** What is known of a path before writing to it. `null` when nothing is there. */
export interface PathState {
  /** The path with symbolic links resolved: what really gets replaced. */
  path: string
  regular: boolean
  mode: number
}

export interface FileOperations {
  look(path: string): Promise<PathState | null>
  /** Fails with EACCES or EROFS when an existing file may not be written. */
  checkWritable(path: string): Promise<void>
  /** Creates a file that must not exist yet. */
  create(path: string): Promise<OpenFile>
  openFolder(path: string): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** A second name for a file. Fails with EEXIST when there is something of that name. */
  link(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
}

const wrap = (handle: promises.FileHandle): OpenFile => ({
  write: async (bytes, offset, length, position) =>
    (await handle.write(bytes, offset, length, position)).bytesWritten,
  read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
  size: async () => (await handle.stat()).size,
  chmod: (mode) => handle.chmod(mode),
  sync: () => handle.sync(),
  close: () => handle.close(),
})

/** The code of a failed system call ('ENOSPC', 'EACCES', …), or '' for anything else. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

/** The real file system. */
export const realFiles: FileOperations = {
  async look(path) {
    try {
      const real = await promises.realpath(path)
      const state = await promises.stat(real)
      return { path: real, regular: state.isFile(), mode: state.mode & 0o7777 }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null
      throw error
    }
  },
  checkWritable: (path) => promises.access(path, constants.W_OK),
  create: async (path) => wrap(await promises.open(path, 'wx+', 0o666)),
  openFolder: async (path) => wrap(await promises.open(path, 'r')),
  rename: (from, to) => promises.rename(from, to),
  link: (from, to) => promises.link(from, to),
  remove: (path) => promises.unlink(path),
}
