/** Rate and distortion: what a method makes of images at each of its settings, and what is read off between them. */

/** What a method makes of the images at one setting. */
export interface Point {
  bytes: number
  /** Mean squared error a value, of values in 0–1. */
  mse: number
}

/** Mean squared error a value, of bytes as 0–1. */
export function errorOf(given: Uint8Array, decoded: Uint8Array): number {
  let squares = 0
  for (let i = 0; i < given.length; i++)
    squares += ((given[i] as number) - (decoded[i] as number)) ** 2
  return squares / given.length / 255 ** 2
}

/** Whether a point lies below the straight line between two others, which stands for some images by the one, some by the other. */
const isBelow = (point: Point, from: Point, to: Point): boolean =>
  (to.bytes - from.bytes) * (point.mse - from.mse) <
  (point.bytes - from.bytes) * (to.mse - from.mse)

/** The points that no others beat, nor a mixture of two of them; the fewest bytes first, the largest error. */
export function bestOf<P extends Point>(points: readonly P[]): P[] {
  const best: P[] = []
  for (const point of [...points].sort((a, b) => a.bytes - b.bytes || a.mse - b.mse)) {
    if (point.mse >= (best.at(-1)?.mse ?? Infinity)) continue
    while (best.length > 1 && !isBelow(best.at(-1) as P, best.at(-2) as P, point)) best.pop()
    best.push(point)
  }
  return best
}

/**
 * Bytes at an error, on a curve between the two points around it (straight in log error against log bytes). Null where
 * the curve ends before: it never reaches so small an error, or was not measured at one so large.
 */
export function bytesAt(points: readonly Point[], mse: number): number | null {
  const sorted = bestOf(points).reverse()
  const after = sorted.findIndex((point) => point.mse >= mse)
  const to = sorted[after]
  if (!to || (after === 0 && to.mse > mse)) return null
  const from = sorted[Math.max(0, after - 1)] as Point
  if (from === to) return to.bytes
  const share = Math.log(mse / from.mse) / Math.log(to.mse / from.mse)
  return Math.exp((1 - share) * Math.log(from.bytes) + share * Math.log(to.bytes))
}

/**
 * From how many images on a decoder's bytes are paid back, by what each image takes less than with another method, which
 * needs none; null: never, as it takes no less. `own` and `other` are bytes of so many `images`.
 */
export function paysFrom(
  decoder: number,
  own: number,
  other: number,
  images: number,
): number | null {
  const saved = (other - own) / images
  return saved > 0 ? Math.ceil(decoder / saved) : null
}
