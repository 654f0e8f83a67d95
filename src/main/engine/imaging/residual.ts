/** What a denoiser took away, and whether it looks like noise. */
import { maximumOf, type Planes } from '../codec/planes'

/** Above this lag-1 correlation the residual holds structure; see the test for what white noise and blurring give. */
const structuredFrom = 0.2
/** Below this standard deviation, on the 0–255 scale, the residual is rounding and says nothing. */
const leastDeviation = 0.75
/** Rows that are looked at; enough for a standard error below 0.01 on any photo. */
const mostRows = 512

/**
 * The largest lag-1 correlation, across or down, of the residual r = input − output, as an absolute value over all
 * channels: Σ r(x)·r(x+1) / Σ r(x)². White noise of n pixels gives about ±1/√n; removed edges, blur and texture give
 * much more. Pixels that are clipped in the input are left out: their residual is one-sided.
 */
export function residualCorrelation(
  input: Planes,
  output: Planes,
): { correlation: number; structured: boolean } {
  const { width, height, channels, bits } = input
  const white = maximumOf(bits)
  const scale = 255 / white
  const step = Math.max(1, Math.floor(height / mostRows))
  const residual = (at: number): number => {
    const value = input.data[at] as number
    return value === 0 || value === white ? NaN : (value - (output.data[at] as number)) * scale
  }
  let correlation = 0
  let deviation = 0
  for (let c = 0; c < channels; c++) {
    const sums = { squares: 0, squaresAcross: 0, squaresDown: 0, across: 0, down: 0, count: 0 }
    for (let y = 0; y + 1 < height; y += step) {
      for (let x = 0; x + 1 < width; x++) {
        const at = (y * width + x) * channels + c
        const here = residual(at)
        const right = residual(at + channels)
        const below = residual(at + width * channels)
        if (Number.isNaN(here + right + below)) continue
        sums.count++
        sums.squares += here * here
        sums.squaresAcross += right * right
        sums.squaresDown += below * below
        sums.across += here * right
        sums.down += here * below
      }
    }
    if (sums.count === 0 || sums.squares === 0) continue
    deviation = Math.max(deviation, Math.sqrt(sums.squares / sums.count))
    const normalised = (product: number, squares: number): number =>
      squares === 0 ? 0 : Math.abs(product) / Math.sqrt(sums.squares * squares)
    correlation = Math.max(
      correlation,
      normalised(sums.across, sums.squaresAcross),
      normalised(sums.down, sums.squaresDown),
    )
  }
  return { correlation, structured: deviation >= leastDeviation && correlation > structuredFrom }
}
