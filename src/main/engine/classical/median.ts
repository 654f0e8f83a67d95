/**
 * The median of the square of pixels around each one, each channel on its own; beyond the edge the nearest pixel
 * stands. 3 × 3, and 5 × 5 from σ 15 on, where it is the better one. Made for single wrong pixels (salt and pepper).
 * Results are those of `scipy.ndimage.median_filter(mode='nearest')`, which scikit-image's `median` calls.
 */
import { Turns, withMargin, type Method } from './picture'

const largeFrom = 15 / 255

export const median: Method = async (noisy, sigma, pace) => {
  const { width, height, channels } = noisy
  const radius = sigma >= largeFrom ? 2 : 1
  const side = 2 * radius + 1
  const { data, width: stride } = withMargin(noisy, radius, 'nearest')
  const sorted = new Float32Array(side * side)
  const middle = sorted.length >> 1
  const result = new Float32Array(noisy.data.length)
  const turns = new Turns(pace, height)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * channels; i++) {
      let count = 0
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          insert(sorted, count++, data[((y + row) * stride + column) * channels + i] as number)
        }
      }
      result[y * width * channels + i] = sorted[middle] as number
    }
    await turns.next()
  }
  return result
}

/** Puts a value among the first `count`, which are in order. */
function insert(sorted: Float32Array, count: number, value: number): void {
  let at = count
  for (; at > 0 && (sorted[at - 1] as number) > value; at--) sorted[at] = sorted[at - 1] as number
  sorted[at] = value
}
