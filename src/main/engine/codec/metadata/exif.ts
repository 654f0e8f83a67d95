/**
 * EXIF blocks: a TIFF structure (byte order, directories of 12-byte entries) that describes a photo.
 * Only what is needed is read, and what must be changed is changed in place, so that everything else,
 * makers' notes with their absolute offsets too, stays byte for byte. (EXIF 2.32, sections 4.6 and 4.8.)
 */

const tag = {
  imageWidth: 0x0100,
  imageLength: 0x0101,
  model: 0x0110,
  orientation: 0x0112,
  software: 0x0131,
  exifDirectory: 0x8769,
  sensitivity: 0x8827,
  pixelXDimension: 0xa002,
  pixelYDimension: 0xa003,
  thumbnailOffset: 0x0201,
  thumbnailLength: 0x0202,
} as const

const text = 2
const short = 3
const long = 4

interface Entry {
  tag: number
  type: number
  count: number
  /** Where its four bytes of value, or of offset to it, lie. */
  at: number
}

interface Directory {
  entries: Entry[]
  /** Where the offset of the next directory lies. */
  nextAt: number
}

/** A view of the block and its byte order, or null when it is no TIFF structure. */
function open(exif: Uint8Array): { view: DataView; little: boolean } | null {
  if (exif.length < 14) return null
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength)
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return null
  const little = order === 0x4949
  return view.getUint16(2, little) === 42 ? { view, little } : null
}

function readDirectory(view: DataView, little: boolean, at: number): Directory | null {
  if (at < 8 || at + 2 > view.byteLength) return null
  const count = view.getUint16(at, little)
  const nextAt = at + 2 + 12 * count
  if (nextAt + 4 > view.byteLength) return null
  const entries = Array.from({ length: count }, (_, i) => {
    const entry = at + 2 + 12 * i
    return {
      tag: view.getUint16(entry, little),
      type: view.getUint16(entry + 2, little),
      count: view.getUint32(entry + 4, little),
      at: entry + 8,
    }
  })
  return { entries, nextAt }
}

const find = (directory: Directory | null, wanted: number): Entry | undefined =>
  directory?.entries.find((entry) => entry.tag === wanted)

/** The value of an entry that holds one SHORT or LONG, else null. */
function numberOf(view: DataView, little: boolean, entry: Entry | undefined): number | null {
  if (entry?.count !== 1) return null
  if (entry.type === short) return view.getUint16(entry.at, little)
  return entry.type === long ? view.getUint32(entry.at, little) : null
}

function setNumber(view: DataView, little: boolean, entry: Entry | undefined, value: number): void {
  if (entry?.count !== 1) return
  if (entry.type === short && value < 0x10000) view.setUint16(entry.at, value, little)
  if (entry.type === long) view.setUint32(entry.at, value, little)
}

/** The text of an ASCII entry, without the NUL that ends it and spaces around it; '' when there is none. */
function textOf(view: DataView, little: boolean, entry: Entry | undefined): string {
  if (entry?.type !== text) return ''
  const from = entry.count > 4 ? view.getUint32(entry.at, little) : entry.at
  if (from + entry.count > view.byteLength) return ''
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, Math.min(entry.count, 64))
  return (String.fromCharCode(...bytes).split('\0')[0] ?? '').trim()
}

/** The camera and the sensitivity (ISO) that an EXIF block states; null unless it states both. */
export function cameraOf(exif: Uint8Array | null): { name: string; iso: number } | null {
  const file = exif && open(exif)
  if (!file) return null
  const { view, little } = file
  const main = readDirectory(view, little, view.getUint32(4, little))
  const name = textOf(view, little, find(main, tag.model))
  const details = numberOf(view, little, find(main, tag.exifDirectory))
  const inner = details === null ? null : readDirectory(view, little, details)
  const iso = numberOf(view, little, find(inner, tag.sensitivity))
  return name && iso ? { name, iso } : null
}

/** The orientation (1–8) that an EXIF block states; 1 when it states none, a wrong one, or cannot be read. */
export function orientationOf(exif: Uint8Array | null): number {
  const file = exif && open(exif)
  if (!file) return 1
  const { view, little } = file
  const directory = readDirectory(view, little, view.getUint32(4, little))
  const value = numberOf(view, little, find(directory, tag.orientation))
  return value !== null && value >= 1 && value <= 8 ? value : 1
}

/**
 * The EXIF block for a file whose pixels are upright and `width` × `height`: orientation 1, the sizes it
 * states corrected, the thumbnail taken out (it would still show the old picture: unlinked, its bytes
 * zeroed). The given block is not changed. Null when it is no EXIF block that can be read.
 */
export function exifForUpright(exif: Uint8Array, width: number, height: number): Uint8Array | null {
  const copy = new Uint8Array(exif)
  const file = open(copy)
  if (!file) return null
  const { view, little } = file
  const main = readDirectory(view, little, view.getUint32(4, little))
  if (!main) return null
  setNumber(view, little, find(main, tag.orientation), 1)
  setNumber(view, little, find(main, tag.imageWidth), width)
  setNumber(view, little, find(main, tag.imageLength), height)
  const details = numberOf(view, little, find(main, tag.exifDirectory))
  const inner = details === null ? null : readDirectory(view, little, details)
  setNumber(view, little, find(inner, tag.pixelXDimension), width)
  setNumber(view, little, find(inner, tag.pixelYDimension), height)
  dropThumbnail(copy, view, little, main)
  return copy
}

/** More does not fit into a JPEG, which would lose the whole block. */
const largestBlock = 65_527

/**
 * An EXIF block that names `software` (ASCII) as what wrote the file. A changed main directory is put at the end of
 * the block, so that all else keeps its place; a block of its own where there is none. One that cannot be read, or
 * would become too large, is left as it is, and so is one that names it already.
 */
export function withSoftware(exif: Uint8Array | null, software: string): Uint8Array {
  const file = exif && open(exif)
  if (exif && !file) return exif
  const little = file?.little ?? true
  const main = file && readDirectory(file.view, little, file.view.getUint32(4, little))
  if (exif && !main) return exif
  const stated = file && textOf(file.view, little, find(main, tag.software))
  if (exif && stated === software) return exif
  const others = (main?.entries ?? []).filter((entry) => entry.tag !== tag.software)
  const name = Buffer.from(`${software}\0`, 'latin1')
  const start = ((exif?.length ?? 8) + 1) & ~1
  const nameAt = start + 2 + 12 * (others.length + 1) + 4
  if (nameAt + name.length > largestBlock) return exif ?? new Uint8Array(0)

  const block = new Uint8Array(nameAt + Math.max(name.length, 4))
  if (exif) block.set(exif)
  const view = new DataView(block.buffer)
  view.setUint16(0, little ? 0x4949 : 0x4d4d)
  view.setUint16(2, 42, little)
  view.setUint32(4, start, little)
  view.setUint16(start, others.length + 1, little)
  let at = start + 2
  const place = others.filter((entry) => entry.tag < tag.software).length
  const put = (entries: Entry[]): void => {
    for (const entry of entries) {
      block.set(block.subarray(entry.at - 8, entry.at + 4), at)
      at += 12
    }
  }
  put(others.slice(0, place))
  view.setUint16(at, tag.software, little)
  view.setUint16(at + 2, text, little)
  view.setUint32(at + 4, name.length, little)
  view.setUint32(at + 8, nameAt, little)
  at += 12
  put(others.slice(place))
  if (file && main) view.setUint32(at, file.view.getUint32(main.nextAt, little), little)
  block.set(name, nameAt)
  return block
}

function dropThumbnail(bytes: Uint8Array, view: DataView, little: boolean, main: Directory): void {
  const second = readDirectory(view, little, view.getUint32(main.nextAt, little))
  const offset = numberOf(view, little, find(second, tag.thumbnailOffset))
  const length = numberOf(view, little, find(second, tag.thumbnailLength))
  // only what is a JPEG is wiped: a wrong offset must not wipe something else
  if (offset !== null && length !== null && bytes[offset] === 0xff && bytes[offset + 1] === 0xd8) {
    bytes.fill(0, offset, Math.min(bytes.length, offset + length))
  }
  view.setUint32(main.nextAt, 0, little)
}
