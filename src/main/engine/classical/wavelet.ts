/**
 * Wavelet shrinkage: of each band of an orthonormal transform (db2) the coefficients d become
 *
 *   sign(d) · max(0, |d| − T),   T = σ² / √max(mean d² − σ², ε)      (BayesShrink, soft)
 *
 * over three levels less than fit, at least one. Colour is taken in YCbCr (BT.601), with each channel's own σ, where
 * chroma has less detail and shrinks more. Results follow scikit-image's `denoise_wavelet(method='BayesShrink',
 * mode='soft', wavelet='db2', convert2ycbcr=True, rescale_sigma=True)`.
 * Source: Chang, Yu, Vetterli, 'Adaptive wavelet thresholding for image denoising and compression', 2000.
 */
import { join, mostLevels, split, type Plane } from './daubechies'
import { channelOf, Turns, type Method, type Picture } from './picture'

/** Rows make Y, Cb and Cr of R, G and B; the constant that belongs to them passes through unchanged and is left out. */
const fromRgb = [
  [65.481, 128.553, 24.966],
  [-37.797, -74.203, 112],
  [112, -93.786, -18.214],
]
const toRgb = [
  [0.00456621, 0, 0.00625893],
  [0.00456621, -0.00153632, -0.00318811],
  [0.00456621, 0.00791071, 0],
]
/** What a variance that is all noise is taken for. */
const nothing = Number.EPSILON
/** Axes split or joined in a level: what a turn is counted by. */
const passes = 12

export const wavelet: Method = async (noisy, sigma, pace) => {
  const { width, height, channels } = noisy
  const levels = Math.max(1, mostLevels(Math.min(width, height)) - 3)
  const turns = new Turns(pace, channels * levels * passes)
  const colour = channels === 3
  const from = colour ? multiplied(noisy, fromRgb) : noisy
  const result = new Float32Array(noisy.data.length)
  for (let channel = 0; channel < channels; channel++) {
    const share = colour ? Math.hypot(...(fromRgb[channel] as number[])) : 1
    const data = Float64Array.from(channelOf(from, channel))
    const clean = await shrunk({ data, width, height }, levels, (sigma * share) ** 2, turns)
    for (let i = 0; i < clean.data.length; i++)
      result[i * channels + channel] = clean.data[i] as number
  }
  return colour ? multiplied({ ...noisy, data: result }, toRgb).data : result
}

/** A level of the transform shrunk, those below it first. */
async function shrunk(
  plane: Plane,
  levels: number,
  variance: number,
  turns: Turns,
): Promise<Plane> {
  if (levels === 0) return plane
  const { width, height } = plane
  const [above, below] = split(plane, 'down')
  await turns.next()
  const [coarse, vertical] = split(above, 'across')
  await turns.next()
  const [horizontal, diagonal] = split(below, 'across')
  await turns.next()
  for (const { data } of [vertical, horizontal, diagonal]) {
    shrink(data, variance)
    await turns.next()
  }
  const kept = await shrunk(coarse, levels - 1, variance, turns)
  const [top, bottom] = [
    join(kept, vertical, 'across', width),
    join(horizontal, diagonal, 'across', width),
  ]
  await turns.next()
  return join(top, bottom, 'down', height)
}

function shrink(band: Float64Array, variance: number): void {
  let squares = 0
  for (const value of band) squares += value * value
  const threshold = variance / Math.sqrt(Math.max(squares / band.length - variance, nothing))
  for (let i = 0; i < band.length; i++) {
    const value = band[i] as number
    band[i] = Math.sign(value) * Math.max(0, Math.abs(value) - threshold)
  }
}

function multiplied({ data, ...size }: Picture, matrix: readonly number[][]): Picture {
  const result = new Float32Array(data.length)
  for (let at = 0; at < data.length; at += 3) {
    const [first, second, third] = [
      data[at] as number,
      data[at + 1] as number,
      data[at + 2] as number,
    ]
    for (const [row, [a = 0, b = 0, c = 0]] of matrix.entries())
      result[at + row] = a * first + b * second + c * third
  }
  return { data: result, ...size }
}
