import { checkDimensions } from '../limits'
import { damaged } from '../refusals'

/**
 * The container of AVIF: boxes of length, kind and content, some of which hold boxes (ISO/IEC 14496-12,
 * and 23008-12 for items and their properties). Only the headers are read here.
 */
interface Box {
  kind: string
  /** The content, without length and kind. */
  data: Uint8Array
}

const mostBoxes = 4096

const viewOf = (data: Uint8Array): DataView =>
  new DataView(data.buffer, data.byteOffset, data.byteLength)
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function boxesIn(data: Uint8Array): Box[] {
  const view = viewOf(data)
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= data.length;) {
    let length = view.getUint32(at)
    let head = 8
    if (length === 1) {
      length = Number(view.getBigUint64(at + 8))
      head = 16
    } else if (length === 0) length = data.length - at // to the end of the file
    if (length < head || at + length > data.length) throw damaged('a box ends outside the file')
    if (boxes.length >= mostBoxes) throw damaged('it has thousands of boxes')
    boxes.push({
      kind: latin1(data.subarray(at + 4, at + 8)),
      data: data.subarray(at + head, at + length),
    })
    at += length
  }
  return boxes
}

/** The boxes within a 'full' box, after its version and flags (and `skipped` bytes more). */
const inside = (box: Box | undefined, skipped = 4): Box[] =>
  box ? boxesIn(box.data.subarray(skipped)) : []

const box = (boxes: Box[], kind: string): Box | undefined => boxes.find((box) => box.kind === kind)

/** Reads numbers one after the other. Running over the end throws a RangeError, which means 'damaged'. */
function cursor(data: Uint8Array) {
  const view = viewOf(data)
  let at = 0
  return (bytes: number): number => {
    let value = 0
    for (let i = 0; i < bytes; i++) value = value * 256 + view.getUint8(at++)
    return value
  }
}

interface Item {
  id: number
  kind: string
  /** Only for items of the kind `mime`. */
  contentType: string
}

function itemsIn(meta: Box[]): Item[] {
  const info = box(meta, 'iinf')
  return inside(info, info?.data[0] === 0 ? 6 : 8)
    .filter(({ kind }) => kind === 'infe')
    .map(({ data }) => {
      const next = cursor(data)
      const version = next(1)
      next(3)
      const id = next(version < 3 ? 2 : 4)
      next(2)
      const kind = String.fromCharCode(next(1), next(1), next(1), next(1))
      const rest = latin1(data.subarray(version < 3 ? 12 : 14)).split('\0')
      return { id, kind, contentType: rest[1] ?? '' }
    })
}

/** The properties of an item, in the order in which they apply. */
function propertiesOf(meta: Box[], item: number): Box[] {
  const container = box(meta, 'iprp')
  const all = inside(box(inside(container, 0), 'ipco'), 0)
  const association = box(inside(container, 0), 'ipma')
  if (!association) return []
  const next = cursor(association.data)
  const version = next(1)
  const wide = (next(3) & 1) === 1
  for (let entries = next(4); entries > 0; entries--) {
    const id = next(version < 1 ? 2 : 4)
    const indices = Array.from({ length: next(1) }, () =>
      wide ? next(2) & 0x7fff : next(1) & 0x7f,
    )
    if (id === item) return indices.flatMap((index) => all[index - 1] ?? [])
  }
  return []
}

/** The bytes of an item, joined from where they lie; null when it is not there or holds more than `limit`. */
function bytesOf(file: Uint8Array, meta: Box[], item: number, limit: number): Uint8Array | null {
  const location = box(meta, 'iloc')
  if (!location) return null
  const next = cursor(location.data)
  const version = next(1)
  next(3)
  const sizes = next(2)
  const [offsetSize, lengthSize, baseSize, indexSize] = [12, 8, 4, 0].map(
    (shift) => (sizes >> shift) & 15,
  )
  for (let count = next(version < 2 ? 2 : 4); count > 0; count--) {
    const id = next(version < 2 ? 2 : 4)
    const method = version > 0 ? next(2) & 15 : 0
    next(2)
    const base = next(baseSize!)
    const source = method === 1 ? box(meta, 'idat')?.data : file
    const parts: Uint8Array[] = []
    let total = 0
    for (let extents = next(2); extents > 0; extents--) {
      if (version > 0) next(indexSize!)
      const offset = base + next(offsetSize!)
      const length = next(lengthSize!)
      if (id !== item || !source) continue
      total += length
      if (offset + length > source.length) throw damaged('it was cut off')
      if (total > limit) return null
      parts.push(source.subarray(offset, offset + length))
    }
    if (id === item) return source ? new Uint8Array(Buffer.concat(parts)) : null
  }
  return null
}

export interface AvifHeader {
  width: number
  height: number
  bits: 8 | 10 | 12
  channels: 1 | 3
  /** EXIF's number for the turn and mirror properties, which are what counts in this format. */
  orientation: number
  exif: Uint8Array | null
  icc: Uint8Array | null
  xmp: Uint8Array | null
}

/** By mirror (none, top and bottom exchanged, left and right exchanged), then by quarter turns anticlockwise. */
const orientations = [
  [1, 8, 3, 6],
  [4, 5, 2, 7],
  [2, 7, 4, 5],
] as const

const largestMetadata = 16 * 1024 * 1024

/** Size, depth, orientation and metadata of an AVIF's primary item. @throws 'image-damaged', 'image-too-large' */
export function readAvifHeader(file: Uint8Array): AvifHeader {
  const meta = inside(box(boxesIn(file), 'meta'))
  const primary = box(meta, 'pitm')
  if (!primary) throw damaged('it holds no picture')
  const next = cursor(primary.data)
  const id = next(4) < 0x01000000 ? next(2) : next(4)
  const properties = propertiesOf(meta, id)
  const property = (kind: string) => box(properties, kind)?.data
  const size = property('ispe')
  if (!size || size.length < 12) throw damaged('it states no size')
  const width = viewOf(size).getUint32(4)
  const height = viewOf(size).getUint32(8)
  checkDimensions(width, height)
  bytesOf(file, meta, id, 0) // checks that the picture's bytes lie within the file
  const turns = (property('irot')?.[0] ?? 0) & 3
  const mirror = property('imir')?.[0]
  return {
    width,
    height,
    ...depthAndChannels(property('av1C'), property('pixi')),
    orientation: orientations[mirror === undefined ? 0 : (mirror & 1) === 0 ? 1 : 2][turns] ?? 1,
    ...metadataIn(file, meta, properties),
  }
}

function depthAndChannels(
  av1: Uint8Array | undefined,
  pixel: Uint8Array | undefined,
): { bits: 8 | 10 | 12; channels: 1 | 3 } {
  const flags = av1?.[2] ?? 0
  const stated = pixel?.[5] ?? ((flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12)
  const bits = stated > 10 ? 12 : stated > 8 ? 10 : 8
  const grey = pixel ? pixel[4] === 1 : (flags & 0x10) !== 0
  return { bits, channels: grey ? 1 : 3 }
}

function metadataIn(file: Uint8Array, meta: Box[], properties: Box[]) {
  const items = itemsIn(meta)
  const read = (item: Item | undefined) =>
    item ? bytesOf(file, meta, item.id, largestMetadata) : null
  const exif = read(items.find(({ kind }) => kind === 'Exif'))
  const colour = properties.find(
    ({ kind, data }) => kind === 'colr' && ['prof', 'rICC'].includes(latin1(data.subarray(0, 4))),
  )
  return {
    // the block is preceded by the distance to its TIFF header
    exif: exif && exif.length > 4 ? exif.slice(4 + viewOf(exif).getUint32(0)) : null,
    icc: colour ? colour.data.slice(4) : null,
    xmp: read(items.find((item) => item.contentType === 'application/rdf+xml')),
  }
}
