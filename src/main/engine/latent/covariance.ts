/** Covariances by their Cholesky factor L, lower triangular, row by row: C = LLᵀ. */

/**
 * L of a positive definite matrix, of which the lower triangle is read.
 * @param least what the square of a diagonal element of L is at least, against rounding
 */
export function cholesky(matrix: Float64Array, size: number, least = 0): Float64Array {
  const factor = new Float64Array(size * size)
  for (let j = 0; j < size; j++)
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j * size + k] as number
      for (let i = 0; i < k; i++)
        sum -= (factor[j * size + i] as number) * (factor[k * size + i] as number)
      factor[j * size + k] =
        j === k ? Math.sqrt(Math.max(sum, least)) : sum / (factor[k * size + k] as number)
    }
  return factor
}

/** Solves L·y = x for y in the place of x. */
export function solveLower(factor: Float64Array, x: Float64Array): void {
  const size = x.length
  for (let j = 0; j < size; j++) {
    let value = x[j] as number
    for (let i = 0; i < j; i++) value -= (factor[j * size + i] as number) * (x[i] as number)
    x[j] = value / (factor[j * size + j] as number)
  }
}

/** Adds weight · aaᵀ to the lower triangle of a matrix. */
export function addOuter(matrix: Float64Array, a: Float64Array, weight: number): void {
  const size = a.length
  for (let j = 0; j < size; j++) {
    const scaled = weight * (a[j] as number)
    for (let k = 0; k <= j; k++)
      matrix[j * size + k] = (matrix[j * size + k] as number) + scaled * (a[k] as number)
  }
}
