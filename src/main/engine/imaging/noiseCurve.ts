/**
 * Noise by brightness: σ of each of eight equal ranges of the luma, from readings of some certainty.
 *
 * A range that could not be read takes its neighbours' value, and one that was read from few blocks leans on them: with
 * the readings mₖ = ln σₖ of variance vₖ the curve l minimises
 *
 *   Σₖ (lₖ − mₖ)² / vₖ + Σₖ (lₖ₊₁ − lₖ)² / step²,
 *
 * the graduation of E. T. Whittaker, 'On a new method of graduation', 1923, here with first differences. Where the
 * readings agree with one σ, χ² = Σ (mₖ − m̄)² / vₖ, there is no curve: it would only tell of the readings' errors.
 *
 * That σ depends on brightness: A. Foi et al., 'Practical Poissonian–Gaussian noise modeling and fitting for single-image
 * raw-data', 2008; that of finished files follows the camera's curves and not a·x + b: C. Liu et al., 'Automatic estimation
 * and removal of noise from a single image', 2008.
 */
import { sigmaAt } from '../../../shared/noiseCurve'

/** How many ranges of brightness there are. */
const ranges = 8

/** σ² of a range, and by how many independent squares it was told; null where it could not be read. */
export type Reading = { variance: number; freedom: number } | null

/** What is read of each range of brightness. */
export const byRange = (read: (range: number) => Reading): Reading[] =>
  Array.from({ length: ranges }, (_, range) => read(range))

/** Which range a luma (0–255) is in. */
export const rangeOf = (luma: number): number =>
  Math.min(ranges - 1, Math.max(0, Math.floor((luma * ranges) / 255)))

/** The standard deviation of ln σ that a reading has besides chance: detail that is taken for noise. */
const systematic = 0.1
/** How much ln σ is taken to differ from a range to the next. */
const step = 0.2
/** χ² over its degrees of freedom from which σ differs by brightness. */
const differing = 2
/** σ below which there is nothing to tell apart. */
const least = 0.5

/**
 * @returns σ of each range, or null where it is one and the same as far as the readings tell
 */
export function fitCurve(readings: readonly Reading[]): number[] | null {
  const read = readings.map((reading) =>
    reading === null
      ? { value: 0, weight: 0 }
      : {
          value: Math.log(Math.max(least, Math.sqrt(reading.variance))),
          weight: 1 / (systematic ** 2 + 1 / (2 * reading.freedom)),
        },
  )
  const known = read.filter(({ weight }) => weight > 0)
  if (known.length < 2) return null
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  const mean = known.reduce((sum, { value, weight }) => sum + weight * value, 0) / total
  const square = known.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0)
  if (square / (known.length - 1) < differing) return null
  return graduate(read).map(Math.exp)
}

/** The minimum of the sum above: a tridiagonal system, eliminated from the first to the last. */
function graduate(read: readonly { value: number; weight: number }[]): number[] {
  const pull = 1 / step ** 2
  const diagonal: number[] = []
  const right: number[] = []
  read.forEach(({ value, weight }, k) => {
    const neighbours = (k > 0 ? 1 : 0) + (k < read.length - 1 ? 1 : 0)
    const share = k > 0 ? pull / (diagonal[k - 1] as number) : 0
    diagonal.push(weight + neighbours * pull - (k > 0 ? share * pull : 0))
    right.push(weight * value + (k > 0 ? share * (right[k - 1] as number) : 0))
  })
  const curve = new Array<number>(read.length)
  for (let k = read.length - 1; k >= 0; k--) {
    const next = k < read.length - 1 ? pull * (curve[k + 1] as number) : 0
    curve[k] = ((right[k] as number) + next) / (diagonal[k] as number)
  }
  return curve
}

/** √ of the mean of σ² over places of these lumas (0–255): the one number that tells how much noise there is. */
export function overall(curve: readonly number[], lumas: Float32Array): number {
  let sum = 0
  for (const luma of lumas) sum += sigmaAt(curve, luma) ** 2
  return Math.sqrt(sum / Math.max(1, lumas.length))
}
