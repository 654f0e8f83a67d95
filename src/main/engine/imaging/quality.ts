/** How near a picture is to its clean original: PSNR and SSIM, as `principles.md` of the project defines them. */
import type { Quality } from '../../../shared/types'
import { maximumOf, type Planes } from '../codec/planes'
import { breathe } from './denoise'
import { lumaOf } from './luma'

/** The window of SSIM: 11 × 11, Gaussian of σ 1.5. */
const widestRadius = 5
const sigma = 1.5
const c1 = 0.01 ** 2
const c2 = 0.03 ** 2

function sameLength(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length || a.length === 0) {
    throw new Error(
      `Expected two pictures of the same size. Received ${a.length} and ${b.length} values.`,
    )
  }
}

/** Sum of (a − b)². */
function squaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    sum += difference * difference
  }
  return sum
}

/**
 * Peak signal-to-noise ratio, −10 log₁₀ MSE in dB, for values in [0, 1], all channels jointly, no border cropped.
 * Infinity when both are equal.
 */
export function psnr(a: Float32Array, b: Float32Array): number {
  sameLength(a, b)
  return -10 * Math.log10(squaredError(a, b) / a.length)
}

/** Reads a row of luma in [0, 1] into `into`. */
type LumaRow = (y: number, into: Float64Array) => void

/** {@link lumaOf} interleaved values, times `scale`. */
function lumaRows(data: ArrayLike<number>, width: number, channels: 1 | 3, scale: number): LumaRow {
  return (y, into) => {
    let at = y * width * channels
    for (let x = 0; x < width; x++, at += channels) {
      into[x] = scale * lumaOf(data, at, channels)
    }
  }
}

/** One side of the window, normalised: fewer taps for a picture that 11 do not fit into. */
function windowFor(width: number, height: number): Float64Array {
  const radius = Math.min(widestRadius, Math.floor((Math.min(width, height) - 1) / 2))
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  )
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
}

/** What SSIM is made of: filtered a, b, a² + b² and ab. */
const maps = 4

/**
 * The sum of SSIM over one row of the valid region after the other, so that a large picture needs eleven rows
 * of memory and its caller can let others have their turn.
 */
function* ssimRows(
  a: LumaRow,
  b: LumaRow,
  width: number,
  height: number,
  taps: Float64Array,
): Generator<number> {
  const columns = width - taps.length + 1
  const [rowA, rowB] = [new Float64Array(width), new Float64Array(width)]
  const products = new Float64Array(maps * width)
  const lines = Array.from({ length: taps.length }, () => new Float64Array(maps * columns))
  const filtered = new Float64Array(maps * columns)
  for (let y = 0; y < height; y++) {
    a(y, rowA)
    b(y, rowB)
    multiply(rowA, rowB, products)
    filterAcross(products, taps, lines[y % taps.length] as Float64Array)
    if (y < taps.length - 1) continue
    filterDown(lines, y + 1, taps, filtered)
    yield sumOf(filtered)
  }
}

function multiply(a: Float64Array, b: Float64Array, products: Float64Array): void {
  for (let x = 0, to = 0; x < a.length; x++) {
    const [valueA, valueB] = [a[x] as number, b[x] as number]
    products[to++] = valueA
    products[to++] = valueB
    products[to++] = valueA * valueA + valueB * valueB
    products[to++] = valueA * valueB
  }
}

function filterAcross(products: Float64Array, taps: Float64Array, line: Float64Array): void {
  for (let to = 0; to < line.length; to += maps) {
    let [a, b, squares, product] = [0, 0, 0, 0]
    for (let k = 0, from = to; k < taps.length; k++) {
      const tap = taps[k] as number
      a += tap * (products[from++] as number)
      b += tap * (products[from++] as number)
      squares += tap * (products[from++] as number)
      product += tap * (products[from++] as number)
    }
    line[to] = a
    line[to + 1] = b
    line[to + 2] = squares
    line[to + 3] = product
  }
}

/** @param first the oldest of the lines, which are kept in a ring */
function filterDown(
  lines: Float64Array[],
  first: number,
  taps: Float64Array,
  filtered: Float64Array,
): void {
  filtered.fill(0)
  for (let k = 0; k < taps.length; k++) {
    const line = lines[(first + k) % lines.length] as Float64Array
    const tap = taps[k] as number
    for (let i = 0; i < filtered.length; i++) {
      filtered[i] = (filtered[i] as number) + tap * (line[i] as number)
    }
  }
}

function sumOf(filtered: Float64Array): number {
  let sum = 0
  for (let i = 0; i < filtered.length; i += maps) {
    const [a, b] = [filtered[i] as number, filtered[i + 1] as number]
    const means = a * a + b * b
    const variances = (filtered[i + 2] as number) - means
    const covariance = (filtered[i + 3] as number) - a * b
    sum += ((2 * a * b + c1) * (2 * covariance + c2)) / ((means + c1) * (variances + c2))
  }
  return sum
}

/**
 * Structural similarity of the luma, −1 to 1: mean over the valid region of the Gaussian 11 × 11 window of σ 1.5,
 * K₁ 0.01, K₂ 0.03, population covariance; values in [0, 1], interleaved. A picture with a side below 11 pixels
 * gets the largest odd window that fits.
 * Source: Wang, Bovik, Sheikh, Simoncelli, 'Image quality assessment: from error visibility to structural
 * similarity', 2004; equal to scikit-image's `structural_similarity` with the same settings.
 */
export function ssim(
  a: Float32Array,
  b: Float32Array,
  width: number,
  height: number,
  channels: 1 | 3,
): number {
  sameLength(a, b)
  const taps = windowFor(width, height)
  const [lumaA, lumaB] = [lumaRows(a, width, channels, 1), lumaRows(b, width, channels, 1)]
  let sum = 0
  for (const row of ssimRows(lumaA, lumaB, width, height, taps)) sum += row
  return sum / validPixels(width, height, taps)
}

const validPixels = (width: number, height: number, taps: Float64Array): number =>
  (width - taps.length + 1) * (height - taps.length + 1)

/** Milliseconds between breaths: a request that waits is answered soon. */
const patience = 25

/**
 * PSNR (null when both are equal) and SSIM of two pictures of the same size, depth and channels; alpha is not
 * looked at. Gives way to other work of the engine every few rows.
 */
export async function qualityOf(a: Planes, b: Planes): Promise<Quality> {
  sameLength(a.data, b.data)
  const { width, height, channels } = a
  const white = maximumOf(a.bits)
  const error = squaredError(a.data, b.data) / a.data.length / white ** 2
  const taps = windowFor(width, height)
  const [lumaA, lumaB] = [a, b].map(({ data }) => lumaRows(data, width, channels, 1 / white))
  let sum = 0
  let since = Date.now()
  for (const row of ssimRows(lumaA as LumaRow, lumaB as LumaRow, width, height, taps)) {
    sum += row
    if (Date.now() - since < patience) continue
    await breathe()
    since = Date.now()
  }
  return {
    psnr: error === 0 ? null : -10 * Math.log10(error),
    ssim: sum / validPixels(width, height, taps),
  }
}
