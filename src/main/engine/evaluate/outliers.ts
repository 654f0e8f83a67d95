/** How far images lie from normal ones, without a network: distances of codes, of principal components, of pixels. */
import { addOuter, cholesky, solveLower } from '../latent/covariance'
import { countOf, DistanceRows } from '../latent/neighbours'
import type { Pace } from '../work/pace'
import { tf } from '../runtime/tensorflow'
import { principalCodes } from './representations'
import { valuesOf } from '../data/values'

/** The share of the mean variance that is added to each, so that no direction counts without end. */
const ridge = 1e-3
/** Queries of one native call. */
const together = 512

/** Mean and Cholesky factor of the covariance of codes [n, latent]. */
export interface CodeCloud {
  latent: number
  mean: Float64Array
  /** Lower triangle L with C = LLᵀ, row by row. */
  factor: Float64Array
}

export function codeCloud(codes: Float32Array, latent: number): CodeCloud {
  const count = codes.length / latent
  const mean = new Float64Array(latent)
  codes.forEach((value, i) => (mean[i % latent] = (mean[i % latent] as number) + value / count))
  const covariance = new Float64Array(latent * latent)
  const apart = new Float64Array(latent)
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < latent; j++)
      apart[j] = (codes[row * latent + j] as number) - (mean[j] as number)
    addOuter(covariance, apart, 1 / Math.max(1, count - 1))
  }
  let trace = 0
  for (let j = 0; j < latent; j++) trace += covariance[j * latent + j] as number
  const added = (ridge * trace) / latent || 1e-12
  for (let j = 0; j < latent; j++)
    covariance[j * latent + j] = (covariance[j * latent + j] as number) + added
  return { latent, mean, factor: cholesky(covariance, latent) }
}

/** Codes as the cloud sees them, y = L⁻¹(z − mean): its own have unit covariance, and ‖y‖ is Mahalanobis' distance. */
export function whitened({ latent, mean, factor }: CodeCloud, codes: Float32Array): Float32Array {
  const found = new Float32Array(codes.length)
  const y = new Float64Array(latent)
  for (let row = 0; row < codes.length / latent; row++) {
    for (let j = 0; j < latent; j++)
      y[j] = (codes[row * latent + j] as number) - (mean[j] as number)
    solveLower(factor, y)
    found.set(y, row * latent)
  }
  return found
}

interface Rows {
  /** [count, size]: values of images in 0–1, or codes. */
  normal: Float32Array
  tested: Float32Array
  size: number
  pace: Pace
}

/** Mean Euclidean distance of each tested row to its `count` nearest normal ones. @throws DarkroomError `cancelled` */
export async function nearestDistances(
  { normal, tested, size, pace }: Rows,
  count: number,
): Promise<Float32Array> {
  const [queries, among] = [
    { values: tested, size },
    { values: normal, size },
  ]
  const rows = countOf(queries)
  const most = Math.min(count, countOf(among))
  const matrix = new DistanceRows(queries, among)
  const found = new Float32Array(rows)
  try {
    for (let first = 0; first < rows; first += together) {
      const squares = matrix.of(first, Math.min(rows, first + together))
      const distances = tf.tidy(() => {
        const { values } = tf.topk(tf.neg(squares), most)
        return tf.mean(tf.sqrt(tf.maximum(tf.neg(values), 0)), 1)
      })
      found.set(distances.dataSync(), first)
      tf.dispose([squares, distances])
      await pace.breathe()
    }
  } finally {
    matrix.dispose()
  }
  return found
}

/** Squared error of each tested image that so many principal components of the normal ones leave: both bytes. */
export async function principalErrors(
  {
    normal,
    tested,
    size,
    pace,
    signal,
  }: {
    normal: Uint8Array
    tested: Uint8Array
    size: number
    pace: Pace
    signal: AbortSignal
  },
  count: number,
): Promise<Float32Array> {
  const indices = Int32Array.from({ length: normal.length / size }, (_, i) => i)
  const components = await principalCodes({ images: normal, size, indices }, count, signal)
  const found = new Float32Array(tested.length / size)
  try {
    for (let first = 0; first < found.length; first += together) {
      const part = tested.subarray(first * size, (first + together) * size)
      found.set(components.errors(valuesOf(part)), first)
      await pace.breathe()
    }
  } finally {
    components.close()
  }
  return found
}
