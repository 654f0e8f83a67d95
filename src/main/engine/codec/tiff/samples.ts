import { unsupported } from '../refusals'
import { samplesPerBlock, type Layout } from './layout'

/** Reads sample `i` of the row that begins at byte `row`. */
type SampleReader = (row: number, i: number) => number

/** A half-precision float (IEEE 754 binary16). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}

/** A number of `depth` bits, most significant first, that may begin anywhere in a byte. */
function bitReader(bytes: Uint8Array, depth: number): SampleReader {
  return (row, i) => {
    let value = 0
    for (let bit = i * depth; bit < (i + 1) * depth;) {
      const taken = Math.min(8 - (bit & 7), (i + 1) * depth - bit)
      const byte = bytes[row + (bit >> 3)] as number
      value = (value << taken) | ((byte >> (8 - (bit & 7) - taken)) & ((1 << taken) - 1))
      bit += taken
    }
    return value
  }
}

/** How to read a block's samples: whole numbers of any depth (the top 32 of 64 bits), or floats. */
export function sampleReader(bytes: Uint8Array, layout: Layout, fileLittle: boolean): SampleReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { depth, float } = layout
  const little = layout.predictor === 3 && float ? false : fileLittle
  if (float && depth === 16) return (row, i) => half(view.getUint16(row + 2 * i, little))
  if (float && depth === 32) return (row, i) => view.getFloat32(row + 4 * i, little)
  if (float) return (row, i) => view.getFloat64(row + 8 * i, little)
  if (depth === 8) return (row, i) => bytes[row + i] as number
  if (depth === 16) return (row, i) => view.getUint16(row + 2 * i, little)
  if (depth === 32) return (row, i) => view.getUint32(row + 4 * i, little)
  if (depth === 64) return (row, i) => view.getUint32(row + 8 * i + (little ? 4 : 0), little)
  return bitReader(bytes, depth) // 24 bits too: their writers put the big end first in every file
}

/** The depth that planes keep of a TIFF's samples: 8 bits for up to 8, else 16. */
export const planesDepth = ({ depth, float }: Layout): 8 | 16 => (depth <= 8 && !float ? 8 : 16)

/**
 * Samples to the full range of 8 or 16 bits: v · maximum / (2^depth − 1), rounded. Floats are taken as 0 for
 * black and 1 for white.
 * @throws 'format-unsupported' for a float outside 0 to 1: what white is, only its maker knows
 */
export function scaler(layout: Layout): (value: number) => number {
  const maximum = planesDepth(layout) === 8 ? 255 : 65535
  if (layout.float) {
    return (value) => {
      // a little over the range is rounding
      if (!(value >= -0.001 && value <= 1.001)) throw unsupported('TIFF (floats outside 0 to 1)')
      return Math.round(Math.min(1, Math.max(0, value)) * maximum)
    }
  }
  if (layout.depth === 8 || layout.depth === 16) return (value) => value
  const factor = maximum / (2 ** Math.min(layout.depth, 32) - 1)
  return (value) => Math.round(value * factor)
}

/** Bytes of one row of `width` pixels in a block. */
export const rowLengthOf = (layout: Layout, width: number): number =>
  Math.ceil((width * samplesPerBlock(layout) * layout.depth) / 8)
