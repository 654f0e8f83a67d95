import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from './cache.mjs'

/**
 * Runs one job at a time among processes: several command lines started at once on a fresh checkout must not
 * install into the same folder. A lock whose owner is gone is taken over.
 * @template T
 * @param {string} folder the lock; its parent is made
 * @param {() => Promise<T>} job
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(folder, job, onWait = () => undefined) {
  const owner = path.join(folder, 'owner')
  fs.mkdirSync(path.dirname(folder), { recursive: true })
  for (let waited = false; !take(folder, owner);) {
    if (!waited) onWait()
    waited = true
    await sleep(200)
  }
  try {
    return await job()
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder
 * @param {string} owner
 * @returns {boolean} whether the lock is ours now
 */
function take(folder, owner) {
  try {
    fs.mkdirSync(folder)
    fs.writeFileSync(owner, String(process.pid))
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  try {
    if (isRunning(Number(fs.readFileSync(owner, 'utf8')))) return false
  } catch {
    // No owner written: just being taken, or its taker died in between; only an old one is abandoned.
    const made = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - made < 5000) return false
  }
  fs.rmSync(folder, { recursive: true, force: true })
  return false
}
