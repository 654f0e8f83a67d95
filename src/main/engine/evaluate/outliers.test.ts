import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import { codeCloud, nearestDistances, principalErrors, whitened } from './outliers'
import { valuesOf } from '../data/values'
import { auroc, averagePrecision, quantile } from './ranking'

describe('ranking', () => {
  const truth = [0, 0, 1, 1]

  it('is one where all anomalies score more, none where all score less, a half by chance', () => {
    expect(auroc([1, 2, 3, 4], truth)).toBe(1)
    expect(auroc([4, 3, 2, 1], truth)).toBe(0)
    expect(auroc([5, 5, 5, 5], truth)).toBe(0.5)
    expect(auroc([1, 3, 2, 4], truth)).toBe(0.75)
    expect(auroc([1, 2, 2, 3], truth)).toBe(0.875)
  })

  it('has a known average precision', () => {
    expect(averagePrecision([1, 2, 3, 4], truth)).toBe(1)
    expect(averagePrecision([1, 3, 2, 4], truth)).toBeCloseTo((1 + 2 / 3) / 2)
    expect(averagePrecision([5, 5, 5, 5], truth)).toBe(0.5)
  })

  it('of one kind only is none', () => {
    expect([auroc([1, 2], [0, 0]), averagePrecision([1, 2], [0, 0])]).toEqual([NaN, NaN])
  })

  it('knows quantiles', () => {
    expect([0, 0.5, 0.95, 1].map((share) => quantile([3, 1, 2, 4], share))).toEqual([1, 2, 4, 4])
  })
})

describe('distance of codes', () => {
  it('is counted in deviations, along the directions in which codes vary together', () => {
    const draws = gaussianField(20_000, 7)
    // y = 2a + b, x = a: correlated
    const codes = draws.map((value, i) => (i % 2 === 0 ? value : 2 * (draws[i - 1] ?? 0) + value))
    const cloud = codeCloud(codes, 2)
    const white = whitened(cloud, Float32Array.of(1, 2, 1, -2, 0, 0))
    const [along = 0, across = 0, centre = 0] = [0, 2, 4].map(
      (at) => (white[at] as number) ** 2 + (white[at + 1] as number) ** 2,
    )
    expect(along).toBeCloseTo(1, 0)
    expect(across).toBeGreaterThan(14)
    expect(centre).toBeLessThan(0.01)
  })
})

describe('baselines', () => {
  const signal = new AbortController().signal
  const pace = { breathe: () => Promise.resolve() }
  // normal images lie on a line: (t, t, 0)
  const normal = Uint8Array.from({ length: 60 }, (_, i) =>
    i % 3 === 2 ? 0 : Math.floor(i / 3) * 12,
  )
  const tested = Uint8Array.of(120, 120, 0, 0, 0, 255)

  it('one component leaves nothing of what lies on the line, and the rest of what does not', async () => {
    const before = tf.memory().numTensors
    const [on, off] = await principalErrors({ normal, tested, size: 3, signal, pace }, 1)
    expect(on).toBeCloseTo(0, 5)
    expect(off).toBeCloseTo(1, 2)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('nearest images are at their Euclidean distance', async () => {
    const before = tf.memory().numTensors
    const [on, off] = await nearestDistances(
      { normal: valuesOf(normal), tested: valuesOf(tested), size: 3, pace },
      1,
    )
    expect(on).toBeCloseTo(0, 2)
    expect(off).toBeCloseTo(1, 3)
    expect(tf.memory().numTensors).toBe(before)
  })
})
