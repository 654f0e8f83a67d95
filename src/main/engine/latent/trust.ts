/**
 * How far a map keeps neighbourhoods: trustworthiness T and continuity C of n points with k neighbours,
 *
 *   T = 1 − 2/(n k (2n − 3k − 1)) Σᵢ Σ_{j ∈ Uᵢ} (r(i, j) − k)
 *
 * Uᵢ the points among the k nearest of i on the map but not among its k nearest originally, r(i, j) the rank of j among
 * the original neighbours of i (1 the nearest). C is the same with map and original exchanged. 1 is perfect; a random
 * map has about 0.5. Of equally near points the one with the lower index counts as nearer.
 * Source: Venna and Kaski, 'Neighborhood preservation in nonlinear projection methods', ICANN 2001.
 */
import { countOf, DistanceRows, rowsAtOnce, squaredDistance, type Points } from './neighbours'
import type { Pace } from '../work/pace'

export interface Trust {
  trustworthiness: number
  continuity: number
}

/** The largest k for which the formula's factor is right: k < n/2, and points beyond the neighbours. */
export const mostNeighbours = (count: number): number => Math.floor((count - 2) / 2)

/** Up to this size distances are made one by one, which is exact. */
const fewDimensions = 4

/**
 * @param originals,places the same points in the same order
 * @param k 1 to {@link mostNeighbours}
 */
export async function neighbourhoodsKept(
  originals: Points,
  places: Points,
  k: number,
  { breathe, report }: Pace,
): Promise<Trust> {
  const count = countOf(originals)
  if (k < 1 || k > mostNeighbours(count) || countOf(places) !== count)
    throw new Error(`Expected 1 to ${mostNeighbours(count)} neighbours. Received ${k}.`)
  const [before, after] = [distancesOf(originals), distancesOf(places)]
  const step = Math.min(50, rowsAtOnce(originals))
  let [intruders, missing] = [0, 0]
  try {
    for (let first = 0; first < count; first += step) {
      await breathe()
      const end = Math.min(count, first + step)
      const [original, mapped] = [before.rows(first, end), after.rows(first, end)]
      for (let row = first; row < end; row++) {
        const range = [(row - first) * count, (row - first + 1) * count] as const
        const [a, b] = [original.subarray(...range), mapped.subarray(...range)]
        intruders += excessRanks(nearest(b, row, k), a, row, k)
        missing += excessRanks(nearest(a, row, k), b, row, k)
      }
      report?.(end / count)
    }
  } finally {
    before.dispose()
    after.dispose()
  }
  const factor = 2 / (count * k * (2 * count - 3 * k - 1))
  return { trustworthiness: 1 - factor * intruders, continuity: 1 - factor * missing }
}

interface Rows {
  /** [end − first, count] */
  rows(first: number, end: number): Float32Array
  dispose(): void
}

function distancesOf(points: Points): Rows {
  const count = countOf(points)
  if (points.size > fewDimensions) {
    const matrix = new DistanceRows(points, points)
    const rows = (first: number, end: number): Float32Array => {
      const tensor = matrix.of(first, end)
      const values = tensor.dataSync() as Float32Array
      tensor.dispose()
      return values
    }
    return { rows, dispose: () => matrix.dispose() }
  }
  const rows = (first: number, end: number): Float32Array => {
    const values = new Float32Array((end - first) * count)
    for (let row = first, to = 0; row < end; row++)
      for (let other = 0; other < count; other++)
        values[to++] = squaredDistance(points, row, points, other)
    return values
  }
  return { rows, dispose: () => undefined }
}

/** The k nearest by a row of distances, without the point itself: kept in order by insertion. */
function nearest(distances: Float32Array, self: number, k: number): Int32Array {
  const indices = new Int32Array(k)
  let kept = 0
  for (let j = 0; j < distances.length; j++) {
    if (j === self) continue
    const distance = distances[j] as number
    if (kept === k && distance >= (distances[indices[k - 1] as number] as number)) continue
    let at = kept < k ? kept++ : k - 1
    while (at > 0 && (distances[indices[at - 1] as number] as number) > distance) {
      indices[at] = indices[at - 1] as number
      at--
    }
    indices[at] = j
  }
  return indices
}

/** Σ (r − k) over those of `members` whose rank r by `distances` is beyond k. */
function excessRanks(
  members: Int32Array,
  distances: Float32Array,
  self: number,
  k: number,
): number {
  let sum = 0
  for (const member of members) {
    const own = distances[member] as number
    let rank = 1
    for (let j = 0; j < distances.length; j++) {
      if (j === self || j === member) continue
      const distance = distances[j] as number
      if (distance < own || (distance === own && j < member)) rank++
    }
    if (rank > k) sum += rank - k
  }
  return sum
}
