/** How near a picture is to its clean original: PSNR and SSIM, as `principles.md` of the project defines them. */
import type { Quality } from '../../../shared/types'
import { maximumOf, type Planes } from '../codec/planes'
import { breathe } from './denoise'

/** The Gaussian window of SSIM: 11 taps, σ 1.5, normalised. */
const radius = 5
const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
  Math.exp(-((i - radius) ** 2) / (2 * 1.5 ** 2)),
)
const sumOfTaps = taps.reduce((sum, tap) => sum + tap, 0)
const weights = taps.map((tap) => tap / sumOfTaps)
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

/** BT.601 full-range luma, 0.299 R + 0.587 G + 0.114 B, of interleaved values times `scale`. */
function lumaRows(data: ArrayLike<number>, width: number, channels: 1 | 3, scale: number): LumaRow {
  return (y, into) => {
    let at = y * width * channels
    for (let x = 0; x < width; x++, at += channels) {
      into[x] =
        channels === 1
          ? scale * (data[at] as number)
          : scale *
            (0.299 * (data[at] as number) +
              0.587 * (data[at + 1] as number) +
              0.114 * (data[at + 2] as number))
    }
  }
}

/**
 * The sum of SSIM over output rows, one row a step, so that a large picture needs eleven rows of memory and its
 * caller can let others have their turn. Wang, Bovik, Sheikh, Simoncelli 2004; population covariance, valid region.
 */
function* ssimRows(a: LumaRow, b: LumaRow, width: number, height: number): Generator<number> {
  const columns = width - 2 * radius
  const [rowA, rowB] = [new Float64Array(width), new Float64Array(width)]
  // five filtered rows (mean a, mean b, a², b², ab) for each of the last eleven lines
  const lines = Array.from({ length: taps.length }, () => new Float64Array(5 * columns))
  for (let y = 0; y < height; y++) {
    a(y, rowA)
    b(y, rowB)
    filterRow(rowA, rowB, lines[y % taps.length] as Float64Array, columns)
    if (y < 2 * radius) continue
    yield sumOfRow(lines, y - 2 * radius, columns)
  }
}

function filterRow(a: Float64Array, b: Float64Array, into: Float64Array, columns: number): void {
  for (let x = 0; x < columns; x++) {
    let [meanA, meanB, squareA, squareB, product] = [0, 0, 0, 0, 0]
    for (let k = 0; k < taps.length; k++) {
      const weight = weights[k] as number
      const [va, vb] = [a[x + k] as number, b[x + k] as number]
      meanA += weight * va
      meanB += weight * vb
      squareA += weight * va * va
      squareB += weight * vb * vb
      product += weight * va * vb
    }
    into[x] = meanA
    into[columns + x] = meanB
    into[2 * columns + x] = squareA
    into[3 * columns + x] = squareB
    into[4 * columns + x] = product
  }
}

function sumOfRow(lines: Float64Array[], first: number, columns: number): number {
  let sum = 0
  for (let x = 0; x < columns; x++) {
    let [meanA, meanB, squareA, squareB, product] = [0, 0, 0, 0, 0]
    for (let k = 0; k < taps.length; k++) {
      const line = lines[(first + k) % taps.length] as Float64Array
      const weight = weights[k] as number
      meanA += weight * (line[x] as number)
      meanB += weight * (line[columns + x] as number)
      squareA += weight * (line[2 * columns + x] as number)
      squareB += weight * (line[3 * columns + x] as number)
      product += weight * (line[4 * columns + x] as number)
    }
    const varianceA = squareA - meanA * meanA
    const varianceB = squareB - meanB * meanB
    const covariance = product - meanA * meanB
    sum +=
      ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
      ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2))
  }
  return sum
}

const ssimPixels = (width: number, height: number): number =>
  (width - 2 * radius) * (height - 2 * radius)

/**
 * Structural similarity of the luma, −1 to 1, mean over the valid region; values in [0, 1], interleaved. A picture with
 * a side below 11 pixels has no valid region: it is 1 when both are equal, else NaN.
 */
export function ssim(
  a: Float32Array,
  b: Float32Array,
  width: number,
  height: number,
  channels: 1 | 3,
): number {
  sameLength(a, b)
  if (Math.min(width, height) < taps.length) return squaredError(a, b) === 0 ? 1 : NaN
  let sum = 0
  const rows = ssimRows(
    lumaRows(a, width, channels, 1),
    lumaRows(b, width, channels, 1),
    width,
    height,
  )
  for (const row of rows) sum += row
  return sum / ssimPixels(width, height)
}

/** PSNR and SSIM of two pictures of the same size, depth and channels. Gives way to other work every few rows. */
export async function qualityOf(a: Planes, b: Planes): Promise<Quality> {
  sameLength(a.data, b.data)
  const { width, height, channels } = a
  const white = maximumOf(a.bits)
  const error = squaredError(a.data, b.data) / a.data.length / white ** 2
  const value = error === 0 ? null : -10 * Math.log10(error)
  if (Math.min(width, height) < taps.length) return { psnr: value, ssim: error === 0 ? 1 : 0 }
  const luma = ({ data }: Planes): LumaRow => lumaRows(data, width, channels, 1 / white)
  let sum = 0
  let since = Date.now()
  for (const row of ssimRows(luma(a), luma(b), width, height)) {
    sum += row
    if (Date.now() - since < 25) continue
    await breathe()
    since = Date.now()
  }
  return { psnr: value, ssim: sum / ssimPixels(width, height) }
}
