/**
 * UMAP: a map on which near points stay near. McInnes, Healy, Melville, 'UMAP: Uniform Manifold Approximation and
 * Projection', arXiv 1802.03426; constants as in its authors' program (minimum distance 0.1, spread 1).
 *
 * 1. Membership of j in i's neighbourhood: w(i, j) = exp(−max(0, d(i, j) − ρᵢ)/σᵢ), ρᵢ the distance of the nearest that is
 *    not at the same place, σᵢ such that Σⱼ w(i, j) = log₂ k. An edge has the weight w + wᵀ − w·wᵀ (fuzzy union).
 * 2. From a start (here the first two principal components), edges pull their ends together and five random points push
 *    each off, for the cross-entropy between the weights and 1/(1 + a·d²ᵇ) on the map; an edge is taken as often as it weighs.
 * 3. A new point starts at the weighted mean of its nearest neighbours' places and is moved in the same way, they are not.
 *
 * The package umap-js was tried: at 10,000 points its start takes 3 s in one piece, in which the engine answers nobody,
 * and placing 50,000 new points half a minute (`bench/map.ts`). This one goes in small steps and works on plain arrays.
 */
import { hashSeed } from '../noise/hashSeed'
import type { Neighbours } from './neighbours'
import type { Pace } from '../work/pace'

/** 1/(1 + a·d²ᵇ) fitted to 1 up to 0.1 and e^(0.1 − d) beyond. */
const [a, b] = [1.5769434603113077, 0.8950608779109733]
const pushesPerPull = 5
const largestStep = 4
/** The start spans this much from the middle. */
const extent = 10
/** Pulls between two looks at whether others are waiting. */
const pullsAtOnce = 8192
/** Points whose memberships are found between two such looks. */
const rowsAtOnce = 512

export const umapNeighbours = 15

/** Edges of a graph with how often each is taken: every `period` epochs. */
interface Edges {
  heads: Int32Array
  tails: Int32Array
  periods: Float32Array
}

/**
 * Places [count, 2] of points that are each other's neighbours.
 * @param start places [count, 2] to begin from; scaled
 */
export async function umap(
  neighbours: Neighbours,
  start: Float32Array,
  seed: number,
  pace: Pace,
): Promise<Float32Array> {
  const count = neighbours.indices.length / neighbours.k
  const epochs = count <= 2500 ? 500 : count <= 5000 ? 400 : count <= 7500 ? 300 : 200
  const random = generator(hashSeed(seed, 'umap'))
  const places = spread(start, random)
  const edges = periodsOf(union(neighbours, await memberships(neighbours, pace)), epochs)
  await optimise({ edges, places, fixed: places, epochs, rate: 1, random }, pace)
  return Float32Array.from(places)
}

/** Places [count, 2] of further points, by their neighbours among points that have a place. */
export async function umapFurther(
  neighbours: Neighbours,
  known: Float32Array,
  seed: number,
  pace: Pace,
): Promise<Float32Array> {
  const { indices, k } = neighbours
  const count = indices.length / k
  const epochs = count <= 10_000 ? 100 : 30
  const weights = await memberships(neighbours, pace)
  const places = new Float64Array(count * 2)
  const heads = new Int32Array(indices.length)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let at = i * k; at < (i + 1) * k; at++) sum += weights[at] as number
    for (let at = i * k; at < (i + 1) * k; at++) {
      const [share, other] = [(weights[at] as number) / sum, indices[at] as number]
      heads[at] = i
      places[i * 2] = (places[i * 2] as number) + share * (known[other * 2] as number)
      places[i * 2 + 1] = (places[i * 2 + 1] as number) + share * (known[other * 2 + 1] as number)
    }
  }
  const edges = periodsOf({ heads, tails: indices, weights }, epochs)
  const random = generator(hashSeed(seed, 'umap further'))
  const fixed = Float64Array.from(known)
  await optimise({ edges, places, fixed, epochs, rate: 0.25, random }, pace)
  return Float32Array.from(places)
}

/** w(i, j) for each neighbour, [count, k]. */
export async function memberships(
  { distances, k }: Neighbours,
  { breathe }: Pace,
): Promise<Float32Array> {
  const weights = new Float32Array(distances.length)
  const target = Math.log2(k)
  let mean = 0
  for (const distance of distances) mean += distance / distances.length
  for (let from = 0; from < distances.length; from += k) {
    if (from % (k * rowsAtOnce) === 0) await breathe()
    const own = distances.subarray(from, from + k)
    const nearest = own.find((distance) => distance > 0) ?? 0
    const total = (width: number): number => {
      let sum = 0
      for (const distance of own) sum += Math.exp(-Math.max(0, distance - nearest) / width)
      return sum
    }
    let [low, high, width] = [0, Infinity, 1]
    for (let step = 0; step < 64; step++) {
      const difference = total(width) - target
      if (Math.abs(difference) < 1e-5) break
      if (difference > 0) high = width
      else low = width
      width = high === Infinity ? width * 2 : (low + high) / 2
    }
    // not ever so narrow: where many lie at one distance there is no width for the target
    const ownMean = own.reduce((sum, distance) => sum + distance / k, 0)
    width = Math.max(width, 1e-3 * (nearest > 0 ? ownMean : mean)) || 1
    for (let i = 0; i < k; i++)
      weights[from + i] = Math.exp(-Math.max(0, (own[i] as number) - nearest) / width)
  }
  return weights
}

interface Weighted {
  heads: Int32Array
  tails: Int32Array
  weights: Float32Array
}

/** The fuzzy union of directed memberships: both directions of every edge, each with the weight w + wᵀ − w·wᵀ. */
function union({ indices, k }: Neighbours, weights: Float32Array): Weighted {
  const heads = new Int32Array(indices.length * 2)
  const tails = new Int32Array(indices.length * 2)
  const joined = new Float32Array(indices.length * 2)
  let edges = 0
  const add = (head: number, tail: number, weight: number): void => {
    heads[edges] = head
    tails[edges] = tail
    joined[edges++] = weight
  }
  for (let at = 0; at < indices.length; at++) {
    const [i, j] = [Math.floor(at / k), indices[at] as number]
    const back = indices.subarray(j * k, (j + 1) * k).indexOf(i)
    const [there, here] = [weights[at] as number, back < 0 ? 0 : (weights[j * k + back] as number)]
    const weight = there + here - there * here
    add(i, j, weight)
    if (back < 0) add(j, i, weight)
  }
  return {
    heads: heads.subarray(0, edges),
    tails: tails.subarray(0, edges),
    weights: joined.subarray(0, edges),
  }
}

/** The heaviest edge is taken in every epoch; what would not be taken once is left out. */
function periodsOf({ heads, tails, weights }: Weighted, epochs: number): Edges {
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const kept = new Int32Array(weights.length)
  let count = 0
  for (let i = 0; i < weights.length; i++)
    if ((weights[i] as number) >= heaviest / epochs) kept[count++] = i
  const of = kept.subarray(0, count)
  return {
    heads: of.map((i) => heads[i] as number),
    tails: of.map((i) => tails[i] as number),
    periods: Float32Array.from(of, (i) => heaviest / (weights[i] as number)),
  }
}

interface Layout {
  edges: Edges
  /** Moved in place. */
  places: Float64Array
  /** What pulls and pushes: the same array, or points that stay where they are. */
  fixed: Float64Array
  epochs: number
  rate: number
  random: () => number
}

async function optimise(layout: Layout, { breathe, report }: Pace): Promise<void> {
  const { edges, places, fixed, epochs, random } = layout
  const { heads, tails, periods } = edges
  const others = fixed.length / 2
  const both = places === fixed
  const next = Float32Array.from(periods)
  const nextPush = periods.map((period) => period / pushesPerPull)
  let pulls = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = layout.rate * (1 - epoch / epochs)
    for (let edge = 0; edge < heads.length; edge++) {
      const period = periods[edge] as number
      if ((next[edge] as number) > epoch) continue
      if (++pulls % pullsAtOnce === 0) await breathe()
      next[edge] = (next[edge] as number) + period
      const i = (heads[edge] as number) * 2
      const j = (tails[edge] as number) * 2
      let x = places[i] as number
      let y = places[i + 1] as number
      const [dx, dy] = [x - (fixed[j] as number), y - (fixed[j + 1] as number)]
      const squared = dx * dx + dy * dy
      if (squared > 0) {
        const power = a * powerOf(squared)
        const pull = (-2 * b * power) / (squared * (power + 1))
        const [moveX, moveY] = [limited(pull * dx) * rate, limited(pull * dy) * rate]
        x += moveX
        y += moveY
        if (both) {
          fixed[j] = (fixed[j] as number) - moveX
          fixed[j + 1] = (fixed[j + 1] as number) - moveY
        }
      }
      const between = period / pushesPerPull
      const pushes = Math.floor((epoch - (nextPush[edge] as number)) / between)
      for (let push = 0; push < pushes; push++) {
        const other = Math.floor(random() * others) * 2
        if (both && other === i) continue
        const [gapX, gapY] = [x - (fixed[other] as number), y - (fixed[other + 1] as number)]
        const gap = gapX * gapX + gapY * gapY
        const force = gap > 0 ? (2 * b) / ((0.001 + gap) * (a * powerOf(gap) + 1)) : 0
        x += (force > 0 ? limited(force * gapX) : largestStep) * rate
        y += (force > 0 ? limited(force * gapY) : largestStep) * rate
      }
      if (pushes > 0) nextPush[edge] = (nextPush[edge] as number) + pushes * between
      places[i] = x
      places[i + 1] = y
    }
    report?.((epoch + 1) / epochs)
  }
}

/** dᵇ for every d by the upper bits of its float32, at the middle of what shares them: right to 0.2 %, in a tenth of the time. */
const powers = Float32Array.from({ length: 0x7f800000 >>> 15 }, (_, upper) => {
  const bits = Uint32Array.of((upper << 15) | 0x4000)
  return (new Float32Array(bits.buffer)[0] as number) ** b
})
const float = new Float32Array(1)
const bitsOfFloat = new Uint32Array(float.buffer)
function powerOf(squared: number): number {
  float[0] = squared
  return powers[(bitsOfFloat[0] as number) >>> 15] as number
}

const limited = (step: number): number =>
  step > largestStep ? largestStep : step < -largestStep ? -largestStep : step

/** The start, scaled to ±{@link extent}, with a little noise so that no two points lie at the same place. */
function spread(start: Float32Array, random: () => number): Float64Array {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const factor = largest > 0 ? extent / largest : 0
  return Float64Array.from(start, (value) => value * factor + (random() - 0.5) * 1e-3 * extent)
}

/** Uniform numbers in [0, 1): Marsaglia's xorshift of 32 bits (2003), because the layout draws tens of millions. */
function generator(seed: number): () => number {
  let state = seed === 0 ? 1 : seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
