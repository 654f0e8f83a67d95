/**
 * The one-file container for models and checkpoints (`.ldm`).
 *
 * | bytes | what |
 * | --- | --- |
 * | 8 | magic `LDARKRM` and 0x1A |
 * | 4 | format version, uint32 little-endian |
 * | 4 | length H of the header, ≤ 1 MiB |
 * | H | JSON, UTF-8, padded with spaces so that the data begin at a multiple of 64 |
 * | Σ | the tensors' values, float32 little-endian, one tensor after the other in the header's order |
 * | 32 | SHA-256 of everything before |
 *
 * A file is data and nothing else: no class name, no path, no code. Everything in it is checked against
 * the file's own length before anything is allocated from it.
 */
import { createHash } from 'node:crypto'
import { promises } from 'node:fs'
import { endianness } from 'node:os'
import { basename } from 'node:path'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import type { WriterOptions } from './atomicWriter'
import { writeFileAtomically } from './atomicWriter'
import { systemCode } from './fileOperations'

export interface Tensor {
  shape: number[]
  data: Float32Array
}

/** What a file holds. `kind` says which model reads it; `config` and `card` are that model's to check. */
export interface Container {
  header: { kind: string; config: unknown; card: unknown; [key: string]: unknown }
  tensors: Map<string, Tensor>
}

const magic = Buffer.from('LDARKRM\x1a', 'latin1')
const version = 1
export const prefixBytes = 16
export const footerBytes = 32
const alignment = 64
const maxHeaderBytes = 1024 * 1024
const maxFileBytes = 1024 * 1024 * 1024
export const littleEndian = endianness() === 'LE'

const tensorSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$/),
  shape: z.array(z.int().min(1).max(0x7fffffff)).max(6),
})
const reserved = new Set(['kind', 'config', 'card', 'tensors', 'more', '__proto__', 'constructor'])
const headerSchema = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  config: z.json(),
  card: z.json(),
  more: z
    .record(z.string(), z.json())
    .refine((more) => !Object.keys(more).some((key) => reserved.has(key))),
  tensors: z
    .array(tensorSchema)
    .max(10_000)
    .refine((tensors) => new Set(tensors.map((tensor) => tensor.name)).size === tensors.length),
})
export type ContainerHeader = z.infer<typeof headerSchema>

/** The number of values of a shape, or `Infinity` where the product leaves the exact integers. */
export function sizeOf(shape: readonly number[]): number {
  const size = shape.reduce((product, side) => product * side, 1)
  return Number.isSafeInteger(size) ? size : Infinity
}

/**
 * The file's bytes. Keys of `header` besides `kind`, `config` and `card` are kept too (plain JSON only).
 * @throws Error when the container could not be read back: a shape that does not fit its data, a value
 *   that is not finite, a header above 1 MiB, an unfit name. These are our own mistakes, not the user's.
 */
export function encodeContainer(container: Container): Uint8Array {
  const { kind, config, card, ...more } = container.header
  const tensors = [...container.tensors].map(([name, { shape }]) => ({ name, shape }))
  const header = headerSchema.parse({ kind, config, card, more, tensors })
  for (const [name, { shape, data }] of container.tensors) {
    const size = sizeOf(shape)
    if (size !== data.length) {
      throw new Error(
        `tensor ${name}: Expected ${size} values for [${shape.join()}]. Received ${data.length}.`,
      )
    }
    if (!allFinite(data)) throw new Error(`tensor ${name}: Expected finite values.`)
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const headerBytes = Math.ceil((prefixBytes + json.length) / alignment) * alignment - prefixBytes
  if (headerBytes > maxHeaderBytes)
    throw new Error(`Expected a header of at most 1 MiB. Received ${json.length} bytes.`)
  const dataBytes = [...container.tensors.values()].reduce(
    (sum, { data }) => sum + data.byteLength,
    0,
  )
  // Not cleared first, since every byte of it is written below: a checkpoint is many megabytes, twice a minute.
  const file = Buffer.allocUnsafe(prefixBytes + headerBytes + dataBytes + footerBytes)
  magic.copy(file)
  file.writeUInt32LE(version, 8)
  file.writeUInt32LE(headerBytes, 12)
  file.fill(' ', prefixBytes, prefixBytes + headerBytes)
  json.copy(file, prefixBytes)
  let offset = prefixBytes + headerBytes
  for (const { data } of container.tensors.values()) {
    const part = file.subarray(offset, offset + data.byteLength)
    part.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    if (!littleEndian) part.swap32()
    offset += data.byteLength
  }
  createHash('sha256').update(file.subarray(0, offset)).digest().copy(file, offset)
  return file
}

/**
 * The inverse of {@link encodeContainer}; the tensors are copies. `name` is what errors call the file.
 * @throws DarkroomError `model-not-ours` (another kind of file), `model-newer` (a later format version),
 *   `model-damaged` (anything else that is not exactly as it was written)
 */
export function decodeContainer(bytes: Uint8Array, name: string): Container {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = checkPrefix(file, file.length, name)
  const dataStart = prefixBytes + headerBytes
  const dataEnd = file.length - footerBytes
  const hash = createHash('sha256').update(file.subarray(0, dataEnd)).digest()
  if (!hash.equals(file.subarray(dataEnd))) throw damaged(name, 'its checksum does not match')
  const { more, tensors, ...header } = parseHeader(file.subarray(prefixBytes, dataStart), name)
  const sizes = tensors.map((tensor) => sizeOf(tensor.shape))
  const expected = sizes.reduce((sum, size) => sum + size * 4, 0)
  if (expected !== dataEnd - dataStart) {
    throw damaged(name, `expected ${expected} bytes of values, found ${dataEnd - dataStart}`)
  }
  const result: Container['tensors'] = new Map()
  let offset = dataStart
  tensors.forEach((tensor, index) => {
    const data = new Float32Array(sizes[index] ?? 0)
    const part = Buffer.from(data.buffer)
    file.copy(part, 0, offset, offset + data.byteLength)
    if (!littleEndian) part.swap32()
    if (!allFinite(data)) throw damaged(name, `values of ${tensor.name} are not finite`)
    result.set(tensor.name, { shape: tensor.shape, data })
    offset += data.byteLength
  })
  return { header: { ...more, ...header }, tensors: result }
}

/** Checks magic, version and lengths of a file of `fileBytes` bytes by its first 16. Returns the header's length. */
export function checkPrefix(start: Buffer, fileBytes: number, name: string): number {
  if (!start.subarray(0, magic.length).equals(magic)) {
    throw new DarkroomError('model-not-ours', `${name} is not a model of this program`, {
      file: name,
    })
  }
  if (start.length < prefixBytes) throw damaged(name, 'it is cut short')
  const found = start.readUInt32LE(8)
  if (found > version) {
    throw new DarkroomError(
      'model-newer',
      `${name} has format version ${found}, known are up to ${version}`,
      {
        file: name,
        version: found,
      },
    )
  }
  const headerBytes = start.readUInt32LE(12)
  if (found !== version) throw damaged(name, `there is no format version ${found}`)
  if (fileBytes > maxFileBytes) throw damaged(name, 'it is larger than 1 GiB')
  if (headerBytes > maxHeaderBytes || prefixBytes + headerBytes + footerBytes > fileBytes) {
    throw damaged(name, 'its header does not fit in it')
  }
  return headerBytes
}

/** The header of the bytes between the prefix and the values. @throws DarkroomError `model-damaged` */
export function parseHeader(json: Buffer, name: string): ContainerHeader {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
    return headerSchema.parse(value)
  } catch (cause) {
    throw damaged(name, 'its header cannot be read', cause)
  }
}

function allFinite(data: Float32Array): boolean {
  // One comparison a value: x − x is 0 for a finite x and NaN for any other.
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number
    if (value - value !== 0) return false
  }
  return true
}

/** The error of a file that is not as it was written. */
export const damaged = (name: string, what: string, cause?: unknown): DarkroomError =>
  new DarkroomError('model-damaged', `${name} is damaged: ${what}`, { file: name }, { cause })

/**
 * Reads a container from a file. `hash` is the SHA-256 of the whole file in hexadecimal, `bytes` its size.
 * @throws DarkroomError as {@link decodeContainer}, and `file-not-found` or `file-unreadable`
 */
export async function readContainer(
  path: string,
): Promise<Container & { hash: string; bytes: number }> {
  const name = basename(path)
  const bytes = await readBytes(path, name)
  const hash = createHash('sha256').update(bytes).digest('hex')
  return { ...decodeContainer(bytes, name), hash, bytes: bytes.length }
}

/** Looks at the first bytes before reading the rest, so that a film given by mistake is refused at once. */
async function readBytes(path: string, name: string): Promise<Buffer> {
  try {
    const handle = await promises.open(path, 'r')
    try {
      const start = Buffer.alloc(prefixBytes)
      const { bytesRead } = await handle.read(start, 0, prefixBytes, 0)
      checkPrefix(start.subarray(0, bytesRead), (await handle.stat()).size, name)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw asSourceError(error, name)
  }
}

/** A failed system call as `file-not-found` or `file-unreadable`; any other error as it is. */
export function asSourceError(error: unknown, name: string): unknown {
  const code = systemCode(error)
  if (error instanceof DarkroomError || code === '') return error
  return code === 'ENOENT'
    ? new DarkroomError(
        'file-not-found',
        `${name} does not exist`,
        { file: name },
        { cause: error },
      )
    : new DarkroomError(
        'file-unreadable',
        `${name} cannot be read: ${code}`,
        { file: name, reason: code },
        { cause: error },
      )
}

/** Writes a container to a file, atomically. @throws DarkroomError as `writeFileAtomically` */
export async function writeContainer(
  path: string,
  container: Container,
  options: WriterOptions = {},
): Promise<void> {
  await writeFileAtomically(path, encodeContainer(container), options)
}
