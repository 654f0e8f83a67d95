import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import type { LabelledSplit } from './labelled'
import { pretrainingGains } from './pretraining'
import { configOf, trained } from './testing/trained'

const count = 300
/** Dark noise, with a bright row or a bright column. */
const images = Uint8Array.from(gaussianField(count * 6, 1), (n, at) => {
  const [image, pixel] = [Math.floor(at / 6), at % 6]
  const bright = image % 2 === 0 ? pixel < 3 : pixel % 3 === 0
  return Math.max(0, Math.min(255, 60 + 40 * n + (bright ? 120 : 0)))
})
const labels = Uint8Array.from({ length: count }, (_, i) => i % 2)
const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i)
const given = { images, labels }
const split: LabelledSplit = {
  classes: 2,
  training: { ...given, indices: range(0, 200) },
  validation: { ...given, indices: range(200, 250) },
  test: { ...given, indices: range(250, 300) },
  testPart: 'test',
}
const model = trained(configOf('autoencoder', { layers: [8] }))
const plan = { seeds: 2, rates: [1e-2, 3e-2], steps: 60, between: 20, batch: 10, judged: 50 }

describe('a classifier from the encoder and from scratch', () => {
  it('learn, by the same search, and come out the same again', async () => {
    const before = tf.memory().numTensors
    const shares: number[] = []
    const onProgress = (share: number): void => void shares.push(share)
    const options = { counts: [20, 100], seed: 4, plan, onProgress }
    const results = await pretrainingGains(model, split, options)
    expect(results.map(({ labels }) => labels)).toEqual([20, 100])
    for (const { pretrained, scratch, gain, pairs, curves } of results) {
      expect(pretrained.mean).toBeGreaterThan(0.8)
      expect(scratch.mean).toBeGreaterThan(0.8)
      expect(gain.mean).toBeCloseTo(pretrained.mean - scratch.mean, 10)
      expect(pairs).toHaveLength(2)
      expect(curves.pretrained.steps).toEqual([0, 20, 40, 60])
      expect(curves.scratch.accuracy).toHaveLength(4)
    }
    expect(shares).toHaveLength(2 * 2 * 2 * 2)
    expect(shares.at(-1)).toBe(1)
    expect(await pretrainingGains(model, split, { counts: [20, 100], seed: 4, plan })).toEqual(
      results,
    )
    expect(tf.memory().numTensors).toBe(before)
  })

  it('choose without the test labels', async () => {
    const options = { counts: [20], seed: 4, plan }
    const [honest] = await pretrainingGains(model, split, options)
    const swapped = { ...split.test, labels: labels.map((label) => 1 - label) }
    const [other] = await pretrainingGains(model, { ...split, test: swapped }, options)
    expect(other?.chosen).toEqual(honest?.chosen)
    expect(other?.pretrained.mean).toBeCloseTo(1 - (honest?.pretrained.mean as number), 10)
  })

  it('end when they are told to', async () => {
    const before = tf.memory().numTensors
    const stop = new AbortController()
    const onProgress = (): void => stop.abort()
    const options = { counts: [20], seed: 4, signal: stop.signal, onProgress }
    await expect(
      pretrainingGains(model, split, {
        ...options,
        plan: { ...plan, rates: [1e-2, 2e-2], steps: 400 },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})
