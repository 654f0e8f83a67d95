/**
 * A file clips its noise at black and at white, so noise there no longer averages to nothing: what was 0 has the mean
 * 0.4 σ. A denoiser takes means and would lift blacks and dull whites; the inverse of the clipped mean undoes that.
 * Source: Foi 2009, 'Clipped noisy images: heteroskedastic modeling and practical denoising'.
 */
import { sigmaAt, type Level } from '../../../shared/noiseCurve'
import { maximumOf, type Planes } from '../codec/planes'
import { clippedMoments } from './clippedNormal'

/** Below this share of values at black, or at white, nothing was clipped there that is worth correcting. */
const leastShare = 0.005
/** Places of the table between black and white. */
const places = 1024

function shareOf(value: number, data: ArrayLike<number>): number {
  let count = 0
  for (let i = 0; i < data.length; i++) if (data[i] === value) count++
  return count / data.length
}

/** x such that the mean of clip(x + σn, 0, 255) is 0, 255/places, …, 255; limited to 0 … 255. */
function inverseMeans(sigma: number): Float64Array {
  const inverse = new Float64Array(places + 1)
  let x = 0
  let before = clippedMoments(0, sigma, 255).mean
  let after = before
  const step = 255 / places
  for (let i = 0; i <= places; i++) {
    const mean = i * step
    while (after < mean && x < 255) {
      before = after
      x += step
      after = clippedMoments(x, sigma, 255).mean
    }
    const between = after > before ? (mean - before) / (after - before) : 0
    if (x === 0) inverse[i] = 0
    else inverse[i] = after < mean ? 255 : Math.max(0, x - step + between * step)
  }
  return inverse
}

/**
 * What to do with denoised values in [0, 1] of a picture whose Gaussian noise of a level (0–255 scale) was clipped: the
 * value that would have had such a mean, by the σ at black for dark values and by that at white for bright ones. Dark values are left alone where the input has hardly any black, and bright ones
 * where it has hardly any white. Null when nothing is to be done.
 * @param noisyBlack false for noise that grows with light, which black has none of to be clipped
 */
export function clippingCorrection(
  input: Planes,
  level: Level,
  noisyBlack = true,
): ((value: number) => number) | null {
  const tableFor = (end: number): Float64Array | null => {
    if (end === 0 && !noisyBlack) return null
    const sigma = sigmaAt(level, end)
    const clipped = shareOf((end / 255) * maximumOf(input.bits), input.data) >= leastShare
    return sigma >= 0.5 && clipped ? inverseMeans(sigma) : null
  }
  const [dark, bright] = [tableFor(0), tableFor(255)]
  if (!dark && !bright) return null
  return (value) => {
    const table = value < 0.5 ? dark : bright
    if (!table) return value
    const at = Math.min(1, Math.max(0, value)) * places
    const low = Math.min(places - 1, Math.floor(at))
    const [from, to] = [table[low] as number, table[low + 1] as number]
    return (from + (to - from) * (at - low)) / 255
  }
}
