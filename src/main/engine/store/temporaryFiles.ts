/**
 * Temporary names and the cleaning up after a process that died while writing.
 *
 * A name tells who is writing: `.latent-darkroom-HOST-PID-RANDOM.part`. A file of a process that is
 * gone is stale; one of another machine (a shared folder) only once it has not been touched for an hour.
 */
import { createHash, randomBytes } from 'node:crypto'
import { promises } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './processes'

const pattern = /^\.latent-darkroom-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}\.part$/
const staleAfterMilliseconds = 60 * 60 * 1000
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** Names that this very process is writing at the moment. */
const inUse = new Set<string>()

/** A new temporary file name of this process, marked as in use until {@link releaseTemporaryName}. */
export function claimTemporaryName(): string {
  const name = `.latent-darkroom-${host}-${process.pid}-${randomBytes(6).toString('hex')}.part`
  inUse.add(name)
  return name
}

/** The file of this name is gone (renamed or removed). */
export function releaseTemporaryName(name: string): void {
  inUse.delete(name)
}

/** Whether a file name is one that {@link claimTemporaryName} makes: nothing else is ever swept. */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name)
}

/** Whether the process that made this name is surely not writing any more. `age` in milliseconds since the last write. */
export function isStale(name: string, age: number): boolean {
  const match = pattern.exec(name)
  if (!match || inUse.has(name)) return false
  if (age > staleAfterMilliseconds) return true
  if (match[1] !== host) return false
  const processId = Number(match[2])
  // Our own number but not in use here: left by an earlier process that had the same number (usual in containers).
  return processId === process.pid || !isAlive(processId)
}

/**
 * Removes the temporary files that dead processes left in a folder.
 * @returns the names removed; a folder that is missing or cannot be read has none
 */
export async function sweepTemporaryFiles(folder: string): Promise<string[]> {
  const names = await promises.readdir(folder).catch(() => [])
  const removed: string[] = []
  for (const name of names.filter(isTemporaryName)) {
    const path = join(folder, name)
    const state = await promises.lstat(path).catch(() => null)
    if (!state?.isFile() || !isStale(name, Date.now() - state.mtimeMs)) continue
    const gone = await promises.unlink(path).then(
      () => true,
      () => false,
    )
    if (gone) removed.push(name)
  }
  return removed
}
