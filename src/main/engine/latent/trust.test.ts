import { describe, expect, it } from 'vitest'
import { tf } from '../runtime/tensorflow'
import { cloud, noPause } from './testing/points'
import { mostNeighbours, neighbourhoodsKept } from './trust'

const line = (...places: number[]) => ({ values: Float32Array.from(places), size: 1 })

describe('trustworthiness and continuity', () => {
  it('are 1 for the points themselves, turned, shrunk and moved', async () => {
    const points = cloud(120, 2)
    expect(await neighbourhoodsKept(points, points, 12, noPause)).toEqual({
      trustworthiness: 1,
      continuity: 1,
    })
    const turned = points.values.map((_, i) =>
      i % 2 === 0 ? 5 - (points.values[i + 1] ?? 0) / 4 : (points.values[i - 1] ?? 0) / 4,
    )
    const kept = await neighbourhoodsKept(points, { values: turned, size: 2 }, 12, noPause)
    expect(kept.trustworthiness).toBeGreaterThan(0.9999)
    expect(kept.continuity).toBeGreaterThan(0.9999)
  })

  it('have the value of the formula, worked out by hand', async () => {
    // Points 0 1 2 4 8 with one neighbour each: 1, 0, 1, 2, 3. On the map the first two are exchanged.
    const before = line(0, 1, 2, 4, 8)
    const after = line(1, 0, 2, 4, 8)
    // On the map the nearest are 1, 0, 0, 2, 3: only for point 2 another, whose original rank is 2 (after 1, with 4 as far
    // but of a higher index): an excess of 1. The other way round point 2's neighbour 1 has on the map the rank 2.
    const factor = 2 / (5 * 1 * (2 * 5 - 3 * 1 - 1))
    const kept = await neighbourhoodsKept(before, after, 1, noPause)
    expect(kept.trustworthiness).toBeCloseTo(1 - factor * 1, 12)
    expect(kept.continuity).toBeCloseTo(1 - factor * 1, 12)
  })

  it('are about a half for places that have nothing to do with the points', async () => {
    const kept = await neighbourhoodsKept(cloud(400, 10, 1), cloud(400, 2, 2), 12, noPause)
    expect(Math.abs(kept.trustworthiness - 0.5)).toBeLessThan(0.03)
    expect(Math.abs(kept.continuity - 0.5)).toBeLessThan(0.03)
  })

  it('tell a fold, which brings strangers together, from a tear, which takes neighbours apart', async () => {
    const points = line(...Array.from({ length: 100 }, (_, i) => i))
    const folded = line(...points.values.map((x) => Math.abs(x - 49.6)))
    const torn = line(...points.values.map((x) => (x < 50 ? x : 300 - x)))
    const fold = await neighbourhoodsKept(points, folded, 4, noPause)
    const tear = await neighbourhoodsKept(points, torn, 4, noPause)
    expect(fold.trustworthiness).toBeLessThan(fold.continuity)
    expect(tear.continuity).toBeLessThan(tear.trustworthiness)
  })

  it('refuse more neighbours than the formula is right for', async () => {
    const points = cloud(10, 2)
    expect(mostNeighbours(10)).toBe(4)
    await expect(neighbourhoodsKept(points, points, 5, noPause)).rejects.toThrow('Expected 1 to 4')
  })

  it('keep no tensor', async () => {
    const before = tf.memory().numTensors
    await neighbourhoodsKept(cloud(60, 20), cloud(60, 2), 5, noPause)
    expect(tf.memory().numTensors).toBe(before)
  })
})
