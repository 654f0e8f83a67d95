import { damaged } from '../refusals'

/** Bytes of one value by field type (TIFF 6.0, section 2; 16–18 are BigTIFF's); 0 for a type that is unknown. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/** One field of a directory: `at` is where its values lie. */
export interface Field {
  tag: number
  type: number
  count: number
  at: number
}

/** A directory (IFD) of a TIFF: what is stated about one image. */
export interface Directory {
  bytes: Uint8Array
  view: DataView
  little: boolean
  big: boolean
  fields: Map<number, Field>
  /** Where the next directory begins; 0 after the last, and where that cannot be read. */
  next: number
}

/**
 * A directory at `offset`. Fields of unknown type, and fields whose values lie outside the file, are left
 * out: a program's private field must not make a picture unreadable.
 */
export function readDirectory(
  { bytes, view, little, big }: Omit<Directory, 'fields' | 'next'>,
  offset: number,
): Directory {
  const count = big ? Number(view.getBigUint64(offset, little)) : view.getUint16(offset, little)
  const size = big ? 20 : 12
  const start = offset + (big ? 8 : 2)
  if (count === 0 || count > 65535 || start + size * count > bytes.length) {
    throw damaged('its directory is not in the file')
  }
  const fields = new Map<number, Field>()
  for (let i = 0; i < count; i++) {
    const entry = start + size * i
    const type = view.getUint16(entry + 2, little)
    const values = big
      ? Number(view.getBigUint64(entry + 4, little))
      : view.getUint32(entry + 4, little)
    const length = values * (typeBytes[type] ?? 0)
    const inline = entry + (big ? 12 : 8)
    const room = big ? 8 : 4
    const far = big ? Number(view.getBigUint64(inline, little)) : view.getUint32(inline, little)
    const at = length <= room ? inline : far
    if (length === 0 || at + length > bytes.length) continue
    const tag = view.getUint16(entry, little)
    if (!fields.has(tag)) fields.set(tag, { tag, type, count: values, at })
  }
  const end = start + size * count
  const room = big ? 8 : 4
  const next =
    end + room > bytes.length
      ? 0
      : big
        ? Number(view.getBigUint64(end, little))
        : view.getUint32(end, little)
  return { bytes, view, little, big, fields, next }
}

/** The first directory of a file, classic or BigTIFF, of either byte order. @throws 'image-damaged' */
export function readFirstDirectory(bytes: Uint8Array): Directory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = view.getUint16(0) === 0x4949
  const version = view.getUint16(2, little)
  const big = version === 43
  if (!big && version !== 42) throw damaged('it has an unknown version')
  const offset = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little)
  if (offset < 8 || offset >= bytes.length) throw damaged('its directory is not in the file')
  return readDirectory({ bytes, view, little, big }, offset)
}

/** The bytes of a field, as they lie in the file. */
export function fieldBytes(directory: Directory, field: Field): Uint8Array {
  return directory.bytes.subarray(
    field.at,
    field.at + field.count * (typeBytes[field.type] as number),
  )
}

/** All values of a field that holds whole numbers; null when it is missing or holds something else. */
export function numbersOf(directory: Directory, tag: number): number[] | null {
  const field = directory.fields.get(tag)
  if (!field) return null
  const { view, little } = directory
  const { type, at } = field
  const read = {
    1: (i: number) => view.getUint8(at + i),
    3: (i: number) => view.getUint16(at + 2 * i, little),
    4: (i: number) => view.getUint32(at + 4 * i, little),
    13: (i: number) => view.getUint32(at + 4 * i, little),
    16: (i: number) => Number(view.getBigUint64(at + 8 * i, little)),
    18: (i: number) => Number(view.getBigUint64(at + 8 * i, little)),
  }[type]
  return read ? Array.from({ length: field.count }, (_, i) => read(i)) : null
}

/** The first value of a field, or `missing`. */
export const numberOf = (directory: Directory, tag: number, missing: number): number =>
  numbersOf(directory, tag)?.[0] ?? missing
