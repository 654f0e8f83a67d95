import { Zlib, zlibSync } from 'fflate'
import { toDepth, type Metadata, type Planes } from '../planes'
import { colourType, crc32 } from './chunks'
import { paeth } from './rows'

/**
 * JavaScript (fflate) rather than Node's zlib: Electron's is another build of zlib than Node's and gives
 * other bytes, and an export is the same file from the window and from the command line.
 */
const level = 4

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length)
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

/**
 * A PNG of `bits` 8 or 16 with the planes' channels and alpha, without loss (but for the rounding from 16 to
 * 8 bits). Each row is filtered by the smallest-sum rule and compressed as it comes.
 */
export function encodePng(planes: Planes, bits: 8 | 16, metadata: Metadata): Uint8Array {
  const { width, height, channels, data, alpha } = toDepth(planes, bits)
  const colour =
    channels === 1
      ? alpha
        ? colourType.greyAlpha
        : colourType.grey
      : alpha
        ? colourType.rgba
        : colourType.rgb
  const parts: Uint8Array[] = [
    signature,
    headerChunk(width, height, bits, colour),
    ...metadataChunks(metadata),
  ]
  const compressor = new Zlib({ level }, (bytes) => {
    if (bytes.length > 0) parts.push(chunk('IDAT', bytes))
  })
  const samples = channels + (alpha ? 1 : 0)
  const pixelBytes = (samples * bits) / 8
  const filter = rowFilter(width * pixelBytes, pixelBytes)
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
    compressor.push(row, y === height - 1)
  }
  parts.push(chunk('IEND', new Uint8Array(0)))
  return new Uint8Array(Buffer.concat(parts))
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
    return best.slice() // the compressor keeps what it is given
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
