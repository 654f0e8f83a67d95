/** Files of photos that tests make without the program's own code. */
import { writeFileSync } from 'node:fs'

/** An ICC profile of RGB as a camera might write it: a header and some bytes that must come out as they went in. */
export function colourProfile(): Buffer {
  const bytes = Buffer.from(Array.from({ length: 560 }, (_, i) => (i * 7919) % 251))
  bytes.fill(0, 0, 132) // the header, and no entries after it
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.write('RGB ', 16, 'latin1')
  bytes.write('acsp', 36, 'latin1')
  return bytes
}

interface DeepPhoto {
  width: number
  height: number
  /** Interleaved RGB. */
  data: Uint16Array
  profile: Buffer
}

/** The tag of a TIFF's colour profile (ICC.1:2022, annex B.4). */
export const profileTag = 34675

/** Writes an uncompressed TIFF of 16 bits a colour with a colour profile, by TIFF 6.0, section 6 'RGB full color images'. */
export function writeDeepTiff(path: string, { width, height, data, profile }: DeepPhoto): void {
  const [short, long, undefinedType] = [3, 4, 7]
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const bits = Buffer.from(Uint16Array.of(16, 16, 16).buffer)
  const parts = [bits, profile, pixels]
  const count = 10
  const [bitsAt, profileAt, pixelsAt] = parts.map(
    (_, i) =>
      8 + 2 + 12 * count + 4 + parts.slice(0, i).reduce((sum, part) => sum + part.length, 0),
  ) as [number, number, number]
  const fields = [
    [256, short, 1, width],
    [257, short, 1, height],
    [258, short, 3, bitsAt],
    [259, short, 1, 1], // not compressed
    [262, short, 1, 2], // RGB
    [273, long, 1, pixelsAt],
    [277, short, 1, 3],
    [278, short, 1, height],
    [279, long, 1, pixels.length],
    [profileTag, undefinedType, profile.length, profileAt],
  ] as const
  const head = Buffer.alloc(8 + 2 + 12 * count + 4)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(count, 8)
  for (const [index, [tag, type, length, value]] of fields.entries()) {
    const entry = 10 + 12 * index
    head.writeUInt16LE(tag, entry)
    head.writeUInt16LE(type, entry + 2)
    head.writeUInt32LE(length, entry + 4)
    head.writeUInt32LE(value, entry + 8)
  }
  writeFileSync(path, Buffer.concat([head, ...parts]))
}
