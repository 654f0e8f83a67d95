/** Means and variances of codes, and which latents a model uses. */

import { ACTIVE_VARIANCE, UnitMoments } from './unitMoments'

export interface LatentMoments {
  index: number
  mean: number
  variance: number
  active: boolean
}

/** Without a prior: the share of the largest variance from which on a latent is active. */
const ACTIVE_SHARE = 0.01

/**
 * Mean and variance of each latent over codes [count, latent], the largest variance first. Where there is no prior to
 * compare with, a latent is active that varies at least a hundredth as much as the most varied one.
 */
export function momentsOf(codes: Float32Array, latent: number, prior: boolean): LatentMoments[] {
  const units = new UnitMoments(latent)
  units.add(codes)
  const [means, variances] = [units.means(), units.variances()]
  const moments = Array.from(variances, (variance, index) => ({
    ...{ index, variance },
    mean: means[index] as number,
  })).sort((a, b) => b.variance - a.variance || a.index - b.index)
  const least = prior ? ACTIVE_VARIANCE : ACTIVE_SHARE * (moments[0]?.variance ?? 0)
  return moments.map((each) => ({ ...each, active: each.variance > least }))
}

/** The mean code of some rows of codes [count, latent]. */
export function meanCode(
  codes: Float32Array,
  latent: number,
  rows: readonly number[],
): Float32Array {
  const mean = new Float64Array(latent)
  for (const row of rows)
    for (let j = 0; j < latent; j++)
      mean[j] = (mean[j] as number) + (codes[row * latent + j] as number) / rows.length
  return Float32Array.from(mean)
}
