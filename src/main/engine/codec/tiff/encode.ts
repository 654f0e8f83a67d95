import { zlibSync } from 'fflate'
import type { ExportBits } from '../../../../shared/types'
import {
  concatenated,
  rowBytesOf,
  samplesOf,
  shapeOf,
  type BandedFormat,
  type Frame,
  type FrameOptions,
  type Shape,
} from '../band'
import { maximumOf, withDepth, type Metadata, type Planes } from '../planes'
import { readFirstDirectory } from './directory'
import { descriptionIn, tiffHeader, writeDirectory, type Draft } from './exif'
import { compression, photometric } from './layout'
import { checkTiffSize } from './pages'

/** As for PNG: JavaScript's deflate, so that the window and the command line write the same bytes. */
const level = 4
/** Bytes of a strip before compression: enough to compress well, small beside the picture. */
const stripBytes = 512 * 1024

/** Strips of a band: as much as is worth a way to another thread. */
const bandStrips = 4

/**
 * Pages of a TIFF: grey or RGB with the planes' alpha (not multiplied in), 8 or 16 bits, or floats of 32 bits from
 * 0 to 1 (sample / largest sample, so that 16-bit samples come back exactly). Deflate, of whole numbers with
 * differences (predictor 2); of floats as they are, because not every reader undoes a predictor of floats. EXIF becomes
 * fields and directories, without a maker's note, whose places are those of the old file. A page that begins elsewhere
 * than at 0 is to be joined to others. The frame throws 'export-too-large' where the page would end beyond 4 GB.
 */
export const tiffBands: BandedFormat<number[]> = {
  rows: (shape, bits) => bandStrips * stripRows(shape, bits),
  above: false,
  band: (planes, { bits, white, little }) => {
    const page = bits === 32 ? planes : withDepth(planes, bits, white)
    const strips = compressedStrips(page, bits, little)
    return { bytes: concatenated(strips), note: strips.map(({ length }) => length) }
  },
  frame: encodeFrame,
}

/** Rows of a strip. A band that has fewer is the last, and one strip. */
const stripRows = (shape: Shape, bits: ExportBits): number =>
  Math.max(1, Math.floor(stripBytes / rowBytesOf(shape, bits)))

/** The byte order that a page of this EXIF block has: the block's own, so that its values may stay as they are. */
export const isLittle = (exif: Uint8Array | null): boolean => exif?.[0] !== 0x4d

function encodeFrame(
  shape: Shape,
  { bits, little, metadata: { exif, icc, xmp }, start }: FrameOptions,
  bands: readonly number[][],
): Frame {
  const { fields: described, children } = description(exif)
  const lengths = bands.flat()
  const rows = Math.min(shape.height, stripRows(shape, bits))
  const head = start === 0 ? [tiffHeader(little)] : []
  const at = start + (start === 0 ? 8 : 0)
  const directory = (first: number): { parts: Uint8Array[]; end: number } => {
    const places = { rows, offsets: offsetsOf(lengths, first), lengths }
    const fields = [...described, ...fieldsOf(shape, bits, places, { icc, xmp }, little)]
    const parts: Uint8Array[] = []
    return { parts, end: writeDirectory({ fields, children }, at, little, parts) }
  }
  const { end } = directory(0) // its size does not depend on the places in it
  const length = lengths.reduce((sum, of) => sum + of, 0)
  checkTiffSize(end + length)
  return {
    head: concatenated([...head, ...directory(end).parts]),
    tail: new Uint8Array((end + length) & 1),
  }
}

/** What an EXIF block tells, in its own byte order. */
function description(exif: Uint8Array | null): Draft {
  const none = { fields: [], children: [] }
  if (!exif) return none
  try {
    const { fields, children } = descriptionIn(readFirstDirectory(exif))
    const others = fields.filter(({ tag }) => tag !== 274) // it is upright, and says so itself
    return { fields: others, children }
  } catch {
    return none // a photo without its description is better than none
  }
}

interface Places {
  rows: number
  offsets: number[]
  lengths: number[]
}

function offsetsOf(lengths: readonly number[], first: number): number[] {
  let at = first
  return lengths.map((length) => (at += length) - length)
}

/** The fields that say how the picture lies in the page, and its profile and XMP packet. */
function fieldsOf(
  shape: Shape,
  bits: ExportBits,
  { rows, offsets, lengths }: Places,
  { icc, xmp }: Pick<Metadata, 'icc' | 'xmp'>,
  little: boolean,
): Draft['fields'] {
  const field = (tag: number, type: 3 | 4, values: number[]): Draft['fields'][number] => {
    const size = type === 3 ? 2 : 4
    const bytes = new Uint8Array(size * values.length)
    const view = new DataView(bytes.buffer)
    values.forEach((value, i) => {
      if (type === 3) view.setUint16(2 * i, value, little)
      else view.setUint32(4 * i, value, little)
    })
    return { tag, type, count: values.length, bytes }
  }
  const raw = (tag: number, type: 1 | 7, bytes: Uint8Array): Draft['fields'][number] => ({
    tag,
    type,
    count: bytes.length,
    bytes,
  })
  const samples = samplesOf(shape)
  const each = (value: number): number[] => Array<number>(samples).fill(value)
  const kind = shape.channels === 1 ? photometric.blackIsZero : photometric.rgb
  return [
    field(256, 4, [shape.width]),
    field(257, 4, [shape.height]),
    field(258, 3, each(bits)),
    field(259, 3, [compression.deflate]),
    field(262, 3, [kind]),
    field(273, 4, offsets),
    field(274, 3, [1]),
    field(277, 3, [samples]),
    field(278, 4, [rows]),
    field(279, 4, lengths),
    field(284, 3, [1]),
    ...(bits === 32 ? [] : [field(317, 3, [2])]),
    ...(shape.alpha ? [field(338, 3, [2])] : []),
    field(339, 3, each(bits === 32 ? 3 : 1)),
    ...(xmp ? [raw(700, 1, xmp)] : []),
    ...(icc ? [raw(34675, 7, icc)] : []),
  ]
}

function compressedStrips(page: Planes, bits: ExportBits, little: boolean): Uint8Array[] {
  const shape = shapeOf(page)
  const rows = stripRows(shape, bits)
  const rowBytes = rowBytesOf(shape, bits)
  const fill = bits === 32 ? floatRow(page, little) : wholeRow(page, bits, little)
  const strips: Uint8Array[] = []
  for (let top = 0; top < page.height; top += rows) {
    const count = Math.min(rows, page.height - top)
    const strip = new Uint8Array(count * rowBytes)
    for (let row = 0; row < count; row++) {
      fill(top + row, strip.subarray(row * rowBytes, (row + 1) * rowBytes))
    }
    strips.push(zlibSync(strip, { level }))
  }
  return strips
}

type FillRow = (y: number, into: Uint8Array) => void

/** The samples of row `y` in the order of the file: each pixel's colours, then its alpha. */
function rowReader({ width, channels, data, alpha }: Planes): (y: number, i: number) => number {
  if (!alpha) return (y, i) => data[y * width * channels + i] as number
  const samples = channels + 1
  return (y, i) => {
    const pixel = y * width + Math.floor(i / samples)
    const sample = i % samples
    return (sample < channels ? data[pixel * channels + sample] : alpha[pixel]) as number
  }
}

/** Predictor 2: each sample less the one a pixel before, in its own word length. */
function wholeRow(page: Planes, bits: 8 | 16, little: boolean): FillRow {
  const read = rowReader(page)
  const samples = samplesOf(shapeOf(page))
  const count = page.width * samples
  return (y, into) => {
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength)
    for (let i = 0; i < count; i++) {
      const difference = read(y, i) - (i < samples ? 0 : read(y, i - samples))
      if (bits === 8) into[i] = difference
      else view.setUint16(2 * i, difference, little)
    }
  }
}

/** Floats of 32 bits: each sample by the largest that there is. */
function floatRow(page: Planes, little: boolean): FillRow {
  const read = rowReader(page)
  const count = page.width * samplesOf(shapeOf(page))
  const maximum = maximumOf(page.bits)
  return (y, into) => {
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength)
    for (let i = 0; i < count; i++) view.setFloat32(4 * i, read(y, i) / maximum, little)
  }
}
