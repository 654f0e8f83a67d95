/**
 * A Gaussian mixture fitted to codes by expectation maximisation (Dempster, Laird, Rubin 1977): full covariances up to 64
 * latents, diagonal ones above; ten components. Started by k-means++ seeding (Arthur and Vassilvitskii 2007), all from the seed.
 */
import { uniform } from '../data/random'
import { exp, ln } from '../noise/elementary'
import { addOuter, cholesky, solveLower } from './covariance'
import type { Pace } from '../work/pace'
import { choiceOf, normals } from './sample'

export const components = 10
const ITERATIONS = 25
/** Codes that it is fitted to at most, evenly spread over all. */
const MOST = 10_000
const FULL_UP_TO = 64
/** Added to variances, as a share of the mean variance: keeps covariances invertible where a latent never varies. */
const RIDGE = 1e-4
/** The logarithm of a share that counts as none. */
const NEGLIGIBLE = -40
const LN_2_PI = ln(2 * Math.PI)

interface Component {
  weight: number
  mean: Float64Array
  /** L of covariance = L·Lᵀ, row by row; for diagonal ones the deviations alone. */
  factor: Float64Array
  logDeterminant: number
}
export interface Mixture {
  latent: number
  full: boolean
  components: Component[]
  /** Mean log-likelihood of the codes it was fitted to, in nats. */
  logLikelihood: number
}

/** Fits a mixture to codes [count, latent]; there are at least as many codes as components. */
export async function fitMixture(
  codes: Float32Array,
  latent: number,
  seed: number,
  { breathe, report }: Pace,
): Promise<Mixture> {
  const all = codes.length / latent
  const count = Math.min(all, MOST)
  const rows = Float64Array.from({ length: count * latent }, (_, i) => {
    const row = Math.floor(i / latent)
    const place = count === all ? row : Math.floor((row * all) / count)
    return codes[place * latent + (i % latent)] as number
  })
  const full = latent <= FULL_UP_TO
  const k = Math.min(components, count)
  const ridge = RIDGE * Math.max(1e-12, varianceOf(rows, latent))
  let shares = assigned(rows, latent, seeds(rows, latent, k, seed))
  let mixture = maximised(rows, latent, shares, k, full, ridge)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    await breathe()
    const expected = expectation(rows, mixture)
    shares = expected.shares
    await breathe()
    const next = maximised(rows, latent, shares, k, full, ridge)
    mixture = { ...next, logLikelihood: expected.logLikelihood }
    report?.((iteration + 1) / ITERATIONS)
  }
  return mixture
}

/** Sample `index` of a seed: a component by its weight, then mean + T·L·ε. [latent] */
export function fromMixture(
  mixture: Mixture,
  seed: number,
  index: number,
  temperature: number,
): Float32Array {
  const { latent, full } = mixture
  let left = choiceOf(seed, index)
  const chosen =
    mixture.components.find(({ weight }) => (left -= weight) < 0) ?? mixture.components.at(-1)
  const { mean, factor } = chosen as Component
  const epsilon = normals(latent, seed, index)
  return Float32Array.from({ length: latent }, (_, i) => {
    let sum = 0
    if (full)
      for (let j = 0; j <= i; j++)
        sum += (factor[i * latent + j] as number) * (epsilon[j] as number)
    else sum = (factor[i] as number) * (epsilon[i] as number)
    return (mean[i] as number) + temperature * sum
  })
}

function varianceOf(rows: Float64Array, latent: number): number {
  const count = rows.length / latent
  let variance = 0
  for (let j = 0; j < latent; j++) {
    let [mean, squares] = [0, 0]
    for (let i = 0; i < count; i++) mean += (rows[i * latent + j] as number) / count
    for (let i = 0; i < count; i++) squares += ((rows[i * latent + j] as number) - mean) ** 2
    variance += squares / count / latent
  }
  return variance
}

const squaredDistance = (rows: Float64Array, row: number, to: number, latent: number): number => {
  let sum = 0
  for (let j = 0; j < latent; j++)
    sum += ((rows[row * latent + j] as number) - (rows[to * latent + j] as number)) ** 2
  return sum
}

/** Rows to start from: each drawn with a chance in proportion to its squared distance from those before. */
function seeds(rows: Float64Array, latent: number, k: number, seed: number): number[] {
  const count = rows.length / latent
  const chosen = [Math.floor(uniform(seed, 0, 'order', 0) * count)]
  const nearest = new Float64Array(count).fill(Infinity)
  while (chosen.length < k) {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const distance = squaredDistance(rows, i, chosen.at(-1) as number, latent)
      nearest[i] = Math.min(nearest[i] as number, distance)
      sum += nearest[i] as number
    }
    let left = uniform(seed, chosen.length, 'order', 0) * sum
    let next = 0
    while (next < count - 1 && (left -= nearest[next] as number) > 0) next++
    chosen.push(next)
  }
  return chosen
}

/** Each row wholly to the nearest of the chosen ones: [count, k]. */
function assigned(rows: Float64Array, latent: number, chosen: readonly number[]): Float64Array {
  const count = rows.length / latent
  const shares = new Float64Array(count * chosen.length)
  for (let i = 0; i < count; i++) {
    const distances = chosen.map((row) => squaredDistance(rows, i, row, latent))
    shares[i * chosen.length + distances.indexOf(Math.min(...distances))] = 1
  }
  return shares
}

/** Weights, means and covariances from the shares. */
function maximised(
  rows: Float64Array,
  latent: number,
  shares: Float64Array,
  k: number,
  full: boolean,
  ridge: number,
): Mixture {
  const count = rows.length / latent
  const made = Array.from({ length: k }, (_, c) => {
    let total = 1e-9
    const mean = new Float64Array(latent)
    for (let i = 0; i < count; i++) {
      const share = shares[i * k + c] as number
      if (share < 1e-8) continue
      total += share
      for (let j = 0; j < latent; j++)
        mean[j] = (mean[j] as number) + share * (rows[i * latent + j] as number)
    }
    for (let j = 0; j < latent; j++) mean[j] = (mean[j] as number) / total
    const covariance = new Float64Array(full ? latent * latent : latent)
    const apart = new Float64Array(latent)
    for (let i = 0; i < count; i++) {
      const share = (shares[i * k + c] as number) / total
      if (share < 1e-12) continue
      for (let j = 0; j < latent; j++)
        apart[j] = (rows[i * latent + j] as number) - (mean[j] as number)
      if (full) addOuter(covariance, apart, share)
      else
        for (let a = 0; a < latent; a++)
          covariance[a] =
            (covariance[a] as number) + share * (apart[a] as number) * (apart[a] as number)
    }
    return { weight: total / count, mean, ...factorised(covariance, latent, full, ridge) }
  })
  const sum = made.reduce((all, { weight }) => all + weight, 0)
  const normalised = made.map((each) => ({ ...each, weight: each.weight / sum }))
  return { latent, full, components: normalised, logLikelihood: NaN }
}

/** Cholesky's factor of a covariance with the ridge on its diagonal, and its log determinant. */
function factorised(
  covariance: Float64Array,
  latent: number,
  full: boolean,
  ridge: number,
): Pick<Component, 'factor' | 'logDeterminant'> {
  if (!full) {
    const factor = covariance.map((variance) => Math.sqrt(variance + ridge))
    return { factor, logDeterminant: 2 * factor.reduce((sum, each) => sum + ln(each), 0) }
  }
  const ridged = covariance.slice()
  for (let a = 0; a < latent; a++)
    ridged[a * latent + a] = (ridged[a * latent + a] as number) + ridge
  const factor = cholesky(ridged, latent, ridge)
  let logDeterminant = 0
  for (let a = 0; a < latent; a++) logDeterminant += 2 * ln(factor[a * latent + a] as number)
  return { factor, logDeterminant }
}

/** The share of each component in each row, [count, k], and the mean log-likelihood. */
function expectation(
  rows: Float64Array,
  { latent, full, components: parts }: Mixture,
): { shares: Float64Array; logLikelihood: number } {
  const count = rows.length / latent
  const shares = new Float64Array(count * parts.length)
  const solved = new Float64Array(latent)
  let total = 0
  for (let i = 0; i < count; i++) {
    const logs = parts.map(({ weight, mean, factor, logDeterminant }) => {
      for (let a = 0; a < latent; a++)
        solved[a] = (rows[i * latent + a] as number) - (mean[a] as number)
      if (full) solveLower(factor, solved)
      else
        for (let a = 0; a < latent; a++) solved[a] = (solved[a] as number) / (factor[a] as number)
      let distance = 0
      for (let a = 0; a < latent; a++) distance += (solved[a] as number) ** 2
      return ln(weight) - 0.5 * (distance + logDeterminant + latent * LN_2_PI)
    })
    const most = Math.max(...logs)
    const ratios = logs.map((each) => (each - most < NEGLIGIBLE ? 0 : exp(each - most)))
    const sum = ratios.reduce((all, each) => all + each, 0)
    total += most + ln(sum)
    ratios.forEach((each, c) => (shares[i * parts.length + c] = each / sum))
  }
  return { shares, logLikelihood: total / count }
}
