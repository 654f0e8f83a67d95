/**
 * The bilateral filter: a mean over the neighbours that are near and alike,
 *
 *   x̂(p) = Σ_q w(p, q) x(q) / Σ_q w(p, q),   w = exp(−|p − q|² / 2σ_s²) · exp(−|x(p) − x(q)|² / 2σ_c²)
 *
 * where |x(p) − x(q)| is the distance of colours. σ_s = 1.8 pixels in a window of 13 (Zhang, Gunturk,
 * 'Multiresolution bilateral filtering for image denoising', 2008), σ_c = 3σ, the best of seven factors on five photos at
 * σ 10, 25 and 50. Beyond the edge the nearest pixel stands. Results follow scikit-image's
 * `denoise_bilateral(mode='edge')`, but for two slips of version 0.26 that `bench/peers/classical_skimage.py` names.
 * Source: Tomasi, Manduchi, 'Bilateral filtering for gray and color images', ICCV 1998.
 */
import { Turns, withMargin, type Method, type Picture } from './picture'

const spatial = 1.8
const radius = 6
const perSigma = 3
/** exp(−v) for v from 0 to 18 in steps of 1/256; beyond that a neighbour does not count. */
const finest = 256
const exponentials = Float32Array.from({ length: 18 * finest }, (_, i) => Math.exp(-i / finest))

export const bilateral: Method = async (noisy, sigma, pace) => {
  const { width, height, channels } = noisy
  if (sigma === 0) return noisy.data.slice()
  const padded = withMargin(noisy, radius, 'nearest')
  const neighbours = neighboursIn(padded.width)
  const scale = finest / (2 * (perSigma * sigma) ** 2)
  const turns = new Turns(pace, height)
  const result = new Float32Array(noisy.data.length)
  for (let y = 0; y < height; y++) {
    const from = (y + radius) * padded.width + radius
    const row = result.subarray(y * width * channels, (y + 1) * width * channels)
    filterRow(padded, from, neighbours, scale, row)
    await turns.next()
  }
  return result
}

interface Neighbours {
  /** Places, counted in pixels from the middle one. */
  offsets: Int32Array
  weights: Float32Array
}

function neighboursIn(stride: number): Neighbours {
  const side = 2 * radius + 1
  const places = Array.from({ length: side * side }, (_, i) => ({
    x: (i % side) - radius,
    y: Math.floor(i / side) - radius,
  }))
  return {
    offsets: Int32Array.from(places, ({ x, y }) => y * stride + x),
    weights: Float32Array.from(places, ({ x, y }) =>
      Math.exp(-(x * x + y * y) / (2 * spatial ** 2)),
    ),
  }
}

function filterRow(
  { data, channels }: Picture,
  start: number,
  { offsets, weights }: Neighbours,
  scale: number,
  row: Float32Array,
): void {
  const last = channels - 1 // of a grey picture all three are the one channel
  const middle = last >> 1
  for (let to = 0, at = start * channels; to < row.length; to += channels, at += channels) {
    const red = data[at] as number
    const green = data[at + middle] as number
    const blue = data[at + last] as number
    let [total, sumRed, sumGreen, sumBlue] = [0, 0, 0, 0]
    for (let i = 0; i < offsets.length; i++) {
      const from = at + (offsets[i] as number) * channels
      const [r, g, b] = [
        data[from] as number,
        data[from + middle] as number,
        data[from + last] as number,
      ]
      const squares =
        channels === 1 ? (r - red) ** 2 : (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
      const alike = exponentials[Math.round(squares * scale)]
      if (alike === undefined) continue
      const weight = (weights[i] as number) * alike
      total += weight
      sumRed += weight * r
      sumGreen += weight * g
      sumBlue += weight * b
    }
    row[to] = sumRed / total
    row[to + middle] = sumGreen / total
    row[to + last] = sumBlue / total
  }
}
