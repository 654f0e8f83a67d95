import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import { featureCurves, labelCounts, labelLimit } from './features'
import type { LabelledSplit } from './labelled'
import { nearestAccuracy, vote } from './nearest'
import { withNoise } from './noisyProbe'
import { meanOf, shareOf } from './statistics'
import { tableOf } from './table'

const count = 400
const values = gaussianField(count * 3, 5).map(
  (n, i) => n + (i % 3 === Math.floor(i / 3) % 4 ? 3 : 0),
)
const labels = Uint8Array.from({ length: count }, (_, i) => i % 4)
const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i)
const table = tableOf(values, 3)
const given = { images: new Uint8Array(0), labels }
const split: LabelledSplit = {
  classes: 4,
  training: { ...given, indices: range(0, 240) },
  validation: { ...given, indices: range(240, 300) },
  test: { ...given, indices: range(300, 400) },
  testPart: 'test',
}
const tables = { training: table, test: table }

describe('accuracies by the number of labels', () => {
  it('rise with it, are the same again, and leave no tensors', async () => {
    const before = tf.memory().numTensors
    const counts = labelCounts(4, 240)
    expect(counts).toEqual([4, 100, 240])
    const shares: number[] = []
    const onProgress = (share: number): void => void shares.push(share)
    const curves = await featureCurves(tables, split, counts, { seed: 1, onProgress })
    for (const curve of [curves.probe, curves.nearest]) {
      expect(curve[1]?.accuracy.mean).toBeGreaterThan(curve[0]?.accuracy.mean as number)
      expect(curve.map(({ settings }) => settings.length)).toEqual([10, 10, 1])
      expect(curve.every(({ accuracy }) => (accuracy.interval as number) > 0)).toBe(true)
    }
    expect(curves.probe[2]?.accuracy.mean).toBeGreaterThan(0.8)
    expect(curves.converged).toBe(true)
    expect(shares.at(-1)).toBe(1)
    expect(await featureCurves(tables, split, counts, { seed: 1 })).toEqual(curves)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('choose C and k without the test labels: others there change no choice and no weight', async () => {
    const honest = await featureCurves(tables, split, [4, 240], { seed: 1 })
    const shuffled = { ...split.test, labels: labels.map((label) => (label + 1) % 4) }
    const other = await featureCurves(tables, { ...split, test: shuffled }, [4, 240], { seed: 1 })
    expect(other.probeOfAll).toEqual(honest.probeOfAll)
    for (const method of ['probe', 'nearest'] as const) {
      expect(other[method].map(({ settings }) => settings)).toEqual(
        honest[method].map(({ settings }) => settings),
      )
      expect(other[method][1]?.accuracy.mean).not.toBe(honest[method][1]?.accuracy.mean)
    }
  })

  it('end when they are told to', async () => {
    const stop = new AbortController()
    const onProgress = (): void => stop.abort()
    const before = tf.memory().numTensors
    const options = { seed: 1, signal: stop.signal, onProgress }
    await expect(featureCurves(tables, split, [4, 240], options)).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('are measured with all labels, or as many as memory holds', () => {
    expect(labelCounts(10, 55_000)).toEqual([10, 100, 1000, 55_000])
    expect(labelCounts(3, 60)).toEqual([3, 60])
    expect(labelLimit(55_000, 784)).toBe(55_000)
    expect(labelLimit(20_000, 12_288)).toBe(5461)
  })
})

describe('nearest neighbours', () => {
  it('vote, and of equal votes the nearest wins', () => {
    expect(vote([2, 1, 1], 1)).toBe(2)
    expect(vote([2, 1, 1], 3)).toBe(1)
    expect(vote([2, 1], 2)).toBe(2)
  })

  it('are those by brute force', async () => {
    const test = { table, labels, indices: range(300, 400) }
    const labelled = { table, labels, indices: range(0, 240) }
    const distance = (a: number, b: number): number =>
      [0, 1, 2].reduce((sum, k) => sum + (values[3 * a + k]! - values[3 * b + k]!) ** 2, 0)
    const found = await nearestAccuracy(labelled, { ...test, indices: range(240, 300) }, test)
    const right = [...test.indices].filter((index) => {
      const near = [...labelled.indices].sort((a, b) => distance(index, a) - distance(index, b))
      return (
        vote(
          near.map((each) => labels[each] as number),
          found.k,
        ) === labels[index]
      )
    })
    expect(found.accuracy).toBe(right.length / 100)
  })
})

describe('intervals', () => {
  it('of a mean are Student’s', () => {
    const { mean, interval } = meanOf([1, 2, 3, 4, 5])
    expect(mean).toBe(3)
    expect(interval).toBeCloseTo((2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 6)
    expect(meanOf([7])).toEqual({ mean: 7, interval: null })
  })

  it('of a share are the binomial’s', () => {
    expect(shareOf(0.9, 10_000).interval).toBeCloseTo(0.00588, 5)
  })
})

it('noise is added as it is, or as a file would hold it', () => {
  const clean = Float32Array.of(0, 0.5, 1)
  const field = Float32Array.of(-1, 0.5, 1)
  expect([...withNoise(clean, field, 0.5, false)]).toEqual([-0.5, 0.75, 1.5])
  expect([...withNoise(clean, field, 0.5, true)]).toEqual([0, Math.fround(191 / 255), 1])
})
