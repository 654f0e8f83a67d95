/**
 * One writer for each item: a lock file that says which process holds it. A lock whose process is gone is stale and is
 * taken over. A process is known by its number and its start time, since numbers come again (in a container, at each start).
 */
import { createHash, randomBytes } from 'node:crypto'
import { promises } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import { asTargetError } from './atomicWriter'
import type { FileOperations } from './fileOperations'
import { systemCode } from './fileOperations'
import { isSameProcess, ownStart } from './processes'
import { claimTemporaryName, releaseTemporaryName } from './temporaryFiles'

const holder = z.strictObject({
  pid: z.int().min(1),
  started: z.string(),
  host: z.string(),
  token: z.string(),
})
type Holder = z.infer<typeof holder>

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 16)
/** A lock of another machine (a shared folder) counts as long as its holder touches it; a checkpoint does, twice a minute. */
const foreignStaleAfter = 60 * 60 * 1000
/** Something unreadable may be a lock that is being written this moment, on file systems without links. */
const garbageStaleAfter = 2000

/** The tokens of the locks that this process holds, by the lock's path. */
const held = new Map<string, string>()

/** Whether this process holds the lock of this path. */
export const holds = (path: string): boolean => held.has(path)

/**
 * Takes the lock at `path`.
 * @returns what releases it; releasing twice is no error
 * @throws DarkroomError `item-busy` while a living process (this one, too) holds it; `target-unwritable`, `disk-full`
 */
export async function takeLock(
  path: string,
  name: string,
  files: FileOperations,
): Promise<() => Promise<void>> {
  const token = randomBytes(8).toString('hex')
  if (held.has(path)) throw busy(name)
  held.set(path, token) // at once, so that two calls in this process cannot both go on
  try {
    await place(path, token, name, files)
  } catch (error) {
    held.delete(path)
    throw asTargetError(error, name)
  }
  return async () => {
    if (held.get(path) !== token) return
    // Only our own: had it been taken from us, it would be another's by now.
    if ((await readLock(path)).holder?.token === token)
      await files.remove(path).catch(() => undefined)
    held.delete(path)
  }
}

async function place(
  path: string,
  token: string,
  name: string,
  files: FileOperations,
): Promise<void> {
  const content = { pid: process.pid, started: await ownStart(), host, token } satisfies Holder
  // Made whole under another name, then linked: nobody ever reads half a lock.
  const temporary = claimTemporaryName()
  const made = join(dirname(path), temporary)
  try {
    await writeSmall(made, JSON.stringify(content), files)
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await linkOrCopy(made, path, content, files)) return
      if (!(await removeIfStale(path, files))) break
    }
    throw busy(name)
  } finally {
    await files.remove(made).catch(() => undefined)
    releaseTemporaryName(temporary)
  }
}

/** Whether the lock is ours now; false when there is one already. */
async function linkOrCopy(
  made: string,
  path: string,
  content: Holder,
  files: FileOperations,
): Promise<boolean> {
  try {
    await files.link(made, path)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error
  }
  return writeSmall(path, JSON.stringify(content), files).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === 'EEXIST') return false
      throw error
    },
  )
}

async function writeSmall(path: string, text: string, files: FileOperations): Promise<void> {
  const bytes = Buffer.from(text)
  const file = await files.create(path)
  try {
    for (let at = 0; at < bytes.length;) {
      const count = await file.write(bytes, at, bytes.length - at, at)
      if (count <= 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
      at += count
    }
  } finally {
    await file.close()
  }
}

/** Whether a lock of a living process lies here. */
export async function isLocked(path: string): Promise<boolean> {
  if (held.has(path)) return true
  const { found, stale } = await readLock(path)
  return found && !stale
}

/** Touches a lock that this process holds, so that other machines see it alive. @throws DarkroomError `item-busy` if it was lost */
export async function renewLock(path: string, name: string): Promise<void> {
  const token = held.get(path)
  if (token === undefined || (await readLock(path)).holder?.token !== token) throw busy(name)
  const now = new Date()
  await promises.utimes(path, now, now).catch(() => undefined)
}

/** Removes a lock whose process is gone. @returns whether there is none any more */
export async function removeIfStale(path: string, files: FileOperations): Promise<boolean> {
  const judged = await readLock(path)
  if (!judged.found) return true
  if (!judged.stale || held.get(path) === judged.holder?.token) return false
  // Renamed away first: of several processes that saw it stale one gets it, and looks whether it is what it saw.
  const temporary = claimTemporaryName()
  const away = join(dirname(path), temporary)
  try {
    await files.rename(path, away)
    if ((await readLock(away)).text !== judged.text) {
      await files.link(away, path).catch(() => undefined) // a new one: put back
    }
    await files.remove(away).catch(() => undefined)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true
    throw error
  } finally {
    releaseTemporaryName(temporary)
  }
}

interface ReadLock {
  found: boolean
  stale: boolean
  text: string
  holder: Holder | null
}

async function readLock(path: string): Promise<ReadLock> {
  const [text, state] = await Promise.all([
    promises.readFile(path, 'utf8').catch(() => null),
    promises.stat(path).catch(() => null),
  ])
  if (text === null || !state) return { found: state !== null, stale: true, text: '', holder: null }
  const age = Date.now() - state.mtimeMs
  const read = parse(text)
  if (!read) return { found: true, stale: age > garbageStaleAfter, text, holder: null }
  const stale =
    read.host === host ? !(await isSameProcess(read.pid, read.started)) : age > foreignStaleAfter
  return { found: true, stale: stale || leftByUs(path, read), text, holder: read }
}

/** Of this very process, but not held: a release that could not remove it. */
const leftByUs = (path: string, { pid, host: of, token }: Holder): boolean =>
  of === host && pid === process.pid && held.get(path) !== token

function parse(text: string): Holder | null {
  try {
    return holder.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const busy = (name: string): DarkroomError =>
  new DarkroomError('item-busy', `${name} is held by another process`, { model: name })
