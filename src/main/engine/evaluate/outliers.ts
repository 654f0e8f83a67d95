/** How far images lie from normal ones, without a network: distances of codes, of principal components, of pixels. */
import { setImmediate } from 'node:timers/promises'
import { tf } from '../runtime/tensorflow'
import { stopIfCancelled } from './measuring'
import { principalComponents } from './principalComponents'
import { valuesOf } from './values'

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
    for (let j = 0; j < latent; j++)
      for (let k = 0; k <= j; k++) {
        const at = j * latent + k
        const product = ((apart[j] as number) * (apart[k] as number)) / Math.max(1, count - 1)
        covariance[at] = (covariance[at] as number) + product
      }
  }
  let trace = 0
  for (let j = 0; j < latent; j++) trace += covariance[j * latent + j] as number
  const added = (ridge * trace) / latent || 1e-12
  for (let j = 0; j < latent; j++)
    covariance[j * latent + j] = (covariance[j * latent + j] as number) + added
  return { latent, mean, factor: cholesky(covariance, latent) }
}

/** L of a positive definite matrix, of which the lower triangle is read. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size)
  for (let j = 0; j < size; j++)
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j * size + k] as number
      for (let i = 0; i < k; i++)
        sum -= (factor[j * size + i] as number) * (factor[k * size + i] as number)
      factor[j * size + k] = j === k ? Math.sqrt(sum) : sum / (factor[k * size + k] as number)
    }
  return factor
}

/** Codes as the cloud sees them, y = L⁻¹(z − mean): its own have unit covariance, and ‖y‖ is Mahalanobis' distance. */
export function whitened({ latent, mean, factor }: CodeCloud, codes: Float32Array): Float32Array {
  const found = new Float32Array(codes.length)
  const y = new Float64Array(latent)
  for (let row = 0; row < codes.length / latent; row++) {
    for (let j = 0; j < latent; j++) {
      let value = (codes[row * latent + j] as number) - (mean[j] as number)
      for (let i = 0; i < j; i++) value -= (factor[j * latent + i] as number) * (y[i] as number)
      y[j] = value / (factor[j * latent + j] as number)
    }
    found.set(y, row * latent)
  }
  return found
}

interface Rows<Values extends Uint8Array | Float32Array> {
  /** [count, size]: bytes of images, or codes. */
  normal: Values
  tested: Values
  size: number
  signal: AbortSignal
}
type Pixels = Rows<Uint8Array>

/** Bytes as 0–1, codes as they are. */
const floatsOf = (values: Uint8Array | Float32Array): Float32Array =>
  values instanceof Uint8Array ? valuesOf(values) : values.slice()

/** Queries in parts that leave others their turn. */
async function* parts<Values extends Uint8Array | Float32Array>({
  tested,
  size,
  signal,
}: Rows<Values>): AsyncGenerator<Values> {
  for (let at = 0; at < tested.length; at += together * size) {
    yield tested.subarray(at, at + together * size) as Values
    await setImmediate()
    stopIfCancelled(signal)
  }
}

/** Squared error of each tested image that so many principal components of the normal ones leave. */
export async function principalErrors(pixels: Pixels, count: number): Promise<Float32Array> {
  const { normal, tested, size, signal } = pixels
  const indices = Int32Array.from({ length: normal.length / size }, (_, i) => i)
  const { mean, directions } = await principalComponents(
    { images: normal, size, indices },
    count,
    signal,
  )
  const centre = tf.tensor1d(Float32Array.from(mean))
  const found = new Float32Array(tested.length / size)
  let at = 0
  try {
    for await (const part of parts(pixels)) {
      const errors = tf.tidy(() => {
        const x = tf.sub(tf.tensor2d(valuesOf(part), [part.length / size, size]), centre)
        const kept = tf.sum(tf.square(tf.matMul(x, directions as never)), 1)
        return tf.sub(tf.sum(tf.square(x), 1), kept)
      })
      found.set(errors.dataSync(), at)
      errors.dispose()
      at += part.length / size
    }
  } finally {
    tf.dispose([centre, directions])
  }
  return found
}

/** Mean Euclidean distance of each tested row to its `count` nearest normal ones; of images in pixels of 0–1. */
export async function nearestDistances(
  rows: Rows<Uint8Array> | Rows<Float32Array>,
  count: number,
): Promise<Float32Array> {
  const { normal, tested, size } = rows
  const known = tf.tensor2d(floatsOf(normal), [normal.length / size, size])
  const norms = tf.tidy(() => tf.sum(tf.square(known), 1))
  const most = Math.min(count, normal.length / size)
  const found = new Float32Array(tested.length / size)
  let at = 0
  try {
    for await (const part of parts<Uint8Array | Float32Array>(rows)) {
      const distances = tf.tidy(() => {
        const x = tf.tensor2d(floatsOf(part), [part.length / size, size])
        // −‖x − k‖² + ‖x‖²: the largest are the nearest
        const closeness = tf.sub(tf.mul(tf.matMul(x, known, false, true), 2), norms)
        const { values } = tf.topk(closeness, most)
        const squares = tf.sub(tf.expandDims(tf.sum(tf.square(x), 1), 1), values)
        return tf.mean(tf.sqrt(tf.maximum(squares, 0)), 1)
      })
      found.set(distances.dataSync(), at)
      distances.dispose()
      at += part.length / size
    }
  } finally {
    tf.dispose([known, norms])
  }
  return found
}
