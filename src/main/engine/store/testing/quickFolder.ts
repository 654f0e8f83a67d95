/** For tests only: a folder in memory where the system has one. Thousands of fsyncs take minutes on a disk that is in use. */
import { accessSync, constants, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function quickFolder(name: string): string {
  return mkdtempSync(join(inMemory() ?? tmpdir(), name))
}

function inMemory(): string | null {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return null
  }
}
