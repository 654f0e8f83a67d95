import fs from 'node:fs'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'

/**
 * A small reader for the two kinds of zip files met here, Electron's releases and Python wheels: stored and deflated
 * entries, Unix modes and links; no encryption, no archive above 4 GB.
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} method 0 stored, 8 deflated
 * @property {number} packed bytes in the archive
 * @property {number} size bytes of the content
 * @property {number} mode Unix mode, 0 where the archive has none
 * @property {number} offset of its local header
 */

/**
 * @param {string} file
 * @returns {Entry[]}
 * @throws {Error} when it is not a zip file of the kind above
 */
export function listZip(file) {
  const handle = fs.openSync(file, 'r')
  try {
    const { size } = fs.fstatSync(handle)
    const tail = readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557))
    const end = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
    if (end < 0 || end + 22 > tail.length)
      throw new Error(`${path.basename(file)} is not a complete zip file`)
    const count = tail.readUInt16LE(end + 10)
    const directory = readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
    if (count === 0xffff)
      throw new Error(`${path.basename(file)} is a zip file above the supported size`)
    return readDirectory(directory, count)
  } finally {
    fs.closeSync(handle)
  }
}

/**
 * @param {Buffer} directory
 * @param {number} count
 */
function readDirectory(directory, count) {
  /** @type {Entry[]} */
  const entries = []
  for (let at = 0; entries.length < count;) {
    if (directory.readUInt32LE(at) !== 0x02014b50)
      throw new Error('the zip file has a damaged directory')
    const nameLength = directory.readUInt16LE(at + 28)
    entries.push({
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt16LE(at + 40),
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

/**
 * Unpacks entries below a folder.
 * @param {string} file
 * @param {string} folder
 * @param {(name: string) => string | null} [place] where an entry goes, relative to the folder; null leaves it out
 */
export async function extractZip(file, folder, place = (name) => name) {
  const handle = fs.openSync(file, 'r')
  try {
    for (const entry of listZip(file)) {
      const relative = place(entry.name)
      if (relative === null) continue
      const target = path.resolve(folder, relative)
      if (!`${target}${path.sep}`.startsWith(`${path.resolve(folder)}${path.sep}`)) {
        throw new Error(`${path.basename(file)} has an entry outside its folder: ${entry.name}`)
      }
      if (entry.name.endsWith('/')) fs.mkdirSync(target, { recursive: true })
      else await extractEntry(file, handle, entry, target)
    }
  } finally {
    fs.closeSync(handle)
  }
}

/**
 * @param {string} file
 * @param {number} handle
 * @param {Entry} entry
 * @param {string} target
 */
async function extractEntry(file, handle, entry, target) {
  const header = readAt(handle, entry.offset, 30)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  if ((entry.mode & 0o170000) === 0o120000) {
    const content = readAt(handle, start, entry.packed)
    const link = (entry.method === 8 ? zlib.inflateRawSync(content) : content).toString('utf8')
    if (path.isAbsolute(link) || link.split('/').includes('..')) {
      throw new Error(`${path.basename(file)} has a link out of its folder: ${entry.name}`)
    }
    fs.symlinkSync(link, target)
    return
  }
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${entry.name} is packed in an unknown way`)
  const mode = entry.mode & 0o777 || 0o644
  const output = fs.createWriteStream(target, { mode })
  const checked = new Checked(entry)
  if (entry.packed === 0) {
    await pipeline([Buffer.alloc(0)], checked, output)
    return
  }
  const input = fs.createReadStream(file, {
    start,
    end: start + entry.packed - 1,
    highWaterMark: 1 << 20,
  })
  if (entry.method === 8) {
    await pipeline(input, zlib.createInflateRaw({ chunkSize: 1 << 20 }), checked, output)
  } else await pipeline(input, checked, output)
}

/** Passes content on and compares its length with what the directory says. */
class Checked extends Transform {
  /** @param {Entry} entry */
  constructor(entry) {
    super()
    this.entry = entry
    this.length = 0
  }

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {import('node:stream').TransformCallback} callback
   * @override
   */
  _transform(chunk, _encoding, callback) {
    this.length += chunk.length
    callback(null, chunk)
  }

  /**
   * @param {import('node:stream').TransformCallback} callback
   * @override
   */
  _flush(callback) {
    const { name, size } = this.entry
    callback(
      this.length === size
        ? null
        : new Error(`${name} has ${this.length} bytes instead of ${size}`),
    )
  }
}

/**
 * @param {number} handle
 * @param {number} position
 * @param {number} length
 */
function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length)
  const read = fs.readSync(handle, buffer, 0, length, position)
  if (read !== length) throw new Error('the zip file ends too early')
  return buffer
}
