/** Float images as bytes for the window, and what a tensor looks like. */
import type { Pictures, TensorView } from '../../../shared/training'
import { bytesOf } from '../store/previews'

/** Images [count, height, width, channels] of values in 0–1. */
export function picturesOf(
  values: ArrayLike<number>,
  { width, height, channels }: { width: number; height: number; channels: number },
): Pictures {
  const count = values.length / (width * height * channels)
  const three = channels === 3 ? 3 : 1
  return { count, width, height, channels: three, pixels: bytesOf(values) }
}

/** How many numbers a histogram of a code has. */
const BINS = 40

/** A histogram of values, from their least to their largest. */
export function histogramOf(values: Float32Array): { from: number; to: number; counts: number[] } {
  const [from, to] = rangeOf(values)
  const counts = new Array<number>(BINS).fill(0)
  const width = (to - from) / BINS || 1
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value - from) / width))
    counts[bin] = (counts[bin] as number) + 1
  }
  return { from, to, counts }
}

/** The mean of each column of [rows, columns]. */
export function columnMeans(values: Float32Array, columns: number): number[] {
  const rows = values.length / columns
  const means = new Array<number>(columns).fill(0)
  for (let i = 0; i < values.length; i++)
    means[i % columns] = (means[i % columns] as number) + (values[i] as number) / rows
  return means
}

function rangeOf(values: Float32Array): [number, number] {
  let [least, largest] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > largest) largest = value
  }
  return values.length === 0 ? [0, 0] : [least, largest]
}

/** Tiles that a tensor's picture shows at most, and pixels a side of a matrix. */
const MOST_TILES = 24
const MOST_SIDE = 96
const LARGEST_KERNEL = 5

interface Tiles {
  count: number
  width: number
  height: number
  channels: 1 | 3
  at: (tile: number, y: number, x: number, c: number) => number
}

/**
 * Which parts of a tensor a person sees: images as they are; a layer's channels of the first image; a convolution's
 * filters; the columns of a matrix from or to an image's pixels as images; any other matrix as it is.
 */
function tilesOf(values: Float32Array, shape: readonly number[], image: ImageSides): Tiles | null {
  const at = (index: number): number => values[index] as number
  if (shape.length === 4) {
    const [n, h, w, c] = shape as [number, number, number, number]
    if (n <= LARGEST_KERNEL && h <= LARGEST_KERNEL) {
      // a filter [height, width, inputs, outputs], of its first input
      return {
        count: Math.min(MOST_TILES, c),
        width: h,
        height: n,
        channels: 1,
        at: (tile, y, x) => at((y * h + x) * w * c + tile),
      }
    }
    if (c === 1 || c === 3) {
      const count = Math.min(MOST_TILES, n)
      return {
        count,
        width: w,
        height: h,
        channels: c,
        at: (tile, y, x, k) => at(((tile * h + y) * w + x) * c + k),
      }
    }
    const count = Math.min(MOST_TILES, c)
    return {
      count,
      width: w,
      height: h,
      channels: 1,
      at: (tile, y, x) => at((y * w + x) * c + tile),
    }
  }
  if (shape.length === 2) {
    const [rows, columns] = shape as [number, number]
    const { height, width, channels } = image
    const pixels = height * width * channels
    const shown = channels === 3 ? 3 : 1
    if (rows === pixels || columns === pixels) {
      const across = rows === pixels
      const count = Math.min(MOST_TILES, across ? columns : rows)
      return {
        count,
        width,
        height,
        channels: shown,
        at: (tile, y, x, c) => {
          const pixel = (y * width + x) * channels + c
          return at(across ? pixel * columns + tile : tile * columns + pixel)
        },
      }
    }
    const [height2, width2] = [Math.min(rows, MOST_SIDE), Math.min(columns, MOST_SIDE)]
    return {
      count: 1,
      width: width2,
      height: height2,
      channels: 1,
      at: (_tile, y, x) =>
        at(Math.floor((y * rows) / height2) * columns + Math.floor((x * columns) / width2)),
    }
  }
  if (shape.length === 1 && values.length > 1) {
    const width = Math.min(values.length, MOST_SIDE)
    return {
      count: 1,
      width,
      height: 1,
      channels: 1,
      at: (_tile, _y, x) => at(Math.floor((x * values.length) / width)),
    }
  }
  return null
}

export interface ImageSides {
  height: number
  width: number
  channels: number
}

/**
 * A tensor as numbers and a picture. The picture's grey runs from the tensor's least value to its largest; where it
 * has both signs, zero is middle grey.
 */
export function tensorView(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  image: ImageSides,
): TensorView {
  const [minimum, maximum] = rangeOf(values)
  let [sum, squares] = [0, 0]
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = values.length === 0 ? 0 : sum / values.length
  const deviation = Math.sqrt(
    Math.max(0, values.length === 0 ? 0 : squares / values.length - mean ** 2),
  )
  const largest = Math.max(Math.abs(minimum), Math.abs(maximum))
  const [low, high] = minimum < 0 && maximum > 0 ? [-largest, largest] : [minimum, maximum]
  const tiles = tilesOf(values, shape, image)
  let picture: Pictures | null = null
  if (tiles) {
    const { count, width, height, channels } = tiles
    const pixels = new Uint8Array(count * width * height * channels)
    let to = 0
    for (let tile = 0; tile < count; tile++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let c = 0; c < channels; c++)
            pixels[to++] = Math.round((255 * (tiles.at(tile, y, x, c) - low)) / (high - low || 1))
    picture = { count, width, height, channels, pixels }
  }
  return { name, shape: [...shape], minimum, maximum, mean, deviation, picture }
}
