import { inflateBounded } from '../inflate'
import { damaged } from '../refusals'
import type { Directory } from './directory'
import { compression, samplesPerBlock, type Layout } from './layout'
import { decodeLzw } from './lzw'

/** PackBits (TIFF 6.0, section 9): a count of literal bytes, or of repetitions of one. */
function unpackBits(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let written = 0
  for (let at = 0; written < length;) {
    if (at >= data.length) throw damaged('its compressed data end too early')
    const count = data[at++] as number
    if (count < 128) {
      const literal = data.subarray(at, at + Math.min(count + 1, length - written))
      out.set(literal, written)
      written += count + 1
      at += count + 1
    } else if (count > 128) {
      out.fill(data[at++] as number, written, Math.min(length, written + 257 - count))
      written += 257 - count
    }
  }
  return out
}

function inflate(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let at = 0
  inflateBounded([data], length, (bytes) => {
    out.set(bytes, at)
    at += bytes.length
  })
  if (at < length) throw damaged('its compressed data end too early')
  return out
}

const reversedBits = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 128 >> bit
  return reversed
})

/** The bytes of block `index` as stored, cut to the file. */
export function storedBlock({ bytes }: Directory, layout: Layout, index: number): Uint8Array {
  const start = layout.offsets[index] as number
  const data = bytes.subarray(start, start + (layout.lengths[index] as number))
  return layout.reversed && layout.compression !== compression.jpeg
    ? data.map((byte) => reversedBits[byte] as number)
    : data
}

/**
 * The first `rows` rows of block `index`, uncompressed and with the predictor undone, in the file's byte
 * order (big end first after predictor 3). For every method but JPEG.
 * @throws 'image-damaged' when the block holds less
 */
export function readBlock(
  directory: Directory,
  layout: Layout,
  index: number,
  rowLength: number,
  rows: number,
): Uint8Array {
  const data = storedBlock(directory, layout, index)
  const length = rowLength * rows
  switch (layout.compression) {
    case compression.none:
      if (data.length < length) throw damaged('it was cut off')
      return data.subarray(0, length)
    case compression.packBits:
      return unpackBits(data, length)
    case compression.lzw:
      return unpredict(decodeLzw(data, length), directory.little, layout, rowLength)
    default:
      return unpredict(inflate(data, length), directory.little, layout, rowLength)
  }
}

function unpredict(
  bytes: Uint8Array,
  little: boolean,
  layout: Layout,
  rowLength: number,
): Uint8Array {
  const samples = samplesPerBlock(layout)
  for (let row = 0; row + rowLength <= bytes.length; row += rowLength) {
    if (layout.predictor === 2)
      undoDifferences(bytes, row, rowLength, samples, layout.depth, little)
    if (layout.predictor === 3) undoFloatBytes(bytes, row, rowLength, samples, layout.depth / 8)
  }
  return bytes
}

/** Predictor 2: each sample is the difference to the one a pixel before, in its own word length. */
function undoDifferences(
  bytes: Uint8Array,
  row: number,
  length: number,
  samples: number,
  depth: number,
  little: boolean,
): void {
  if (depth === 8) {
    for (let i = row + samples; i < row + length; i++) bytes[i]! += bytes[i - samples]!
    return
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + row, length)
  const step = depth / 8
  for (let at = samples * step; at + step <= length; at += step) {
    const before = at - samples * step
    if (depth === 16) {
      view.setUint16(at, view.getUint16(at, little) + view.getUint16(before, little), little)
    } else {
      view.setUint32(at, view.getUint32(at, little) + view.getUint32(before, little), little)
    }
  }
}

/** Predictor 3: the floats' bytes sorted by significance over the row, then differences of bytes (Adobe, note 3). */
function undoFloatBytes(
  bytes: Uint8Array,
  row: number,
  length: number,
  samples: number,
  size: number,
): void {
  for (let i = row + samples; i < row + length; i++) bytes[i]! += bytes[i - samples]!
  const sorted = bytes.slice(row, row + length)
  const count = Math.floor(length / size)
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < size; b++) bytes[row + i * size + b] = sorted[b * count + i]!
  }
}
