import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AutoencoderConfig } from '../../../shared/training'
import { pixelsOf } from '../networks/autoencoder'
import { initialValues } from '../networks/parameters'
import { openSessions } from '../runtime/session'
import type { State } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { halvesOf } from '../runtime/halves'
import { modelOf } from './index'
import { halfSeed } from './model'
import { openAutoencoder } from './openAutoencoder'
import { meanReconstruction } from './reconstruction'
import {
  assignImages,
  buildAutoencoderTraining,
  zeroMoments,
  type AutoencoderTraining,
} from './training'

let before = 0
beforeEach(() => (before = tf.memory().numTensors))
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before)
  expect(openSessions()).toBe(0)
})

const shape = { height: 6, width: 5, channels: 1 }
const network = {
  family: 'mlp' as const,
  layers: [8],
  dense: 0,
  latent: 2,
  activation: 'relu' as const,
  loss: 'cross-entropy' as const,
  dropout: 0,
}
const plain: AutoencoderConfig = { kind: 'autoencoder', ...network }
const variational: AutoencoderConfig = { kind: 'variational', ...network, beta: 2, betaWarmUp: 0 }
const denoising: AutoencoderConfig = {
  kind: 'denoising',
  ...network,
  loss: 'squared-error',
  corruption: { kind: 'gaussian', sigma: 127.5 },
}
const convolutional: AutoencoderConfig = {
  kind: 'autoencoder',
  ...network,
  family: 'cnn',
  layers: [3, 4],
  dense: 5,
}
const COUNT = 12
const BATCH = 4
const bytes = Uint8Array.from({ length: COUNT * 30 }, (_, i) => (i * 53) % 256)

/** A training with its data and initial weights, closed at the end whatever happens. */
function withTraining(
  config: AutoencoderConfig,
  work: (training: AutoencoderTraining, state: State) => void,
  more: Partial<Parameters<typeof buildAutoencoderTraining>[0]> = {},
): void {
  const training = buildAutoencoderTraining({
    config,
    shape,
    images: COUNT,
    batch: BATCH,
    validationBatch: 5,
    adam: {},
    precision: 'float32',
    binarise: false,
    augmented: false,
    ...more,
  })
  try {
    const state = initialValues(training.parameters, 2)
    training.program.assign(state)
    training.program.assign(zeroMoments(training.parameters))
    assignImages(training, bytes, null)
    work(training, state)
  } finally {
    training.close()
  }
}

const imagesAt = (indices: readonly number[]): Tensor =>
  tf.tensor4d(
    indices.flatMap((index) =>
      [...bytes.subarray(index * 30, index * 30 + 30)].map((v) => v / 255),
    ),
    [indices.length, 6, 5, 1],
  )

describe('a training step', () => {
  it.each([
    ['autoencoder', plain],
    ['variational', variational],
    ['cnn of odd sides', convolutional],
  ])('of a %s is the eager gradient and Adam, three times over', (_, config) => {
    withTraining(config, (training, initial) => {
      const model = modelOf(config, shape)
      const names = [...model.parameters.keys()]
      const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-7)
      const variables = names.map((name) => {
        const { data, shape: sides } = initial.get(name) as { data: Float32Array; shape: number[] }
        return tf.tidy(() => tf.variable(tf.tensor(data.slice(), sides)))
      })
      for (let step = 1; step <= 3; step++) {
        const places = [0, 5, 7, 2].map((place) => (place + step) % COUNT)
        const eager = tf.tidy(() => {
          const loss = (): ReturnType<typeof tf.scalar> => {
            const parameters = Object.fromEntries(
              names.map((name, i) => [name, variables[i] as Tensor]),
            )
            const values = halvesOf(BATCH).map(({ index, from, count }) => {
              const x = imagesAt(places.slice(from, from + count))
              const seed = halfSeed(tf.tensor1d([9, step], 'int32'), index)
              const pass = model.pass({ parameters, images: x, seed, options: {} })
              const reconstruction = meanReconstruction(config.loss, pass.logits, x)
              return pass.penalty
                ? tf.add(reconstruction, tf.mul(tf.mean(pass.penalty), 2))
                : reconstruction
            })
            return tf.mean(tf.stack(values))
          }
          return optimizer.minimize(loss, true, variables)?.dataSync()[0] as unknown as Tensor
        }) as unknown as number
        const report = training.step(
          { indices: Int32Array.from(places), seed: [9, step], weight: 2, transforms: null },
          step,
          0.01,
        )
        expect(report.updated).toBe(true)
        expect(Math.abs(report.loss - eager)).toBeLessThan(1e-4 * Math.abs(eager))
        const [reconstruction = 0, penalty = 0] = report.parts
        expect(report.loss).toBeCloseTo(reconstruction + 2 * penalty, 3)
      }
      const after = training.program.read(names)
      names.forEach((name, i) => {
        const expected = (variables[i] as Tensor).dataSync()
        after
          .get(name)
          ?.data.forEach((value, k) =>
            expect(Math.abs(value - (expected[k] as number)), name).toBeLessThan(1e-4),
          )
      })
      tf.dispose(variables)
      optimizer.dispose()
    })
  })

  it('with dropout leaves out about the share that is asked for, and only in training', () => {
    const config: AutoencoderConfig = { ...plain, layers: [400], dropout: 0.3 }
    withTraining(config, (training) => {
      const losses = [1, 2].map(
        (step) =>
          training.step(
            { indices: Int32Array.of(0, 1, 2, 3), seed: [1, step], weight: 0, transforms: null },
            step,
            0,
          ).loss,
      )
      expect(losses[0]).not.toBe(losses[1])
      const measured = [1, 2].map(
        (seed) => training.validate(Int32Array.of(0, 1, 2, 3), [seed, 0]).reconstruction,
      )
      expect(measured[0]).toBe(measured[1])
    })
  })
})

describe('validation', () => {
  it('sums over the images it was given, not over what fills the batch', () => {
    withTraining(plain, (training) => {
      const together = training.validate(Int32Array.of(1, 4, 8), [3, 0])
      const apart = [1, 4, 8].map((place) => training.validate(Int32Array.of(place), [3, 0]))
      expect(together.reconstruction).toBeCloseTo(
        apart.reduce((sum, one) => sum + one.reconstruction, 0),
        3,
      )
      expect(together.mse).toBeCloseTo(
        apart.reduce((sum, one) => sum + one.mse, 0),
        5,
      )
      expect(together.penalty).toBeNull()
    })
  })

  it('draws the same numbers for the same seed', () => {
    withTraining(variational, (training) => {
      const measure = (seed: number) => training.validate(Int32Array.of(1, 2, 3, 4, 5), [seed, 0])
      expect(measure(1)).toEqual(measure(1))
      expect(measure(1).reconstruction).not.toBe(measure(2).reconstruction)
      expect(measure(1).penalty).toBe(measure(2).penalty)
    })
  })

  it('of a denoising model shows it noise and asks for the clean image', () => {
    withTraining(denoising, (training) => {
      const { inputs, outputs, clean } = training.reconstruct(Int32Array.of(0, 1, 2, 3, 4), [3, 0])
      let squares = 0
      clean.forEach((value, i) => (squares += ((inputs[i] as number) - value) ** 2))
      expect(Math.abs(Math.sqrt(squares / clean.length) - 0.5)).toBeLessThan(0.08)
      expect(clean[1]).toBeCloseTo(53 / 255, 6)
      let error = 0
      clean.forEach((value, i) => (error += ((outputs[i] as number) - value) ** 2))
      const { mse } = training.validate(Int32Array.of(0, 1, 2, 3, 4), [3, 0])
      expect(mse / 5).toBeCloseTo(error / clean.length, 4)
    })
  })

  it('of binarised data sees zeros and ones, as often as their pixels say', () => {
    withTraining(
      plain,
      (training) => {
        const sum = new Float64Array(30)
        const draws = 300
        for (let seed = 0; seed < draws; seed++) {
          const { clean } = training.reconstruct(Int32Array.of(0), [seed, 0])
          clean.forEach((value, i) => {
            expect(value === 0 || value === 1).toBe(true)
            sum[i] = (sum[i] as number) + value / draws
          })
        }
        sum.forEach((share, i) =>
          expect(Math.abs(share - (bytes[i] as number) / 255)).toBeLessThan(0.12),
        )
      },
      { binarise: true },
    )
  })
})

describe('an opened autoencoder', () => {
  const images = (count: number): Float32Array =>
    Float32Array.from({ length: count * pixelsOf(shape) }, (_, i) => ((i * 31) % 101) / 100)

  it.each([plain, variational, convolutional])(
    'gives the same for an image alone and among many',
    (config) => {
      const weights = initialValues(modelOf(config, shape).parameters, 5)
      const opened = openAutoencoder({ config, shape, weights })
      const many = images(300)
      const { mean, logVariance } = opened.encode(many)
      expect(mean).toHaveLength(600)
      expect(logVariance?.length).toBe(config.kind === 'variational' ? 600 : undefined)
      const alone = opened.encode(many.slice(299 * 30))
      expect([...alone.mean].map((v) => v.toFixed(4))).toEqual(
        [...mean.slice(598)].map((v) => v.toFixed(4)),
      )
      const decoded = opened.decode(mean)
      expect(decoded).toHaveLength(300 * 30)
      expect(Math.min(...decoded)).toBeGreaterThan(0)
      expect(Math.max(...decoded)).toBeLessThan(1)
      expect(opened.reconstruct(many)).toEqual(decoded)
      opened.close()
    },
  )

  it('refuses weights that are not its own', () => {
    const weights = initialValues(modelOf(plain, shape).parameters, 5)
    weights.delete('encoder/code/bias')
    expect(() => openAutoencoder({ config: plain, shape, weights })).toThrow(
      expect.objectContaining({ code: 'model-damaged' }) as Error,
    )
  })
})
