import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import { minimise } from './lbfgs'
import { fitProbe, predictLabels, probeAccuracy, tunedProbe, type LabelledRows } from './probe'
import { scalingOf, tableOf } from './table'

const plain = (width: number) => ({
  mean: new Float64Array(width),
  factor: new Float64Array(width).fill(1),
})
const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i)

/** Points around the corners of a triangle, with noise of the given deviation. */
function clouds(count: number, deviation: number, seed: number): LabelledRows {
  const field = gaussianField(count * 2, seed)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3)
  const corners = [
    [0, 4],
    [4, 0],
    [-4, -4],
  ]
  const values = field.map((n, i) => deviation * n + (corners[(i >> 1) % 3]?.[i % 2] as number))
  return { table: tableOf(values, 2), labels, indices: range(0, count) }
}

describe('L-BFGS', () => {
  it('finds the minimum of a quadratic function, and says so', async () => {
    const [scales, centre] = [
      [1, 10, 100],
      [3, -2, 0.5],
    ]
    const found = await minimise(
      (x) => ({
        value: x.reduce((sum, v, i) => sum + 0.5 * scales[i]! * (v - centre[i]!) ** 2, 0),
        gradient: x.map((v, i) => scales[i]! * (v - centre[i]!)),
      }),
      new Float64Array(3),
      { tolerance: 1e-9, iterations: 100 },
    )
    expect(found.converged).toBe(true)
    found.x.forEach((value, i) => expect(value).toBeCloseTo(centre[i] as number, 8))
  })

  it('says when it was stopped before', async () => {
    const bowl = (x: Float64Array) => ({ value: x[0]! ** 4, gradient: x.map((v) => 4 * v ** 3) })
    const found = await minimise(bowl, Float64Array.of(5), { tolerance: 1e-12, iterations: 3 })
    expect(found).toMatchObject({ converged: false, iterations: 3 })
  })
})

describe('the linear probe', () => {
  it('has the closed value of two points and of one feature that says nothing', async () => {
    // x = ±1 with two labels: W = (w, −w), and the minimum of log(1 + e^(−2w)) + λw² has 2/(1 + e^(2w)) = 2λw
    const pair: LabelledRows = {
      table: tableOf(Float32Array.of(1, -1), 1),
      labels: Uint8Array.of(0, 1),
      indices: range(0, 2),
    }
    const penalty = 0.1
    let w = 1
    for (let i = 0; i < 200; i++) {
      const slope = -2 / (1 + Math.exp(2 * w)) + 2 * penalty * w
      w -= slope / (4 * Math.exp(2 * w) * (1 + Math.exp(2 * w)) ** -2 + 2 * penalty)
    }
    const options = { classes: 2, scaling: plain(1), tolerance: 1e-6 }
    const { parameters, converged, c } = await fitProbe(pair, penalty, options)
    expect(converged).toBe(true)
    expect(c).toBeCloseTo(5, 10)
    const found = [...parameters]
    ;[w, -w, 0, 0].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4))

    // nothing to see: only the shares of the labels are learned
    const blank: LabelledRows = {
      table: tableOf(new Float32Array(10), 1),
      labels: Uint8Array.from({ length: 10 }, (_, i) => (i < 2 ? 0 : i < 5 ? 1 : 2)),
      indices: range(0, 10),
    }
    const shares = await fitProbe(blank, penalty, { ...options, classes: 3 })
    const bias = [...shares.parameters].slice(3)
    expect((bias[1] as number) - (bias[0] as number)).toBeCloseTo(Math.log(3 / 2), 4)
    expect((bias[2] as number) - (bias[1] as number)).toBeCloseTo(Math.log(5 / 3), 4)
  })

  it('tells apart what can be told apart, and no more than chance of what cannot', async () => {
    const [known, judges, tested] = [clouds(60, 0.5, 1), clouds(60, 0.5, 2), clouds(300, 0.5, 3)]
    const options = { classes: 3, scaling: scalingOf(known.table, known.indices) }
    const probe = await tunedProbe(known, judges, options)
    expect(await probeAccuracy(probe, tested)).toBe(1)
    const blind = { ...tested, table: tableOf(gaussianField(600, 4), 2) }
    const chance = await tunedProbe({ ...known, table: blind.table }, judges, options)
    expect(Math.abs((await probeAccuracy(chance, blind)) - 1 / 3)).toBeLessThan(0.12)
  })

  it('is the same again, and leaves no tensors', async () => {
    const [known, judges] = [clouds(90, 3, 1), clouds(90, 3, 2)]
    const options = { classes: 3, scaling: scalingOf(known.table, known.indices) }
    const before = tf.memory().numTensors
    const first = await tunedProbe(known, judges, options)
    const labels = await predictLabels(first, judges)
    expect(await tunedProbe(known, judges, options)).toEqual(first)
    expect(await predictLabels(first, judges)).toEqual(labels)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('ends when it is told to, and leaves no tensors then either', async () => {
    const [known, judges] = [clouds(90, 3, 1), clouds(90, 3, 2)]
    const before = tf.memory().numTensors
    const scaling = scalingOf(known.table, known.indices)
    const signal = AbortSignal.abort()
    const options = { classes: 3, scaling, signal, tolerance: 0, iterations: 1e6 }
    await expect(tunedProbe(known, judges, options)).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('features that are all the same are refused', () => {
  const table = tableOf(new Float32Array(8).fill(2), 2)
  expect(() => scalingOf(table, range(0, 4))).toThrow(
    expect.objectContaining({ code: 'scores-equal' }) as Error,
  )
})
