/** Places of points on a map, by each of the projections. */
import { centredChunks, principalComponents, type Rows } from '../evaluate/principalComponents'
import { nearestNeighbours } from '../latent/neighbours'
import type { Pace } from '../work/pace'
import { umap, umapFurther, umapNeighbours } from '../latent/umap'
import { tf } from '../runtime/tensorflow'

/** UMAP is fitted on so many points at most; the others are placed among them. */
export const mostFitted = 10_000

export interface Projected {
  /** [count, 2], as the projection gives them. */
  places: Float32Array
  /** Shares of the variance along both components. */
  explained: [number, number] | null
  /** The code at a place; null where a place has none. */
  codeAt: ((x: number, y: number) => Float32Array) | null
  /** The place, as in `places`, of a row that is not among the points; null where only the points have one. */
  placeOf: ((row: ArrayLike<number>) => [number, number]) | null
}

type Signal = { signal?: AbortSignal | undefined }

/** The two latents as they are. `codes` [count, 2] */
export function projectCodes(codes: Float32Array): Projected {
  return {
    places: codes,
    explained: null,
    codeAt: (x, y) => Float32Array.of(x, y),
    placeOf: ({ 0: x = 0, 1: y = 0 }) => [x, y],
  }
}

/**
 * The first two principal components. Each points to where its largest loading is positive, so that a map does not
 * flip. The code at a place has all other components at the mean.
 */
export async function projectPrincipal(rows: Rows, { signal }: Signal): Promise<Projected> {
  const { size, indices } = rows
  const { mean, directions } = await principalComponents(rows, 2, signal)
  const places = new Float32Array(indices.length * 2)
  const loadings = directions.dataSync() as Float32Array
  const width = directions.shape[1] as number
  directions.dispose()
  const axes = [0, 1].map((axis) => axisOf(loadings, size, width, axis))
  const basis = tf.tensor2d(
    Float32Array.from({ length: size * 2 }, (_, i) => axes[i % 2]?.[i >> 1] ?? 0),
    [size, 2],
  )
  let [total, at] = [0, 0]
  try {
    for await (const chunk of centredChunks(rows, mean, signal)) {
      const [scores, squares] = tf.tidy(() => [
        tf.matMul(chunk as never, basis).dataSync() as Float32Array,
        tf.sum(tf.square(chunk)).dataSync()[0] as number,
      ])
      chunk.dispose()
      places.set(scores, at)
      at += scores.length
      total += squares
    }
  } finally {
    basis.dispose()
  }
  const along = [0, 0]
  places.forEach((value, i) => (along[i % 2] = (along[i % 2] as number) + value * value))
  const share = (axis: 0 | 1): number => (total > 0 ? (along[axis] as number) / total : 0)
  return {
    places,
    explained: [share(0), share(1)],
    codeAt: (x, y) =>
      Float32Array.from(
        mean,
        (middle, i) => middle + x * (axes[0]?.[i] ?? 0) + y * (axes[1]?.[i] ?? 0),
      ),
    placeOf: (row) => {
      const along = (axis: Float32Array | undefined): number =>
        mean.reduce((sum, middle, i) => sum + ((row[i] ?? 0) - middle) * (axis?.[i] ?? 0), 0)
      return [along(axes[0]), along(axes[1])]
    },
  }
}

/** A column of the directions, turned; zeros where there is none. */
function axisOf(loadings: Float32Array, size: number, width: number, axis: number): Float32Array {
  const column = new Float32Array(size)
  if (axis < width) for (let i = 0; i < size; i++) column[i] = loadings[i * width + axis] as number
  let largest = 0
  for (const value of column) if (Math.abs(value) > Math.abs(largest)) largest = value
  return largest < 0 ? column.map((value) => -value) : column
}

/** UMAP of codes [count, latent], started from their principal components. */
export async function projectUmap(
  codes: Float32Array,
  latent: number,
  seed: number,
  { signal, breathe, report }: Pace & Signal,
): Promise<Projected> {
  const count = codes.length / latent
  const fitted = Math.min(count, mostFitted)
  const work = timetable(fitted, count - fitted, report)
  const points = { values: codes.subarray(0, fitted * latent), size: latent }
  const indices = Int32Array.from({ length: fitted }, (_, i) => i)
  const start = await projectPrincipal(
    { images: codes, size: latent, indices, unit: 1 },
    { signal },
  )
  const k = Math.min(umapNeighbours, fitted - 1)
  const own = await nearestNeighbours(points, points, k, { breathe, report: work('neighbours') })
  const placed = await umap(own, start.places, seed, { breathe, report: work('fit') })
  const places = new Float32Array(count * 2)
  places.set(placed)
  if (count > fitted) {
    const rest = { values: codes.subarray(fitted * latent), size: latent }
    const pace = { breathe, report: work('restNeighbours') }
    const theirs = await nearestNeighbours(rest, points, k, pace)
    const further = { breathe, report: work('rest') }
    places.set(await umapFurther(theirs, placed, seed, further), fitted * 2)
  }
  return { places, explained: null, codeAt: null, placeOf: null }
}

/** One share for the whole: each part's is weighted by about how long it takes. */
function timetable(fitted: number, rest: number, report: Pace['report']) {
  const lengths = {
    neighbours: fitted * 1,
    fit: fitted * 4,
    restNeighbours: rest * 0.6,
    rest: rest * 0.6,
  }
  const total = Object.values(lengths).reduce((sum, length) => sum + length, 0)
  let done = 0
  return (part: keyof typeof lengths) => {
    const before = done
    done += lengths[part]
    return (share: number) => report?.((before + share * lengths[part]) / total)
  }
}
