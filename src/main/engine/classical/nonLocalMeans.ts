/**
 * Non-local means in its fast form:
 *
 *   x̂(p) = Σ_q w(p, q) x(q) / Σ_q w(p, q),   w = exp(−max(0, d² − 2σ²) / h²)
 *
 * d² is the mean squared difference of the patches around p and q, q within `reach` pixels of p. For each shift
 * q − p all d² come from one integral image, so that a shift costs the same whatever the patch. The edge is mirrored.
 * Patch of 5 pixels, reach 6, h = 0.6 σ: what scikit-image's documentation recommends for known σ; results follow
 * its `denoise_nl_means(fast_mode=True)`.
 * Sources: Buades, Coll, Morel, 'A non-local algorithm for image denoising', CVPR 2005; Darbon et al., 'Fast nonlocal
 * filtering applied to electron cryomicroscopy', ISBI 2008.
 */
import { Turns, withMargin, type Method, type Picture } from './picture'

const patch = 5
const reach = 6
const strength = 0.6
/** exp of less than minus this counts as nothing. */
const cutOff = 5

export const nonLocalMeans: Method = async (noisy, sigma, pace) => {
  if (sigma === 0) return noisy.data.slice()
  const half = patch >> 1
  const margin = half + reach + 1
  const padded = withMargin(noisy, margin, 'mirror')
  const { width, height, channels } = padded
  const scale = 1 / (channels * (strength * sigma) ** 2 * patch ** 2)
  const expected = 2 * sigma ** 2 * channels
  const integral = new Float64Array(width * height)
  const sums: Sums = {
    values: new Float32Array(padded.data.length),
    weights: new Float32Array(width * height),
  }
  const turns = new Turns(pace, (2 * reach + 1) * (reach + 1))
  for (let down = -reach; down <= reach; down++) {
    for (let across = 0; across <= reach; across++) {
      integrate(padded, across, down, expected, integral)
      await turns.next()
      accumulate(padded, across, down, scale, integral, sums)
    }
  }
  return inner(sums, noisy, width, margin)
}

interface Sums {
  values: Float32Array
  weights: Float32Array
}

/** Sums over all pixels above and to the left of the squared differences to the shifted picture, less what noise alone makes. */
function integrate(
  { data, width, height, channels }: Picture,
  across: number,
  down: number,
  expected: number,
  integral: Float64Array,
): void {
  const shift = (down * width + across) * channels
  const last = Math.min(height, height - down)
  for (let y = Math.max(1, -down); y < last; y++) {
    let row = 0
    let from = (y * width + 1) * channels
    for (let at = y * width + 1; at < (y + 1) * width - across; at++) {
      for (let channel = 0; channel < channels; channel++, from++) {
        const difference = (data[from] as number) - (data[from + shift] as number)
        row += difference * difference
      }
      row -= expected
      integral[at] = (integral[at - width] as number) + row
    }
  }
}

/** Adds each pixel of a pair to the other's mean. Shifts within a row's start are met twice and count half. */
function accumulate(
  { data, width, height, channels }: Picture,
  across: number,
  down: number,
  scale: number,
  integral: Float64Array,
  { values, weights }: Sums,
): void {
  const half = patch >> 1
  const [above, left] = [half * width, half]
  const share = across === 0 ? 0.5 : 1
  const shift = down * width + across
  const last = Math.min(height - half, height - half - down)
  for (let y = Math.max(half, half - down); y < last; y++) {
    for (let at = y * width + half; at < (y + 1) * width - half - across; at++) {
      const sum =
        (integral[at + above + left] as number) +
        (integral[at - above - left] as number) -
        (integral[at - above + left] as number) -
        (integral[at + above - left] as number)
      const distance = sum > 0 ? sum * scale : 0
      if (distance > cutOff) continue
      const weight = share * Math.exp(-distance)
      const other = at + shift
      weights[at] = (weights[at] as number) + weight
      weights[other] = (weights[other] as number) + weight
      for (let channel = 0; channel < channels; channel++) {
        const [to, from] = [at * channels + channel, other * channels + channel]
        values[to] = (values[to] as number) + weight * (data[from] as number)
        values[from] = (values[from] as number) + weight * (data[to] as number)
      }
    }
  }
}

/** The means without the margin. Every pixel is a part of its own mean, so that no weight is 0. */
function inner(
  { values, weights }: Sums,
  { width, height, channels }: Picture,
  stride: number,
  margin: number,
): Float32Array {
  const result = new Float32Array(width * height * channels)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y + margin) * stride + x + margin
      for (let channel = 0; channel < channels; channel++)
        result[to++] = (values[at * channels + channel] as number) / (weights[at] as number)
    }
  }
  return result
}
