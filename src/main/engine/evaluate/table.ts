/** Features of images as a table: one row an image, made when they are asked for where they are large. */
import { DarkroomError } from '../../../shared/errors'
import { valuesAt } from '../data/values'
import { tf, type Tensor } from '../runtime/tensorflow'

export interface FeatureTable {
  count: number
  width: number
  /** Rows of the given images, [indices.length, width]. */
  rows(indices: ArrayLike<number>): Float32Array
}

/** Values of one tensor: what is worked on in one native call. */
const tensorValues = 1 << 22

/** A table of numbers that are there, [count, width]. */
export const tableOf = (values: Float32Array, width: number): FeatureTable => ({
  count: values.length / width,
  width,
  rows(indices) {
    const rows = new Float32Array(indices.length * width)
    for (let i = 0; i < indices.length; i++) {
      const from = (indices[i] as number) * width
      rows.set(values.subarray(from, from + width), i * width)
    }
    return rows
  },
})

/** Bytes as features from 0 to 1, [count, width]. */
export const byteTable = (bytes: Uint8Array, width: number): FeatureTable => ({
  count: bytes.length / width,
  width,
  rows: (indices) => valuesAt(bytes, width, indices),
})

/** (x − mean) · factor for each feature. */
export interface Scaling {
  mean: Float64Array
  factor: Float64Array
}

/**
 * The scaling that gives the features of some rows mean 0 and one common mean variance of 1: directions keep their
 * relative sizes, so that nothing that hardly varies (a dark corner, a latent that is not used) is blown up.
 */
export function scalingOf(table: FeatureTable, indices: Int32Array): Scaling {
  const { width } = table
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  for (const part of partsOf(indices, width)) {
    const rows = table.rows(part)
    for (let at = 0; at < rows.length; at += width) {
      for (let k = 0; k < width; k++) {
        const value = rows[at + k] as number
        sums[k] = (sums[k] as number) + value
        squares[k] = (squares[k] as number) + value * value
      }
    }
  }
  const mean = sums.map((sum) => sum / indices.length)
  const variances = squares.map((sum, k) => sum / indices.length - (mean[k] as number) ** 2)
  const variance = variances.reduce((sum, value) => sum + Math.max(0, value), 0) / width
  if (!(variance > 0))
    throw new DarkroomError('scores-equal', 'the features of all images are the same')
  return { mean, factor: new Float64Array(width).fill(1 / Math.sqrt(variance)) }
}

/** Rows of a table, scaled, as tensors [n, width] of some rows each; the receiver's to dispose. */
export function* scaledParts(
  table: FeatureTable,
  indices: Int32Array,
  { mean, factor }: Scaling,
): Generator<{ x: Tensor; indices: Int32Array }> {
  const { width } = table
  for (const part of partsOf(indices, width)) {
    const rows = table.rows(part)
    for (let at = 0; at < rows.length; at++) {
      const k = at % width
      rows[at] = ((rows[at] as number) - (mean[k] as number)) * (factor[k] as number)
    }
    yield { x: tf.tensor2d(rows, [part.length, width]), indices: part }
  }
}

/** The indices in pieces whose rows fit one native call. */
export function* partsOf(indices: Int32Array, width: number): Generator<Int32Array> {
  const rows = Math.max(1, Math.floor(tensorValues / width))
  for (let at = 0; at < indices.length; at += rows) yield indices.subarray(at, at + rows)
}
