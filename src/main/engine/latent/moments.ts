/** Means and variances of codes, and which latents a model uses. */

export interface LatentMoments {
  index: number
  mean: number
  variance: number
  active: boolean
}

/** A latent of a variational model is active where Var over the data of μⱼ > 0.01 (Burda et al. 2016). */
const ACTIVE = 0.01

/**
 * Mean and variance of each latent over codes [count, latent], the largest variance first. Where there is no prior to
 * compare with, a latent is active that varies at least a hundredth as much as the most varied one.
 */
export function momentsOf(codes: Float32Array, latent: number, prior: boolean): LatentMoments[] {
  const count = codes.length / latent
  const moments = Array.from({ length: latent }, (_, index) => {
    let [mean, squares] = [0, 0]
    for (let i = 0; i < count; i++) mean += (codes[i * latent + index] as number) / count
    for (let i = 0; i < count; i++) squares += ((codes[i * latent + index] as number) - mean) ** 2
    return { index, mean, variance: squares / count }
  }).sort((a, b) => b.variance - a.variance || a.index - b.index)
  const least = prior ? ACTIVE : ACTIVE * (moments[0]?.variance ?? 0)
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
