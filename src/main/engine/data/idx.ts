/**
 * Readers of idx files, the format of MNIST (LeCun, Cortes, Burges, 'The MNIST database'): two zero bytes, the type of
 * the values (0x08: bytes), the number of dimensions, each dimension as a big-endian uint32, then the values, the last
 * dimension fastest. Plain or gzipped. The bytes of a file meet only JavaScript, and nothing is allocated for what a
 * header promises before it was compared with what the file can hold.
 */
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Gunzip } from 'fflate'
import { DarkroomError } from '../../../shared/errors'
import { largestDeflateRatio } from '../codec/inflate'
import { crc32 } from '../codec/png/chunks'
import { withFile } from '../codec/readFile'
import { memoryForData } from './memory'
import { requireMemory, stopIfAborted, type ReadOptions } from './reading'

export interface IdxImages {
  count: number
  width: number
  height: number
  channels: 1 | 3
  /** [count, height, width, channels] */
  data: Uint8Array
}

/** Why a file is refused; `shared/messages` has words for each. */
export type IdxFault =
  | 'idx-magic'
  | 'idx-type'
  | 'idx-shape'
  | 'idx-empty'
  | 'idx-short'
  | 'idx-long'
  | 'idx-absurd'
  | 'idx-gzip'
  | 'idx-labels'

/** Bytes read at a time, and inflated at a time: these make at most 32 MiB. */
const chunk = { plain: 4 * 2 ** 20, gzip: 32 * 1024 }
/** Inflated chunks between two breaths. */
const chunksABreath = 8
/** A header's name that never ends would be collected for ever: by here the first values must have come. */
const mostWithoutOutput = 2 ** 20
const largestSide = 1024

/**
 * The images of an idx file: [count, height, width], or [count, height, width, channels] with 1 or 3 channels, sides
 * of 1 to 1,024 pixels.
 * @throws DarkroomError 'data-damaged' (`file`, `reason`: an {@link IdxFault}), 'training-too-large', 'file-not-found',
 * 'file-unreadable', 'cancelled'
 */
export async function readIdxImages(path: string, options: ReadOptions = {}): Promise<IdxImages> {
  const { dimensions, data } = await readIdx(path, options, (shape) => {
    const [count = 0, height = 0, width = 0, channels = 1] = shape
    const known = shape.length === 3 || (shape.length === 4 && (channels === 1 || channels === 3))
    const sound = [height, width].every((side) => side >= 1 && side <= largestSide)
    if (!known || !sound) return 'idx-shape'
    return count === 0 ? 'idx-empty' : null
  })
  const [count, height, width, channels = 1] = dimensions as [number, number, number, (1 | 3)?]
  return { count, width, height, channels, data }
}

/**
 * The labels of `count` images: an idx file [count].
 * @throws DarkroomError as {@link readIdxImages}
 */
export async function readIdxLabels(
  path: string,
  count: number,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  const { data } = await readIdx(path, options, (shape) => {
    if (shape.length !== 1) return 'idx-shape'
    return shape[0] === count ? null : 'idx-labels'
  })
  return data
}

/** Judges the dimensions before anything is allocated for them. */
type Judge = (dimensions: readonly number[]) => IdxFault | null

function readIdx(
  path: string,
  { signal, onProgress, memoryBytes = memoryForData() }: ReadOptions,
  judge: Judge,
): Promise<{ dimensions: number[]; data: Uint8Array }> {
  const name = basename(path)
  return withFile(path, async (file, size) => {
    if (size === 0) throw damaged(name, 'idx-short', 'it is empty')
    const start = new Uint8Array(2)
    await file.read(start, 0, 2, 0)
    const gzipped = start[0] === 0x1f && start[1] === 0x8b
    const values = new IdxValues(name, judge, (promised) => {
      const most = gzipped ? size * largestDeflateRatio : size
      if (promised > most) {
        const fault = gzipped ? 'idx-absurd' : 'idx-short'
        throw damaged(name, fault, `${promised} bytes promised, ${most} possible`)
      }
      requireMemory(promised, memoryBytes)
    })
    const sink = gzipped ? new GzipSink(name, values) : values
    const step = gzipped ? chunk.gzip : chunk.plain
    const bytes = new Uint8Array(Math.min(step, size))
    for (let at = 0, chunks = 1; at < size; chunks++) {
      stopIfAborted(signal)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
      if (bytesRead === 0) break // it became shorter while it was read
      sink.push(bytes.subarray(0, bytesRead))
      at += bytesRead
      onProgress?.(at / size)
      if (chunks % chunksABreath === 0) await setImmediate()
    }
    if (sink instanceof GzipSink) sink.close(await lastBytes(file, size))
    return values.close()
  })
}

/** Receives the bytes of an idx file in parts. */
class IdxValues {
  readonly #header = new Uint8Array(4 + 4 * 4)
  #headerBytes = 0
  #dimensions: number[] | null = null
  #data = new Uint8Array(0)
  #received = 0
  readonly #name: string
  readonly #judge: Judge
  readonly #allow: (bytes: number) => void

  constructor(name: string, judge: Judge, allow: (bytes: number) => void) {
    this.#name = name
    this.#judge = judge
    this.#allow = allow
  }

  push(bytes: Uint8Array): void {
    let from = 0
    while (this.#dimensions === null && from < bytes.length) {
      this.#header[this.#headerBytes++] = bytes[from++] as number
      this.#readHeader()
    }
    if (this.#dimensions === null) return
    const rest = bytes.subarray(from)
    if (this.#received + rest.length > this.#data.length) {
      throw damaged(this.#name, 'idx-long', `more than the ${this.#data.length} bytes promised`)
    }
    this.#data.set(rest, this.#received)
    this.#received += rest.length
  }

  close(): { dimensions: number[]; data: Uint8Array } {
    if (this.#dimensions === null || this.#received < this.#data.length) {
      const promised = `${this.#received} of ${this.#data.length} bytes`
      throw damaged(this.#name, 'idx-short', promised)
    }
    return { dimensions: this.#dimensions, data: this.#data }
  }

  /** Looks at the header as far as it came; once it is whole the memory for its values is allocated. */
  #readHeader(): void {
    const [header, length] = [this.#header, this.#headerBytes]
    const zeros = header[0] === 0 && header[1] === 0
    if (!zeros) throw damaged(this.#name, 'idx-magic', 'it does not begin with two zero bytes')
    if (length < 4) return
    if (header[2] !== 8) throw damaged(this.#name, 'idx-type', `type ${header[2]}`)
    const count = header[3] as number
    if (count < 1 || count > 4) throw damaged(this.#name, 'idx-shape', `${count} dimensions`)
    if (length < 4 + 4 * count) return
    const view = new DataView(header.buffer)
    const dimensions = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i))
    const fault = this.#judge(dimensions)
    if (fault) throw damaged(this.#name, fault, `dimensions ${dimensions.join(' × ')}`)
    const bytes = dimensions.reduce((product, side) => product * side, 1)
    this.#allow(bytes)
    this.#data = new Uint8Array(bytes)
    this.#dimensions = dimensions
  }
}

/** Inflates what it gets into an {@link IdxValues}, which refuses more than was promised. */
class GzipSink {
  readonly #inflater: Gunzip
  #taken = 0
  #made = 0
  #members = 1
  #crc = 0
  readonly #name: string
  readonly #values: IdxValues

  constructor(name: string, values: IdxValues) {
    this.#name = name
    this.#values = values
    this.#inflater = new Gunzip((bytes) => {
      if (bytes.length === 0) return
      this.#crc = crc32(bytes, this.#crc)
      this.#made += bytes.length
      values.push(bytes)
    })
    this.#inflater.onmember = () => this.#members++
  }

  push(bytes: Uint8Array): void {
    this.#taken += bytes.length
    try {
      this.#inflater.push(bytes.slice()) // a copy: it holds on to what it gets
    } catch (error) {
      if (error instanceof DarkroomError) throw error
      throw damaged(this.#name, 'idx-gzip', String(error), error)
    }
    if (this.#made === 0 && this.#taken > mostWithoutOutput) {
      throw damaged(this.#name, 'idx-gzip', 'it inflates to nothing')
    }
  }

  /** Compares with the trailer: CRC-32 and length of what was compressed (RFC 1952), for a file of one member. */
  close(trailer: DataView): void {
    if (this.#members > 1 || trailer.byteLength < 8) return
    const sound =
      trailer.getUint32(0, true) === this.#crc && trailer.getUint32(4, true) === this.#made
    if (sound) return
    this.#values.close() // what is cut off is said to be so
    throw damaged(this.#name, 'idx-gzip', 'its checksum does not match')
  }
}

async function lastBytes(file: FileHandle, size: number): Promise<DataView> {
  const bytes = new Uint8Array(8)
  await file.read(bytes, 0, 8, Math.max(0, size - 8))
  return new DataView(bytes.buffer)
}

const damaged = (file: string, reason: IdxFault, detail: string, cause?: unknown): DarkroomError =>
  new DarkroomError(
    'data-damaged',
    `${file} cannot be used (${reason}): ${detail}`,
    { file, reason },
    { cause },
  )
