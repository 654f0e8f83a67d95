import { zlibSync } from 'fflate'
import { crc32 } from '../png/chunks'
import type { Planes } from '../planes'

/** Small files made in code, for tests: valid ones, and ones that lie. */

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

export const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

export function pngChunk(kind: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([ascii(kind), data])
  const bytes = Buffer.alloc(8 + body.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.set(body, 4)
  bytes.writeUInt32BE(crc32(body), 4 + body.length)
  return new Uint8Array(bytes)
}

export interface PngParts {
  width: number
  height: number
  depth: number
  colour: number
  interlace?: number
  /** The rows with their filter bytes, uncompressed. */
  rows: ArrayLike<number>
  /** Chunks between the header and the picture. */
  before?: Uint8Array[]
}

/** A PNG of exactly these parts, however wrong. */
export function png({ width, height, depth, colour, interlace = 0, rows, before = [] }: PngParts) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, interlace], 8)
  return join(
    ascii('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', zlibSync(Uint8Array.from(rows))),
    pngChunk('IEND', new Uint8Array(0)),
  )
}

const typeSizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1 }

/** A field of a TIFF: number, type (1 byte, 2 text, 3 short, 4 long, 7 any), values. */
export type TiffField = [tag: number, type: number, values: number[]]

/** A classic TIFF: its directory with these fields, then its blocks, whose places are filled in. */
export function tiff(
  fields: TiffField[],
  blocks: Uint8Array[],
  { little = true, tiled = false } = {},
): Uint8Array {
  const lengths: TiffField = [tiled ? 325 : 279, 4, blocks.map(({ length }) => length)]
  const build = (offsets: number[]): { bytes: Buffer; end: number } => {
    const all = [...fields, [tiled ? 324 : 273, 4, offsets] as TiffField, lengths].sort(
      ([a], [b]) => a - b,
    )
    const long = all.reduce((sum, [, type, values]) => sum + values.length * typeSizes[type]!, 0)
    const bytes = Buffer.alloc(8 + 2 + 12 * all.length + 4 + long + 64)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    bytes.write(little ? 'II' : 'MM')
    view.setUint16(2, 42, little)
    view.setUint32(4, 8, little)
    view.setUint16(8, all.length, little)
    let end = 8 + 2 + 12 * all.length + 4
    all.forEach(([tag, type, values], i) => {
      const entry = 10 + 12 * i
      const size = typeSizes[type]!
      view.setUint16(entry, tag, little)
      view.setUint16(entry + 2, type, little)
      view.setUint32(entry + 4, values.length, little)
      const inline = size * values.length <= 4
      const at = inline ? entry + 8 : end
      if (!inline) {
        view.setUint32(entry + 8, end, little)
        end += size * values.length
      }
      values.forEach((value, j) => {
        if (size === 1) view.setUint8(at + j, value)
        else if (size === 2) view.setUint16(at + 2 * j, value, little)
        else view.setUint32(at + 4 * j, value, little)
      })
    })
    return { bytes, end }
  }
  let at = build(blocks.map(() => 0)).end
  const offsets = blocks.map((block) => {
    const offset = at
    at += block.length
    return offset
  })
  const { bytes, end } = build(offsets)
  return join(bytes.subarray(0, end), ...blocks)
}

/** The fields that every TIFF here has. */
export const tiffBasics = (
  width: number,
  height: number,
  bits: number[],
  photometric: number,
  compression = 1,
): TiffField[] => [
  [256, 3, [width]],
  [257, 3, [height]],
  [258, 3, bits],
  [259, 3, [compression]],
  [262, 3, [photometric]],
  [277, 3, [bits.length]],
  [278, 3, [height]],
]

/** An EXIF block: orientation, the two pixel sizes, a thumbnail; of either byte order. */
export function exifBlock(orientation: number, little: boolean, thumbnail = true): Uint8Array {
  const bytes = Buffer.alloc(110)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  bytes.write(little ? 'II' : 'MM')
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  const entry = (at: number, tag: number, type: number, value: number): void => {
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, type, little)
    view.setUint32(at + 4, 1, little)
    if (type === 3) view.setUint16(at + 8, value, little)
    else view.setUint32(at + 8, value, little)
  }
  view.setUint16(8, 2, little)
  entry(10, 0x0112, 3, orientation)
  entry(22, 0x8769, 4, 38)
  view.setUint32(34, thumbnail ? 68 : 0, little)
  view.setUint16(38, 2, little)
  entry(40, 0xa002, 4, 999)
  entry(52, 0xa003, 3, 888)
  view.setUint16(68, 2, little)
  entry(70, 0x0201, 4, 98)
  entry(82, 0x0202, 4, 12)
  bytes.set([0xff, 0xd8, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xd9], 98)
  return new Uint8Array(bytes)
}

/** An ICC profile with nothing but a header and its name, as version 2 or 4 writes it. */
export function profile(
  space: 'RGB ' | 'GRAY',
  name: string,
  version: 2 | 4,
  length = 0,
): Uint8Array {
  const text = Buffer.from(name, 'latin1')
  const description =
    version === 2
      ? Buffer.concat([
          ascii('desc\0\0\0\0\0\0\0'),
          Buffer.from([text.length + 1]),
          text,
          ascii('\0'),
        ])
      : Buffer.concat([
          ascii('mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0'),
          Buffer.from([2 * text.length]),
          ascii('\0\0\0\x1c'),
          Buffer.from(name, 'utf16le').swap16(),
        ])
  const bytes = Buffer.alloc(Math.max(length, 144 + description.length))
  for (let i = 144 + description.length; i < bytes.length; i++) bytes[i] = (i * 7919) >> 3
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.write(space, 16, 'latin1')
  bytes.write('acsp', 36, 'latin1')
  bytes.writeUInt32BE(1, 128)
  bytes.write('desc', 132, 'latin1')
  bytes.writeUInt32BE(144, 136)
  bytes.writeUInt32BE(description.length, 140)
  bytes.set(description, 144)
  return new Uint8Array(bytes)
}

/** A smooth picture with every value different enough to be found again. */
export function picture(
  width: number,
  height: number,
  channels: 1 | 3,
  bits: 8 | 16,
  alpha: boolean,
): Planes {
  const maximum = bits === 8 ? 255 : 65535
  const samples = (count: number, value: (i: number) => number) =>
    bits === 8
      ? Uint8Array.from({ length: count }, (_, i) => Math.round(value(i) * maximum))
      : Uint16Array.from({ length: count }, (_, i) => Math.round(value(i) * maximum))
  const x = (pixel: number) => (pixel % width) / Math.max(1, width - 1)
  const y = (pixel: number) => Math.floor(pixel / width) / Math.max(1, height - 1)
  const colour = (pixel: number, c: number) => [x(pixel), y(pixel), 1 - x(pixel) * y(pixel)][c]!
  return {
    width,
    height,
    channels,
    bits,
    data: samples(width * height * channels, (i) => colour(Math.floor(i / channels), i % channels)),
    alpha: alpha ? samples(width * height, (i) => 1 - y(i) / 2) : null,
  }
}
