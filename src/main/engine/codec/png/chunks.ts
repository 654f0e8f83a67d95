import { largestDeflateRatio } from '../inflate'
import { checkDimensions } from '../limits'
import { damaged } from '../refusals'

/** PNG's colour types (third edition, table 12). */
export const colourType = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const

export interface PngHeader {
  width: number
  height: number
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  depth: number
  colourType: number
  /** Samples a pixel as stored: 1 to 4. */
  samples: number
  interlaced: boolean
}

export interface PngChunk {
  kind: string
  data: Uint8Array
}

export interface PngFile {
  header: PngHeader
  palette: Uint8Array | null
  transparency: Uint8Array | null
  /** The parts of the compressed picture, in order. */
  picture: Uint8Array[]
  /** The first of each ancillary chunk that is asked for by name, and all `iTXt`. */
  extras: PngChunk[]
}

const samplesOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const depthsOf: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
const wantedExtras = new Set(['eXIf', 'iCCP', 'iTXt'])
/** A writer that makes parts of 1 KiB of the largest file needs no more. */
const mostChunks = 600_000
const mostExtras = 256

/** Signed, because the engine's fast integers are. */
const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/**
 * The CRC-32 that closes a chunk, over its kind and data (PNG, annex D); gzip has the same. `before` is the CRC of
 * what came before these bytes.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before
  for (let i = 0; i < bytes.length; i++) {
    c = (crcTable[(c ^ (bytes[i] as number)) & 0xff] as number) ^ (c >>> 8)
  }
  return ~c >>> 0
}

/** The header chunk, which must come first. @throws 'image-damaged', 'image-too-large' */
export function readPngHeader(bytes: Uint8Array): PngHeader {
  if (bytes.length < 33) throw damaged('it ends within its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw damaged('its first chunk is not its header')
  }
  if (crc32(bytes.subarray(12, 29)) !== view.getUint32(29))
    throw damaged("its header's check sum is wrong")
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ]
  checkDimensions(width, height)
  if (!depthsOf[colour]?.includes(depth)) throw damaged(`colour type ${colour} with ${depth} bits`)
  if (compression !== 0 || filter !== 0 || interlace > 1) throw damaged('an unknown coding method')
  const samples = samplesOf[colour] as number
  return { width, height, depth, colourType: colour, samples, interlaced: interlace === 1 }
}

/** Walks all chunks after the header. @throws 'image-damaged' when the file ends before its last chunk */
function* walk(bytes: Uint8Array): Generator<PngChunk & { sound: () => boolean }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 33
  for (let count = 0; ; count++) {
    if (at + 12 > bytes.length) throw damaged('it was cut off')
    if (count >= mostChunks) throw damaged('it has too many chunks')
    const length = view.getUint32(at)
    const end = at + 8 + length
    if (end + 4 > bytes.length) throw damaged('it was cut off')
    const whole = bytes.subarray(at + 4, end)
    const kind = String.fromCharCode(...whole.subarray(0, 4))
    if (!/^[A-Za-z]{4}$/.test(kind)) throw damaged(`a chunk has no name at byte ${at}`)
    yield { kind, data: whole.subarray(4), sound: () => crc32(whole) === view.getUint32(end) }
    if (kind === 'IEND') return
    at = end + 4
  }
}

/** Bytes of one row of `width` pixels, without the filter's byte. */
export const rowBytes = (header: PngHeader, width: number): number =>
  Math.ceil((width * header.samples * header.depth) / 8)

/**
 * Everything of a PNG that is used, its check sums verified: critical chunks must be right, ancillary
 * ones that are not are passed over.
 * @throws 'image-damaged', also when the compressed picture is too short for the size in the header,
 * whatever is in it ('lying header')
 */
export function readPng(bytes: Uint8Array): PngFile {
  const header = readPngHeader(bytes)
  const file: PngFile = { header, palette: null, transparency: null, picture: [], extras: [] }
  let compressed = 0
  for (const { kind, data, sound } of walk(bytes)) {
    const critical = kind.charCodeAt(0) < 97
    if (critical && !sound()) throw damaged(`the check sum of its chunk ${kind} is wrong`)
    if (kind === 'IDAT') {
      file.picture.push(data)
      compressed += data.length
    } else if (kind === 'PLTE') {
      file.palette = data
    } else if (critical && kind !== 'IEND') {
      throw damaged(`an unknown critical chunk ${kind}`)
    } else if (kind === 'tRNS' && sound()) {
      file.transparency = data
    } else if (wantedExtras.has(kind) && file.extras.length < mostExtras && sound()) {
      file.extras.push({ kind, data })
    }
  }
  if (compressed === 0) throw damaged('it holds no picture')
  const needed = header.height * (rowBytes(header, header.width) + 1)
  if (compressed * largestDeflateRatio + 1024 < needed)
    throw damaged('its picture is too short for its size')
  if (header.colourType === colourType.palette) checkPalette(file)
  return file
}

function checkPalette({ header, palette, transparency }: PngFile): void {
  if (!palette || palette.length === 0 || palette.length % 3 !== 0 || palette.length > 768) {
    throw damaged('it has no palette, or a wrong one')
  }
  if (transparency && transparency.length > palette.length / 3)
    throw damaged('its transparency is wrong')
  if (palette.length / 3 > 2 ** header.depth) throw damaged('its palette is too long')
}
