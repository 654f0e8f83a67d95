import { describe, expect, it } from 'vitest'
import { modelOf } from '../models'
import { tf, type Tensor } from '../runtime/tensorflow'
import { evaluateAutoencoder } from './autoencoder'
import { logLikelihoods, logMeanExp, logWeights } from './likelihood'
import { configOf, trained } from './testing/trained'

/** A decoder of one code value, so that p(x) = ∫ N(z; 0, 1) Π p(xᵢ|z) dz is a sum over a fine grid. */
const slopes = [2, -1.5, 1, 3, -2, 0.5]
const biases = [0.3, -0.2, 0, -1, 0.5, 1]
const oneValue = trained(configOf('variational', { latent: 1 }), {
  'encoder/code/weights': [0.6, 0, -0.5, 0, 0.3, 0, 0.8, 0, -0.6, 0, 0.2, 0],
  'encoder/code/bias': [-0.4, -0.6],
  'decoder/dense0/weights': slopes,
  'decoder/dense0/bias': biases,
})

const bernoulli = (x: number, logit: number): number => x * logit - Math.log(1 + Math.exp(logit))
const logJoint = (x: readonly number[], z: number): number =>
  x.reduce(
    (sum, value, i) => sum + bernoulli(value, (slopes[i] as number) * z + (biases[i] as number)),
    -0.5 * z * z - 0.5 * Math.log(2 * Math.PI),
  )
function exact(x: readonly number[]): number {
  const step = 1e-3
  let sum = 0
  for (let z = -10; z <= 10; z += step) sum += Math.exp(logJoint(x, z)) * step
  return Math.log(sum)
}

const images = [
  [1, 0, 1, 1, 0, 1],
  [0, 1, 0, 0, 1, 1],
  [1, 1, 1, 0, 0, 0],
]
const values = Float32Array.from(images.flat())
const meanOf = (all: ArrayLike<number>): number =>
  Array.from(all).reduce((a, b) => a + b, 0) / all.length

describe('the importance-weighted log-likelihood', () => {
  it('comes to the exact marginal likelihood with many samples', async () => {
    const found = await logLikelihoods(oneValue, { images: values, samples: 20_000, seed: 1 })
    images.forEach((x, i) => {
      expect(Math.abs((found[i] as number) - exact(x))).toBeLessThan(0.01)
    })
  })

  it('rises with the samples in expectation, from the ELBO to the exact value', async () => {
    const repeated = Float32Array.from({ length: 6 * 3000 }, (_, i) => values[i % 18] as number)
    const of = async (samples: number, seed: number): Promise<number> =>
      meanOf(await logLikelihoods(oneValue, { images: repeated, samples, seed }))
    const means = [await of(1, 1), await of(4, 2), await of(16, 3), await of(64, 4)]
    const steps = means.slice(1).map((mean, i) => mean - (means[i] as number))
    expect(Math.min(...steps)).toBeGreaterThan(0)
    expect(means.at(-1)).toBeLessThan(meanOf(images.map(exact)) + 0.002)
    const { elbo } = await evaluateAutoencoder(oneValue, {
      images: Uint8Array.from(repeated, (value) => value * 255),
      binary: true,
      seed: 1,
    })
    expect(Math.abs((means[0] as number) - (elbo as number))).toBeLessThan(0.05)
  })

  it('weighs a sample by log p(x|z) + log p(z) − log q(z|x)', () => {
    const model = modelOf(oneValue.config, oneValue.shape)
    const [mean, logVariance, epsilon] = [0.4, -0.8, 1.3]
    const weight = tf.tidy(() => {
      const parameters = Object.fromEntries(
        [...oneValue.weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
      )
      const given: Record<'images' | 'mean' | 'logVariance' | 'epsilon', Tensor> = {
        images: tf.tensor(values.slice(0, 6), [1, 2, 3, 1]),
        mean: tf.tensor([mean], [1, 1]),
        logVariance: tf.tensor([logVariance], [1, 1]),
        epsilon: tf.tensor([epsilon], [1, 1, 1]),
      }
      return logWeights(model, parameters, given).dataSync()[0] as number
    })
    const z = mean + Math.exp(logVariance / 2) * epsilon
    const posterior = -0.5 * epsilon ** 2 - 0.5 * logVariance - 0.5 * Math.log(2 * Math.PI)
    expect(weight).toBeCloseTo(logJoint(images[0] as number[], z) - posterior, 5)
  })

  it('gives the same numbers for the same seed, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors
    const of = (seed: number): Promise<Float64Array> =>
      logLikelihoods(oneValue, { images: values, samples: 8, seed })
    const first = await of(5)
    expect(await of(5)).toEqual(first)
    expect(await of(6)).not.toEqual(first)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('does convolutional models too, with samples of an image in several calls', async () => {
    const config = configOf('variational', { family: 'cnn', layers: [4, 4] })
    const model = trained(config, {}, { height: 64, width: 64, channels: 3 })
    const x = new Float32Array(2 * 64 * 64 * 3).map((_, i) => (i * 7) % 2)
    const shares: number[] = []
    const found = await logLikelihoods(model, {
      images: x,
      samples: 400,
      seed: 1,
      onProgress: (share) => shares.push(share),
    })
    expect(found.every((value) => Number.isFinite(value) && value < 0)).toBe(true)
    expect(shares.length).toBeGreaterThan(4)
    expect(shares.at(-1)).toBe(1)
  })

  it('is refused for models that have none, and ends when it is told to', async () => {
    const options = { images: values, samples: 5, seed: 1 }
    for (const config of [
      configOf('autoencoder'),
      configOf('variational', { loss: 'squared-error' }),
    ])
      await expect(logLikelihoods(trained(config), options)).rejects.toMatchObject({
        code: 'model-unsuitable',
      })
    const signal = AbortSignal.abort()
    await expect(logLikelihoods(oneValue, { ...options, signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

it('the mean of exponentials does not overflow', () => {
  expect(logMeanExp([-1000, -1000])).toBe(-1000)
  expect(logMeanExp([-1000, 800])).toBeCloseTo(800 - Math.LN2, 10)
})
