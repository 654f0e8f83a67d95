import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noAugmentation, type RunConfig } from '../../../shared/training'
import { writeIdx } from '../data/testing/idxFiles'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import { principalComponents } from './principalComponents'
import { principalError } from './principalError'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'principal-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const config = (data: RunConfig['data'], validation = 0.25): RunConfig => ({
  ...{ data, validation, binarise: false, augmentation: noAugmentation },
  model: {
    ...{ kind: 'autoencoder', family: 'mlp', layers: [], dense: 0, latent: 2, dropout: 0 },
    ...{ activation: 'relu', loss: 'squared-error' },
  },
  training: {
    ...{ seed: 1, epochs: 1, batch: 4, rate: 0.001, schedule: 'constant', warmUp: 0 },
    ...{ clipNorm: null, weightDecay: 0, patience: null, precision: 'float32' },
  },
})

/**
 * Images [count, height, width] that are 128 plus `rank` fixed patterns with independent normal weights of σ 8, 4, 2 …,
 * rounded to bytes: rounding alone is an error of (1/12)/255² a pixel.
 */
function lowRank(count: number, size: number, rank: number): Uint8Array {
  const weights = gaussianField(count * rank, 5)
  const patterns = gaussianField(rank * size, 6)
  return Uint8Array.from({ length: count * size }, (_, i) => {
    const [image, pixel] = [Math.floor(i / size), i % size]
    let value = 128
    for (let r = 0; r < rank; r++) {
      value +=
        (8 / 2 ** r) *
        (weights[image * rank + r] as number) *
        (patterns[r * size + pixel] as number)
    }
    return Math.round(Math.min(255, Math.max(0, value)))
  })
}
function lowRankSource(name: string, count: number, side: number, rank: number): RunConfig['data'] {
  const path = join(folder, name)
  writeIdx(path, [count, side, side], lowRank(count, side * side, rank))
  return { kind: 'idx', path, name, labels: null }
}
const run = (data: RunConfig['data'], sizes: number[], signal?: AbortSignal) =>
  principalError({ config: config(data), sizes }, { cache: null, ...(signal && { signal }) })

const rounding = 1 / 12 / 255 ** 2

describe('images that are sums of few patterns', () => {
  // below and above the size up to which the covariance is made
  it.each([
    ['small', 16],
    ['large', 48],
  ])('need as many components as patterns, %s', async (name, side) => {
    const source = lowRankSource(name, 600, side, 3)
    const errors = await run(source, [1, 2, 3, 8])
    const variances = errors.map(({ mse }) => (mse - rounding) * 255 ** 2)
    // what is left are the patterns that the code has no number for
    expect(variances[0]).toBeGreaterThan(0.7 * (16 + 4))
    expect(variances[0]).toBeLessThan(1.3 * (16 + 4))
    expect((variances[1] as number) / 4).toBeGreaterThan(0.7)
    expect((variances[1] as number) / 4).toBeLessThan(1.3)
    expect(Math.abs(variances[2] as number)).toBeLessThan(0.01)
    expect(errors.map(({ size }) => size)).toEqual([1, 2, 3, 8])
  })

  it('have components that are orthonormal and belong to falling variances', async () => {
    const size = 256
    const images = lowRank(300, size, 4)
    const indices = Int32Array.from({ length: 300 }, (_, i) => i)
    const { mean, directions } = await principalComponents({ images, size, indices }, 4)
    const [products, codes] = tf.tidy(() => [
      [...tf.matMul(directions, directions, true).dataSync()],
      [
        ...tf
          .moments(
            tf.matMul(
              tf.tensor2d(
                Float32Array.from(images, (v, i) => v / 255 - (mean[i % size] as number)),
                [300, size],
              ),
              directions,
            ),
            0,
          )
          .variance.dataSync(),
      ],
    ])
    directions.dispose()
    products?.forEach((value, i) => expect(value).toBeCloseTo(i % 5 === 0 ? 1 : 0, 4))
    const deviations = codes?.map((variance) => (Math.sqrt(variance) * 255) / 16) ?? []
    for (const [i, deviation] of deviations.entries()) {
      expect(Math.abs(deviation / (8 / 2 ** i) - 1)).toBeLessThan(0.2)
    }
  })
})

it('has errors that fall with the size, down to nothing with as many numbers as pixels', async () => {
  const errors = await run(lowRankSource('tiny', 100, 4, 12), [1, 4, 15, 16, 900])
  const values = errors.map(({ mse }) => mse)
  expect([...values].sort((a, b) => b - a)).toEqual(values)
  expect(values[3]).toBeLessThan(1e-9)
  expect(values[4]).toBe(values[3])
})

it('takes sizes in any order, and more of them than there are images', async () => {
  const errors = await run(lowRankSource('few', 12, 8, 3), [40, 2])
  expect(errors.map(({ size }) => size)).toEqual([40, 2])
  expect(errors[0]?.mse).toBeLessThan(errors[1]?.mse as number)
})

it("is what NumPy's eigenvectors give for MNIST", async () => {
  // 10,000 and 5,000 of the training images: 0.05593 and 0.01731. (32 components fitted to all of them: 0.0168 on the
  // test images, 0.0172 on 5,000 of the training images.)
  const errors = await run({ kind: 'mnist' }, [2, 32])
  expect(Math.abs((errors[0]?.mse as number) - 0.0559)).toBeLessThan(0.0005)
  expect(Math.abs((errors[1]?.mse as number) - 0.0173)).toBeLessThan(0.0002)
})

it('leaves no tensor behind, also when it is stopped', async () => {
  const source = lowRankSource('again', 60, 48, 3)
  await run(source, [2])
  const before = tf.memory().numTensors
  await run(source, [2])
  await expect(run(source, [2], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  for (const after of [0, 2, 5, 9]) {
    const stop = new AbortController()
    const stopped = run(source, [2], stop.signal)
    for (let i = 0; i < after; i++) await new Promise(setImmediate)
    stop.abort()
    await stopped.catch(() => undefined)
  }
  expect(tf.memory().numTensors).toBe(before)
})
