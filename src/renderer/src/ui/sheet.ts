/** Pictures laid out as a sheet of RGBA pixels. */
import type { Pictures } from '../../../shared/training'

export interface Sheet {
  width: number
  height: number
  pixels: Uint8ClampedArray<ArrayBuffer>
}

/** Pixels between two pictures, and between two groups of rows. */
const gap = 1
const groupGap = 3

/**
 * Rows of pictures of one size, one set under the other: the first `columns` of each set, then the next ones. What lies
 * between is transparent.
 */
export function sheetOf(sets: readonly Pictures[], columns: number, most = Infinity): Sheet {
  const [first] = sets
  if (!first || first.count === 0) return { width: 1, height: 1, pixels: new Uint8ClampedArray(4) }
  const count = Math.min(first.count, most)
  const across = Math.min(columns, count)
  const groups = Math.ceil(count / across)
  const { width: w, height: h } = first
  const groupHeight = sets.length * (h + gap) - gap
  const width = across * (w + gap) - gap
  const height = groups * (groupHeight + groupGap) - groupGap
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (const [row, set] of sets.entries())
    for (let index = 0; index < Math.min(count, set.count); index += 1) {
      const left = (index % across) * (w + gap)
      const top = Math.floor(index / across) * (groupHeight + groupGap) + row * (h + gap)
      copy(set, index, pixels, width, left, top)
    }
  return { width, height, pixels }
}

/** One of the pictures, by itself. */
export function pictureAt(pictures: Pictures, index: number): Pictures {
  const size = pictures.width * pictures.height * pictures.channels
  const pixels = pictures.pixels.subarray(index * size, (index + 1) * size)
  return { ...pictures, count: 1, pixels }
}

function copy(
  { width, height, channels, pixels: from }: Pictures,
  index: number,
  to: Uint8ClampedArray,
  stride: number,
  left: number,
  top: number,
): void {
  let source = index * width * height * channels
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const target = ((top + y) * stride + left + x) * 4
      const grey = from[source] ?? 0
      to[target] = grey
      to[target + 1] = channels === 3 ? (from[source + 1] ?? 0) : grey
      to[target + 2] = channels === 3 ? (from[source + 2] ?? 0) : grey
      to[target + 3] = 255
      source += channels
    }
}
