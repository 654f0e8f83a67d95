import { describe, expect, it } from 'vitest'
import { tf } from '../runtime/tensorflow'
import { nearestNeighbours, squaredDistance, type Points } from './neighbours'
import { cloud, noPause } from './testing/points'

/** One by one, in double precision. */
function oneByOne(queries: Points, among: Points, row: number, k: number): number[] {
  return Array.from({ length: among.values.length / among.size }, (_, index) => index)
    .filter((index) => queries !== among || index !== row)
    .map((index) => ({ index, distance: squaredDistance(queries, row, among, index) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, k)
    .map(({ index }) => index)
}

describe('nearest neighbours', () => {
  it('are those that one finds one by one, among the points themselves', async () => {
    const points = cloud(300, 20)
    const { indices, distances } = await nearestNeighbours(points, points, 15, noPause)
    for (let row = 0; row < 300; row++) {
      const own = Array.from(indices.subarray(row * 15, (row + 1) * 15))
      expect(own).toEqual(oneByOne(points, points, row, 15))
      const nearest = Math.sqrt(squaredDistance(points, row, points, own[0] ?? 0))
      expect(distances[row * 15]).toBeCloseTo(nearest, 5)
    }
  })

  it('are exact far from the origin, where float32 distances are not', async () => {
    const points = cloud(200, 5)
    const far = { ...points, values: points.values.map((value) => value + 1000) }
    const { indices } = await nearestNeighbours(far, far, 4, noPause)
    const expected = Array.from({ length: 200 }, (_, row) => oneByOne(far, far, row, 4)).flat()
    expect(Array.from(indices)).toEqual(expected)
  })

  it('are found for other points, and for all there are', async () => {
    const [queries, among] = [cloud(7, 3, 2), cloud(5, 3, 3)]
    const { indices } = await nearestNeighbours(queries, among, 5, noPause)
    const expected = Array.from({ length: 7 }, (_, row) => oneByOne(queries, among, row, 5)).flat()
    expect(Array.from(indices)).toEqual(expected)
  })

  it('refuses more neighbours than there are', async () => {
    const points = cloud(4, 2)
    await expect(nearestNeighbours(points, points, 4, noPause)).rejects.toThrow('Expected 1 to 3')
  })

  it('keeps no tensor, whether it ends or is ended', async () => {
    const points = cloud(50, 8)
    const before = tf.memory().numTensors
    await nearestNeighbours(points, points, 3, noPause)
    const ended = { breathe: () => Promise.reject(new Error('ended')) }
    await expect(nearestNeighbours(points, points, 3, ended)).rejects.toThrow('ended')
    expect(tf.memory().numTensors).toBe(before)
  })
})
