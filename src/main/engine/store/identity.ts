/** Whether two paths are the same file: by device and inode, so that links and other spellings of a path are seen. */
import { promises } from 'node:fs'

export interface FileIdentity {
  device: bigint
  inode: bigint
}

/** The identity of the file at a path, links followed; null when there is none or it cannot be asked. */
export async function identityOf(path: string): Promise<FileIdentity | null> {
  const state = await promises.stat(path, { bigint: true }).catch(() => null)
  return state && { device: state.dev, inode: state.ino }
}

export function sameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.device === b.device && a.inode === b.inode
}
