/** idx files for tests. */
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** The bytes of an idx file; `values` may be fewer or more than the dimensions promise. */
export function idxBytes(dimensions: readonly number[], values: Uint8Array, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length)
  header[2] = type
  header[3] = dimensions.length
  dimensions.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i))
  return Buffer.concat([header, values])
}

/** Values that differ from image to image and from pixel to pixel. */
export const pattern = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => ((i + from) * 37 + (i >> 3) * 11) % 256)

/** Writes an idx file, gzipped where its name says so. */
export function writeIdx(path: string, dimensions: readonly number[], values: Uint8Array): void {
  const bytes = idxBytes(dimensions, values)
  writeFileSync(path, path.endsWith('.gz') ? gzipSync(bytes) : bytes)
}
