import { fieldBytes, numberOf, readDirectory, type Directory, type Field } from './directory'

/** The fields of a TIFF's directory that describe the photo rather than how its pixels are stored. */
const descriptive = [270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 33432]
const exifDirectory = 34665
const gpsDirectory = 34853
/** Left out: a maker's note points into the old file; interoperability is a directory of its own. */
const notCarried = new Set([37500, 40965])
/** EXIF is a classic TIFF: types that only BigTIFF has cannot be written. */
const classicTypes = 13
/** More than this is no description of a photo. */
const largestField = 65536

/** A description of a directory to be written: fields by number, and the directories it points to. */
export interface Draft {
  fields: { tag: number; type: number; count: number; bytes: Uint8Array }[]
  children: { tag: number; draft: Draft }[]
}

const carried = (directory: Directory, fields: Iterable<Field>): Draft['fields'] =>
  [...fields]
    .filter(({ type, count }) => type <= classicTypes && count <= largestField)
    .map((field) => ({ ...field, bytes: fieldBytes(directory, field) }))
    .filter(({ bytes }) => bytes.length <= largestField)

function childDraft(directory: Directory, tag: number): Draft | null {
  const offset = numberOf(directory, tag, 0)
  if (offset < 8 || offset + 2 > directory.bytes.length) return null
  try {
    const child = readDirectory(directory, offset)
    const fields = [...child.fields.values()].filter((field) => !notCarried.has(field.tag))
    return { fields: carried(child, fields), children: [] }
  } catch {
    return null // a photo without its description is better than none
  }
}

/**
 * An EXIF block made of what a TIFF's first directory tells about the photo: camera, date, author,
 * resolution, and its EXIF and GPS directories, values byte for byte and in the same byte order. Null when
 * it tells nothing beyond orientation and resolution.
 */
export function exifFromTiff(directory: Directory): Uint8Array | null {
  const draft = descriptionIn(directory)
  const telling = draft.fields.some(({ tag }) => ![274, 282, 283, 296].includes(tag))
  if (!telling && draft.children.length === 0) return null
  const parts: Uint8Array[] = [tiffHeader(directory.little)]
  writeDirectory(draft, 8, directory.little, parts)
  return new Uint8Array(Buffer.concat(parts))
}

/** What a directory tells about the photo, to be written into another file of the same byte order. */
export function descriptionIn(directory: Directory): Draft {
  const own = descriptive.flatMap((tag) => directory.fields.get(tag) ?? [])
  const children = [exifDirectory, gpsDirectory].flatMap((tag) => {
    const draft = directory.fields.has(tag) ? childDraft(directory, tag) : null
    return draft ? [{ tag, draft }] : []
  })
  return { fields: carried(directory, own), children }
}

/** The eight bytes that a classic file begins with; its first directory follows them. */
export function tiffHeader(little: boolean): Uint8Array {
  const header = Buffer.alloc(8)
  const view = new DataView(header.buffer, header.byteOffset, 8)
  view.setUint16(0, little ? 0x4949 : 0x4d4d)
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  return header
}

/** Appends a directory that begins at `at`, then its long values, then its children; returns where that ends. */
export function writeDirectory(
  draft: Draft,
  at: number,
  little: boolean,
  parts: Uint8Array[],
): number {
  const entries = [
    ...draft.fields.map((field) => ({ ...field, child: null as Draft | null })),
    ...draft.children.map(({ tag, draft }) => ({
      tag,
      type: 4,
      count: 1,
      bytes: new Uint8Array(4),
      child: draft,
    })),
  ].sort((a, b) => a.tag - b.tag)
  const head = Buffer.alloc(2 + 12 * entries.length + 4)
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  view.setUint16(0, entries.length, little)
  parts.push(head)
  let end = at + head.length
  entries.forEach(({ tag, type, count, bytes, child }, i) => {
    const entry = 2 + 12 * i
    view.setUint16(entry, tag, little)
    view.setUint16(entry + 2, type, little)
    view.setUint32(entry + 4, count, little)
    if (child) {
      view.setUint32(entry + 8, end, little)
      end = writeDirectory(child, end, little, parts)
    } else if (bytes.length <= 4) {
      head.set(bytes, entry + 8)
    } else {
      view.setUint32(entry + 8, end, little)
      parts.push(bytes, Buffer.alloc(bytes.length & 1))
      end += bytes.length + (bytes.length & 1)
    }
  })
  return end
}
