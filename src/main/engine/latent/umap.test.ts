import { describe, expect, it } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { nearestNeighbours } from './neighbours'
import { clusters, cloud, noPause } from './testing/points'
import { neighbourhoodsKept } from './trust'
import { memberships, umap, umapFurther } from './umap'

/** The share of points whose nearest neighbour on the map is of their own cluster. */
async function ownShare(places: Float32Array, count: number): Promise<number> {
  const map = { values: places, size: 2 }
  const { indices } = await nearestNeighbours(map, map, 1, noPause)
  return indices.reduce((sum, j, i) => sum + (j % count === i % count ? 1 : 0), 0) / indices.length
}

const startOf = (count: number) => cloud(count, 2, 9).values

describe('memberships', () => {
  it('add up to log₂ k, the nearest with weight 1', async () => {
    const points = cloud(200, 6)
    const neighbours = await nearestNeighbours(points, points, 15, noPause)
    const weights = await memberships(neighbours, noPause)
    for (let row = 0; row < 200; row++) {
      const own = weights.subarray(row * 15, (row + 1) * 15)
      expect(own[0]).toBe(1)
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(Math.log2(15), 3)
      expect([...own]).toEqual([...own].sort((a, b) => b - a))
    }
  })

  it('are 1 where all lie at one place', async () => {
    const distances = new Float32Array(4)
    const indices = Int32Array.of(1, 2, 0, 2)
    const weights = await memberships({ k: 2, indices, distances }, noPause)
    expect([...weights]).toEqual([1, 1, 1, 1])
  })
})

describe('UMAP', () => {
  it('keeps clusters apart and neighbourhoods together, from any start', async () => {
    const points = clusters(600, 10, 4)
    const neighbours = await nearestNeighbours(points, points, 15, noPause)
    const places = await umap(neighbours, startOf(600), 3, noPause)
    expect(await ownShare(places, 4)).toBe(1)
    const { trustworthiness } = await neighbourhoodsKept(
      points,
      { values: places, size: 2 },
      12,
      noPause,
    )
    expect(trustworthiness).toBeGreaterThan(0.9)
  })

  it('puts further points into their clusters', async () => {
    const [points, rest] = [clusters(400, 10, 4), clusters(200, 10, 4, 2)]
    const own = await nearestNeighbours(points, points, 15, noPause)
    const places = await umap(own, startOf(400), 3, noPause)
    const theirs = await nearestNeighbours(rest, points, 15, noPause)
    const further = await umapFurther(theirs, places, 3, noPause)
    const all = Float32Array.from([...places, ...further])
    expect(await ownShare(all, 4)).toBe(1)
  })

  it('gives the same places for the same seed, others for another', async () => {
    const points = clusters(120, 5, 3)
    const neighbours = await nearestNeighbours(points, points, 10, noPause)
    const made = (seed: number) => umap(neighbours, startOf(120), seed, noPause)
    const first = await made(1)
    expect(await made(1)).toEqual(first)
    expect(await made(2)).not.toEqual(first)
    expect(first.every(Number.isFinite)).toBe(true)
  })

  it('takes points that are all the same', async () => {
    const points = { values: new Float32Array(60), size: 2 }
    const neighbours = await nearestNeighbours(points, points, 15, noPause)
    const places = await umap(neighbours, new Float32Array(60), 1, noPause)
    expect(places.every(Number.isFinite)).toBe(true)
  })

  it('tells how far it is, and ends when it is told to', async () => {
    const points = cloud(400, 4)
    const neighbours = await nearestNeighbours(points, points, 15, noPause)
    const shares: number[] = []
    await umap(neighbours, startOf(400), 1, { ...noPause, report: (share) => shares.push(share) })
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    let breaths = 0
    const breathe = () =>
      ++breaths < 3 ? Promise.resolve() : Promise.reject(new DarkroomError('cancelled', 'enough'))
    const ended = umap(neighbours, startOf(400), 1, { breathe })
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(breaths).toBe(3)
  })
})
