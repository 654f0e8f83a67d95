/** Sets of pictures of one size, taken apart and put together. */
import type { Pictures } from '../../../shared/training'

/** One of the pictures, by itself and with memory of its own. */
export function pictureAt({ width, height, channels, pixels }: Pictures, at: number): Pictures {
  const size = width * height * channels
  return { count: 1, width, height, channels, pixels: pixels.slice(at * size, (at + 1) * size) }
}

/** Pictures of one size as one set. */
export function joined(pictures: readonly Pictures[]): Pictures | null {
  const [first] = pictures
  if (!first) return null
  const pixels = new Uint8Array(pictures.length * first.pixels.length)
  pictures.forEach(({ pixels: own }, at) => pixels.set(own, at * first.pixels.length))
  return { ...first, count: pictures.length, pixels }
}
