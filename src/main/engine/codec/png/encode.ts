import { Deflate, zlibSync } from 'fflate'
import type { ExportBits } from '../../../../shared/types'
import {
  concatenated,
  rowBytesOf,
  samplesOf,
  shapeOf,
  type Band,
  type BandedFormat,
  type Frame,
  type Place,
  type Shape,
} from '../band'
import { withDepth, type Metadata, type Planes } from '../planes'
import { adlerOf, adlerOfNothing, joinedAdler, valueOf, type Adler } from './adler'
import { colourType, crc32 } from './chunks'
import { paeth } from './rows'

/**
 * JavaScript (fflate) rather than Node's zlib: Electron's is another build of zlib than Node's and gives
 * other bytes, and an export is the same file from the window and from the command line.
 */
const level = 4

/** Deflate with a window of 32 KiB, and of which level it is (RFC 1950). */
const zlibHeader = Uint8Array.of(0x78, 0x5e)

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length) // of its own memory, which may be handed over
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(kind, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}

function headerChunk(width: number, height: number, bits: number, colour: number): Uint8Array {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([bits, colour], 8)
  return chunk('IHDR', data)
}

/** The metadata chunks, all of which stand before the picture: iCCP, eXIf, iTXt with XMP's keyword. */
function metadataChunks({ exif, icc, xmp, profileName }: Metadata): Uint8Array[] {
  const chunks: Uint8Array[] = []
  if (icc) {
    // the keyword is Latin-1, 1–79 characters, without spaces at its ends or twice in a row
    const name = (profileName ?? '')
      .replace(/[^\x20-\x7e]/g, '')
      .replace(/ +/g, ' ')
      .trim()
      .slice(0, 79)
    const head = Buffer.from(`${name.trim() || 'ICC profile'}\0\0`, 'latin1')
    chunks.push(chunk('iCCP', Buffer.concat([head, zlibSync(icc, { level: 9 })])))
  }
  if (exif) chunks.push(chunk('eXIf', exif))
  if (xmp) {
    const head = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1')
    chunks.push(chunk('iTXt', Buffer.concat([head, xmp])))
  }
  return chunks
}

/** Bytes of a band before compression: enough to compress well, little enough to be shared out among threads. */
const bandBytes = 2 * 1024 * 1024

const depthOf = (bits: ExportBits): 8 | 16 => (bits === 8 ? 8 : 16)

/**
 * PNGs of 8 or 16 bits with the planes' channels and alpha, without loss (but for the rounding from 16 to 8 bits), in
 * bands of about 2 MiB.
 */
export const pngBands: BandedFormat<Adler> = {
  rows: (shape, bits) => Math.max(1, Math.floor(bandBytes / rowBytesOf(shape, depthOf(bits)))),
  above: true,
  band: (planes, { bits, white }, place) =>
    encodeBand(withDepth(planes, depthOf(bits), white), place),
  frame: (shape, { bits, metadata }, checkSums) =>
    encodeFrame(shape, depthOf(bits), metadata, checkSums),
}

/**
 * Some rows of a PNG as one IDAT chunk. Each row is filtered by the smallest-sum rule; the bands' deflate streams end at
 * a byte (a sync flush) and need nothing of one another, so that they can be made in any order and still be one stream.
 */
function encodeBand(planes: Planes, { first, last }: Place): Band<Adler> {
  const { width, height, channels, bits, data, alpha } = planes
  const compressed: Uint8Array[] = first ? [zlibHeader] : []
  const compressor = new Deflate({ level }, (bytes) => compressed.push(bytes))
  const shape = shapeOf(planes)
  const samples = samplesOf(shape)
  const filter = rowFilter(rowBytesOf(shape, bits), (samples * bits) / 8)
  let checkSum = adlerOfNothing
  for (let y = 0; y < height; y++) {
    const row = filter((bytes) => {
      let at = 0
      for (let x = y * width; x < (y + 1) * width; x++) {
        for (let s = 0; s < samples; s++) {
          const value = (s < channels ? data[x * channels + s] : alpha?.[x]) as number
          if (bits === 16) bytes[at++] = value >> 8
          bytes[at++] = value & 255
        }
      }
    })
    if (y === 0 && !first) continue // it belongs to the band above
    checkSum = joinedAdler(checkSum, adlerOf(row))
    compressor.push(row, last && y === height - 1)
  }
  if (!last) compressed.push(endAtByte(compressor))
  return { bytes: chunk('IDAT', concatenated(compressed)), note: checkSum }
}

/**
 * Ends a stream at a byte, so that another can follow: an empty stored block (RFC 1951, 3.2.4), as zlib's sync flush
 * writes it. fflate 0.8.3 has one too, which takes the bits that are left over for a place, and writes broken streams.
 */
function endAtByte(compressor: Deflate): Uint8Array {
  const { s: state } = compressor as unknown as { s: { r: number } }
  let rest = new Uint8Array(0)
  compressor.ondata = (bytes) => (rest = bytes)
  compressor.flush()
  const bits = state.r & 7 // how many are left over; they stand above these three
  const header = bits > 5 ? [state.r >> 3, 0] : [state.r >> 3] // three bits more
  return concatenated([rest, Uint8Array.of(...header, 0, 0, 0xff, 0xff)])
}

/** Before the bands the header and the metadata, after them the check sum of what was compressed. */
function encodeFrame(
  shape: Shape,
  bits: 8 | 16,
  metadata: Metadata,
  checkSums: readonly Adler[],
): Frame {
  const { width, height, channels, alpha } = shape
  const grey = alpha ? colourType.greyAlpha : colourType.grey
  const colour = alpha ? colourType.rgba : colourType.rgb
  const header = headerChunk(width, height, bits, channels === 1 ? grey : colour)
  const checkSum = Buffer.alloc(4)
  checkSum.writeUInt32BE(valueOf(checkSums.reduce(joinedAdler, adlerOfNothing)))
  return {
    head: concatenated([signature, header, ...metadataChunks(metadata)]),
    tail: concatenated([chunk('IDAT', checkSum), chunk('IEND', new Uint8Array(0))]),
  }
}

/**
 * Makes a function that lets a row be filled in and returns it filtered, the filter's number before it:
 * of the five filters the one whose bytes, taken as signed, have the smallest sum of sizes (PNG, 12.7).
 */
function rowFilter(length: number, pixelBytes: number) {
  // `pixelBytes` zeros precede each row: what lies left of the picture counts as zero
  let current = new Uint8Array(pixelBytes + length)
  let above = new Uint8Array(pixelBytes + length)
  const candidates = filters.map((_, kind) => {
    const row = new Uint8Array(length + 1)
    row[0] = kind
    return row
  })
  return (fill: (row: Uint8Array) => void): Uint8Array => {
    fill(current.subarray(pixelBytes))
    let best = candidates[0]!
    let smallest = Infinity
    candidates.forEach((out, kind) => {
      filters[kind]!(out, current, above, pixelBytes)
      const sum = sumOfSizes(out)
      if (sum < smallest) {
        smallest = sum
        best = out
      }
    })
    ;[current, above] = [above, current]
    return best
  }
}

type Filter = (out: Uint8Array, row: Uint8Array, above: Uint8Array, pixelBytes: number) => void

/** The five filters in the order of their numbers; one loop each, because this is where the time goes. */
const filters: Filter[] = [
  (out, row, _above, n) => out.set(row.subarray(n), 1),
  (out, row, _above, n) => {
    for (let i = n; i < row.length; i++) out[i - n + 1] = row[i]! - row[i - n]!
  },
  (out, row, above, n) => {
    for (let i = n; i < row.length; i++) out[i - n + 1] = row[i]! - above[i]!
  },
  (out, row, above, n) => {
    for (let i = n; i < row.length; i++) out[i - n + 1] = row[i]! - ((row[i - n]! + above[i]!) >> 1)
  },
  (out, row, above, n) => {
    for (let i = n; i < row.length; i++) {
      out[i - n + 1] = row[i]! - paeth(row[i - n]!, above[i]!, above[i - n]!)
    }
  },
]

function sumOfSizes(filtered: Uint8Array): number {
  let sum = 0
  for (let i = 1; i < filtered.length; i++) {
    const value = filtered[i]!
    sum += value < 128 ? value : 256 - value
  }
  return sum
}
