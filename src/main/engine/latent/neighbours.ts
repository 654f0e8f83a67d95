/**
 * Exact nearest neighbours (Euclidean): candidates by matrix products, ‖a − b‖² = ‖a‖² + ‖b‖² − 2ab, in float32, and
 * then the true distances of a few more than are wanted, in double precision.
 */
import { tf, type Tensor } from '../runtime/tensorflow'
import type { Pace } from '../work/pace'

/** Points [count, size], row by row. */
export interface Points {
  values: Float32Array
  size: number
}

export const countOf = ({ values, size }: Points): number => values.length / size

export interface Neighbours {
  k: number
  /** [count, k], the nearest first; of equally near ones the one with the lower index. */
  indices: Int32Array
  /** [count, k] */
  distances: Float32Array
}

/** Candidates beyond those that are wanted: float32 may put near ones in the wrong order. */
const spare = 8
/** Distances, and multiplications, of one native call. */
const mostDistances = 1_000_000
const mostProducts = 2e9

/** ‖a − b‖² of two rows. */
export function squaredDistance(a: Points, row: number, b: Points, other: number): number {
  const { size } = a
  let sum = 0
  for (let i = 0; i < size; i++) {
    const difference = (a.values[row * size + i] as number) - (b.values[other * size + i] as number)
    sum += difference * difference
  }
  return sum
}

/** Rows of `queries` whose distances to all of `among` are made in one native call. */
export function rowsAtOnce(among: Points): number {
  const count = Math.max(1, countOf(among))
  const most = Math.min(mostDistances / count, mostProducts / (count * among.size))
  return Math.max(1, Math.floor(most))
}

/** Squared distances between rows of points and all points of another set, as [rows, count] tensors. */
export class DistanceRows {
  readonly #queries: Points
  readonly #mean: Tensor
  readonly #among: Tensor
  readonly #squares: Tensor

  constructor(queries: Points, among: Points) {
    this.#queries = queries
    const { size } = among
    const [all, mean, squares] = tf.tidy(() => {
      const given = tf.tensor2d(among.values, [countOf(among), size])
      const middle = tf.mean(given, 0, true) // near zero, float32 loses least
      const centred = tf.sub(given, middle)
      return [centred, middle, tf.reshape(tf.sum(tf.square(centred), 1), [1, -1])] as const
    })
    this.#among = all
    this.#mean = mean
    this.#squares = squares
  }

  /** The caller's to dispose. */
  of(first: number, end: number): Tensor {
    const { values, size } = this.#queries
    return tf.tidy(() => {
      const given = tf.tensor2d(values.slice(first * size, end * size), [end - first, size])
      const rows = tf.sub(given, this.#mean)
      const products = tf.matMul(rows, this.#among, false, true)
      const own = tf.sum(tf.square(rows), 1, true)
      return tf.sub(tf.add(own, this.#squares), tf.mul(products, 2))
    })
  }

  dispose(): void {
    tf.dispose([this.#mean, this.#among, this.#squares])
  }
}

/**
 * The k nearest of `among` for every one of `queries`. A point is not its own neighbour where both are the same set.
 * @param k at least 1, and less than the number of points
 */
export async function nearestNeighbours(
  queries: Points,
  among: Points,
  k: number,
  { breathe, report }: Pace,
): Promise<Neighbours> {
  const [count, others] = [countOf(queries), countOf(among)]
  const same = queries === among
  const wanted = Math.min(others, k + spare + (same ? 1 : 0))
  if (k < 1 || k > others - (same ? 1 : 0))
    throw new Error(`Expected 1 to ${others - (same ? 1 : 0)} neighbours. Received ${k}.`)
  const indices = new Int32Array(count * k)
  const distances = new Float32Array(count * k)
  const matrix = new DistanceRows(queries, among)
  const step = rowsAtOnce(among)
  try {
    for (let first = 0; first < count; first += step) {
      await breathe()
      const end = Math.min(count, first + step)
      const candidates = nearestOf(matrix.of(first, end), wanted)
      for (let row = first; row < end; row++) {
        const from = (row - first) * wanted
        const found = Array.from(candidates.subarray(from, from + wanted))
          .filter((index) => !same || index !== row)
          .map((index) => ({ index, distance: squaredDistance(queries, row, among, index) }))
          .sort((a, b) => a.distance - b.distance || a.index - b.index)
        for (let i = 0; i < k; i++) {
          const { index, distance } = found[i] as { index: number; distance: number }
          indices[row * k + i] = index
          distances[row * k + i] = Math.sqrt(distance)
        }
      }
      report?.(end / count)
    }
  } finally {
    matrix.dispose()
  }
  return { k, indices, distances }
}

/** Places of the `count` least values of each row, [rows · count]. Spends the matrix. */
function nearestOf(matrix: Tensor, count: number): Int32Array {
  const found = tf.tidy(() => tf.topk(tf.neg(matrix), count).indices)
  const places = found.dataSync() as Int32Array
  tf.dispose([found, matrix])
  return places
}
