import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { formatBytes, SetupError } from './report.mjs'

/**
 * Makes a folder as a whole or not at all: it is filled under another name and renamed when complete.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function publishFolder(folder, fill) {
  fs.mkdirSync(path.dirname(folder), { recursive: true })
  removeAbandoned(folder)
  const temporary = `${folder}.partial-${process.pid}`
  fs.rmSync(temporary, { recursive: true, force: true })
  fs.mkdirSync(temporary)
  try {
    await fill(temporary)
    fs.rmSync(folder, { recursive: true, force: true })
    fs.renameSync(temporary, folder)
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

/**
 * Removes what interrupted set-ups left beside a folder.
 * @param {string} folder
 */
function removeAbandoned(folder) {
  const prefix = `${path.basename(folder)}.partial-`
  for (const name of fs.readdirSync(path.dirname(folder))) {
    if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue
    fs.rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true })
  }
}

/**
 * @param {number} processId
 * @returns {boolean} also true for a process of another user
 */
export function isRunning(processId) {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * @param {string} folder an existing folder or one below an existing folder
 * @param {number} bytes needed at the peak, downloads and unpacked files together
 * @param {string} what for the message
 * @throws {SetupError} when the disk has less
 */
export async function requireSpace(folder, bytes, what) {
  let existing = folder
  while (!fs.existsSync(existing)) existing = path.dirname(existing)
  const { bavail, bsize } = await fs.promises.statfs(existing)
  if (bavail * bsize >= bytes) return
  throw new SetupError(
    `not enough disk space for ${what}`,
    `${formatBytes(bytes)} are needed in ${folder}, ${formatBytes(bavail * bsize)} are free`,
    'Free some space there, or name another folder: XDG_CACHE_HOME=/a/larger/disk npm start',
  )
}

/**
 * @param {string} file
 * @returns {Promise<string>} SHA-256 of its content, hexadecimal
 */
export async function hashFile(file) {
  const hash = crypto.createHash('sha256')
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 }))
    hash.update(chunk)
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {number} bytes of all regular files below it; links do not count
 */
export function folderSize(folder) {
  let sum = 0
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) sum += folderSize(file)
    else if (entry.isFile()) sum += fs.statSync(file).size
  }
  return sum
}

/**
 * Puts a link in the place of whatever is there.
 * @param {string} target a file or folder
 * @param {string} place
 */
export function placeLink(target, place) {
  // A link is removed as such: nothing may ever be deleted or unpacked through it.
  if (isLink(place)) {
    if (path.resolve(path.dirname(place), fs.readlinkSync(place)) === path.resolve(target)) return
    fs.unlinkSync(place)
  } else fs.rmSync(place, { recursive: true, force: true })
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.symlinkSync(target, place, 'junction') // the third word is for Windows, where links need rights
}

/** @param {string} place */
export function isLink(place) {
  return fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
