/** Means with their 95 % intervals. */

/** A mean and the half-width of its 95 % interval; null where there is only one value. */
export interface Mean {
  mean: number
  interval: number | null
}

/** The 0.975 quantiles of Student's t distribution with 1, 2, … degrees of freedom. */
const studentQuantiles = [
  ...[12.706, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281],
  ...[2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086],
  ...[2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423],
]
const normalQuantile = 1.96

/** The mean of independent values, with t · s/√n, s their deviation with n − 1. For paired differences: give these. */
export function meanOf(values: readonly number[]): Mean {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { mean, interval: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const quantile = studentQuantiles[count - 2] ?? normalQuantile
  return { mean, interval: quantile * Math.sqrt(squares / (count - 1) / count) }
}

/** A share of `count` independent yes-or-no outcomes, with the normal approximation of the binomial's interval. */
export const shareOf = (share: number, count: number): Mean => ({
  mean: share,
  interval: normalQuantile * Math.sqrt((share * (1 - share)) / count),
})
