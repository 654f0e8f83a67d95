/** What clipping to a range leaves of normal noise: near black and white a photo shows less noise than it got. */

/** Φ(x), to 1.5e-7. Source: Abramowitz and Stegun 7.1.26. */
function distribution(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = 0.5 * polynomial * Math.exp((-x * x) / 2)
  return x > 0 ? 1 - tail : tail
}
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** Mean and standard deviation of y = clip(m + σn, 0, range), n ~ N(0, 1), from the moments of the truncated normal. */
export function clippedMoments(
  m: number,
  sigma: number,
  range: number,
): { mean: number; deviation: number } {
  const [low, high] = [-m / sigma, (range - m) / sigma]
  const [below, above] = [distribution(low), 1 - distribution(high)]
  const inside = 1 - below - above
  const [atLow, atHigh] = [density(low), density(high)]
  const first = m * inside + sigma * (atLow - atHigh)
  const second =
    (m * m + sigma * sigma) * inside +
    2 * m * sigma * (atLow - atHigh) +
    sigma * sigma * (low * atLow - high * atHigh)
  const mean = range * above + first
  const variance = range * range * above + second - mean * mean
  return { mean, deviation: Math.sqrt(Math.max(0, variance)) }
}

/** Below this share of its noise a value counts as saturated. */
const least = 0.05
const steps = 400

/**
 * For noise of σ and clipping to 0 … 255: which share of σ is left where the clipped values have the mean
 * 0, 1, …, 255. 1 in the middle of the range, 0.58 where the unclipped mean is black or white.
 */
export function visibleShares(sigma: number): Float64Array {
  const shares = new Float64Array(256)
  const [from, to] = [-3 * sigma, 255 + 3 * sigma]
  let next = 0
  let before = { mean: 0, share: least }
  for (let step = 0; step <= steps; step++) {
    const { mean, deviation } = clippedMoments(from + ((to - from) * step) / steps, sigma, 255)
    const share = Math.max(least, deviation / sigma)
    for (; next <= 255 && next <= mean; next++) {
      const between = mean > before.mean ? (next - before.mean) / (mean - before.mean) : 1
      shares[next] = before.share + between * (share - before.share)
    }
    before = { mean, share }
  }
  shares.fill(least, next)
  return shares
}
