/**
 * What was made of a folder of images, kept as one file.
 *
 * | bytes | what |
 * | --- | --- |
 * | 8 | magic `LDIMAGE` and 0x1A |
 * | 4 | length H of the header, uint32 little-endian, ≤ 1 MiB |
 * | H | JSON: sizes, names of labels, skipped files |
 * | Σ | training images, their labels, test images, their labels |
 * | 32 | SHA-256 of everything before |
 *
 * It holds nothing that is not in the folder as well: whatever is wrong with it, it is made again.
 */
import { createHash, type Hash } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import { dataCard } from '../../../shared/training'
import { readBytes, withFile } from '../codec/readFile'
import { writeFileAtomically } from '../store/atomicWriter'
import type { Target } from './fitImage'
import type { RawSet } from './reading'

const magic = Buffer.from('LDIMAGE\x1a', 'latin1')
const mostHeaderBytes = 2 ** 20
const footerBytes = 32
const hashedAtOnce = 8 * 2 ** 20
/** What the cache may hold; the files that were used least recently go first. */
const most = { files: 16, bytes: 4 * 2 ** 30 }

const headerSchema = z.strictObject({
  ...dataCard.pick({ width: true, height: true, channels: true, skipped: true }).shape,
  images: z.int().min(0),
  test: z.int().min(0),
  labelNames: z.array(z.string()).max(256).nullable(),
})

/** The set of a cache file; null where there is none, it is damaged, or it is for other sizes. */
export async function readFolderCache(
  path: string,
  target: Target,
  memoryBytes: number,
): Promise<RawSet | null> {
  try {
    const file = await withFile(path, async (handle, size) =>
      size > memoryBytes ? null : await readBytes(handle, size),
    )
    const set = file && (await decode(file, target))
    // so that it is known to be in use
    if (set) await utimes(path, new Date(), new Date())
    return set
  } catch {
    return null // made again
  }
}

/** Keeps a set. That it could not be kept (a full disk, a folder that is read-only) is no reason to stop. */
export async function writeFolderCache(path: string, set: RawSet): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomically(path, await encode(set))
    await prune(dirname(path))
  } catch (error) {
    const told =
      error instanceof DarkroomError || (error as NodeJS.ErrnoException).code !== undefined
    if (!told) throw error
  }
}

async function encode(set: RawSet): Promise<Uint8Array> {
  const { width, height, channels, skipped, labelNames, images, labels, test } = set
  const size = width * height * channels
  const counts = { images: images.length / size, test: test.images.length / size }
  const header = { width, height, channels, skipped, ...counts, labelNames }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const parts = [magic, length, json, images, labels, test.images, test.labels].filter(
    (part): part is Buffer => part !== null,
  )
  const whole = Buffer.concat([...parts, Buffer.alloc(footerBytes)])
  const end = whole.length - footerBytes
  ;(await digest(whole.subarray(0, end))).digest().copy(whole, end)
  return whole
}

async function decode(bytes: Uint8Array, target: Target): Promise<RawSet | null> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = file.length - footerBytes
  if (end < magic.length + 4 || !file.subarray(0, magic.length).equals(magic)) return null
  const headerBytes = file.readUInt32LE(magic.length)
  const start = magic.length + 4 + headerBytes
  if (headerBytes > mostHeaderBytes || start > end) return null
  const hash = await digest(file.subarray(0, end))
  if (!hash.digest().equals(file.subarray(end))) return null
  const header = headerSchema.parse(JSON.parse(file.toString('utf8', magic.length + 4, start)))
  const { width, height, channels, skipped, labelNames } = header
  if (width !== target.width || height !== target.height || channels !== target.channels)
    return null
  const size = width * height * channels
  let at = start
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length))
  const part = (count: number) => ({
    images: take(count * size),
    labels: labelNames && take(count),
  })
  const [training, test] = [part(header.images), part(header.test)]
  if (at !== end) return null
  return { width, height, channels, skipped, labelNames, ...training, test }
}

async function digest(bytes: Uint8Array): Promise<Hash> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += hashedAtOnce) {
    hash.update(bytes.subarray(at, at + hashedAtOnce))
    await setImmediate()
  }
  return hash
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.images'))
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), ...(await stat(join(folder, name))) })),
  )
  files.sort((a, b) => b.mtimeMs - a.mtimeMs)
  let bytes = 0
  for (const [index, { path, size }] of files.entries()) {
    bytes += size
    if (index > 0 && (index >= most.files || bytes > most.bytes)) await rm(path, { force: true })
  }
}
