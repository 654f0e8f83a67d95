import { afterAll, describe, expect, it } from 'vitest'
import { closeCodecs } from '../codec'
import { tf } from '../runtime/tensorflow'
import { evaluateAutoencoder, type AutoencoderMeasures } from './autoencoder'
import type { TrainedAutoencoder } from '../models/openAutoencoder'
import { configOf, trained } from './testing/trained'
import { valuesOf } from '../data/values'
import { binarisedOnce } from './values'

/** `count` images of 2 × 3 with values that differ. */
const imagesOf = (count: number): Uint8Array =>
  Uint8Array.from({ length: count * 6 }, (_, i) => (i * 97 + (i >> 2) * 31) % 256)
const measure = (
  model: TrainedAutoencoder,
  images: Uint8Array,
  more: { seed?: number; binary?: boolean } = {},
): Promise<AutoencoderMeasures> =>
  evaluateAutoencoder(model, { images, binary: false, seed: 0, ...more })

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const weightsOf = (model: TrainedAutoencoder, name: string): Float32Array =>
  model.weights.get(name)?.data as Float32Array

describe('an autoencoder', () => {
  it('has the squared error and the cross-entropy of its equations', async () => {
    const model = trained(configOf('autoencoder'))
    const bytes = imagesOf(400) // more than one call takes
    const x = valuesOf(bytes)
    const [encoder, decoder] = ['encoder/code/weights', 'decoder/dense0/weights'].map((name) =>
      weightsOf(model, name),
    ) as [Float32Array, Float32Array]
    let [mse, bce] = [0, 0]
    for (let image = 0; image < 400; image++) {
      const at = (pixel: number): number => x[image * 6 + pixel] as number
      const code = [0, 1].map((j) =>
        [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + at(i) * (encoder[i * 2 + j] as number), 0),
      )
      for (let i = 0; i < 6; i++) {
        const logit = code.reduce((sum, z, j) => sum + z * (decoder[j * 6 + i] as number), 0)
        mse += (sigmoid(logit) - at(i)) ** 2 / 2400
        bce -= (at(i) * Math.log(sigmoid(logit)) + (1 - at(i)) * Math.log(1 - sigmoid(logit))) / 400
      }
    }
    const found = await measure(model, bytes)
    expect(found.images).toBe(400)
    expect(found.mse).toBeCloseTo(mse, 5)
    expect(found.bce).toBeCloseTo(bce, 4)
    expect(found).toMatchObject({ kl: null, elbo: null, sparsity: null, denoising: null })
  })

  it('has as many active units as code values that vary by more than 0.01', async () => {
    const model = trained(configOf('autoencoder', { latent: 3 }), {
      // the first pixel as it is, a tenth of it, a constant
      'encoder/code/weights': [1, 0.1, 0, ...new Array<number>(15).fill(0)],
      'encoder/code/bias': [1000, 0, 5],
    })
    expect((await measure(model, imagesOf(100))).activeUnits).toBe(1)
  })

  it('leaves no tensors behind, and ends when it is told to', async () => {
    const before = tf.memory().numTensors
    await measure(trained(configOf('variational')), imagesOf(5))
    const signal = AbortSignal.abort()
    const stopped = evaluateAutoencoder(trained(configOf('autoencoder')), {
      images: imagesOf(5),
      binary: false,
      seed: 0,
      signal,
    })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a variational model', () => {
  const model = trained(configOf('variational', { beta: 4 }), {
    'encoder/code/bias': [0.5, -1, -0.7, 0.4],
  })

  it('has the KL of its equation, whatever β it was trained with: as by Monte Carlo', async () => {
    // zero weights: μ and σ² of every image are the biases
    const still = trained(model.config, {
      'encoder/code/weights': new Array<number>(24).fill(0),
      'encoder/code/bias': [0.5, -1, -0.7, 0.4],
    })
    const [mean, logVariance] = [
      [0.5, -1],
      [-0.7, 0.4],
    ] as const
    const epsilon = tf.tidy(() => tf.randomNormal([200_000], 0, 1, 'float32', 3).dataSync())
    let sum = 0
    for (let i = 0; i < epsilon.length; i++) {
      const [j, e] = [i % 2, epsilon[i] as number] as [0 | 1, number]
      const z = mean[j] + Math.exp(logVariance[j] / 2) * e
      sum += -0.5 * e * e - 0.5 * logVariance[j] + 0.5 * z * z
    }
    const { kl } = await measure(still, imagesOf(50))
    expect(Math.abs((kl as number) - sum / 100_000)).toBeLessThan(0.02)
  })

  it('has an ELBO on binarised images only', async () => {
    const grey = await measure(model, imagesOf(300))
    expect(grey.elbo).toBeNull()
    expect(grey.kl).toBeGreaterThan(0)
    const binary = await measure(model, binarisedOnce(imagesOf(300), 1), { binary: true })
    expect(binary.elbo).toBe(-binary.bce - (binary.kl as number))
    const squared = trained(configOf('variational', { loss: 'squared-error' }))
    expect((await measure(squared, imagesOf(9), { binary: true })).elbo).toBeNull()
  })

  it('draws one code an image, by the seed', async () => {
    const first = await measure(model, imagesOf(300), { seed: 1 })
    expect(await measure(model, imagesOf(300), { seed: 1 })).toEqual(first)
    const second = await measure(model, imagesOf(300), { seed: 2 })
    expect(second.bce).not.toBe(first.bce)
    expect(second.kl).toBe(first.kl)
  })
})

describe('a sparse model', () => {
  it('tells how active its units are, and how many are near the target', async () => {
    const logit = (p: number): number => Math.log(p / (1 - p))
    const wanted = [0.05, 0.026, 0.099, 0.024, 0.5]
    const model = trained(configOf('sparse', { latent: 5 }), {
      'encoder/code/weights': new Array<number>(30).fill(0),
      'encoder/code/bias': wanted.map(logit),
    })
    const { sparsity } = await measure(model, imagesOf(20))
    expect(sparsity?.meanActivation).toBeCloseTo(0.699 / 5, 5)
    expect(sparsity?.unitsNearTarget).toBeCloseTo(3 / 5, 10)
    const l1 = await measure(trained(configOf('sparse', { penalty: 'l1' })), imagesOf(20))
    expect(l1.sparsity?.unitsNearTarget).toBeNull()
  })
})

describe('a denoising model', () => {
  const black = new Uint8Array(6 * 2000)

  it('is shown noise that is not clipped, and measured against the clean image', async () => {
    const corruption = { kind: 'gaussian', sigma: 127.5 }
    const half = trained(configOf('denoising', { corruption }), {
      'decoder/dense0/weights': new Array<number>(12).fill(0),
    })
    const { mse, denoising } = await measure(half, black)
    expect(mse).toBeCloseTo(0.25, 6) // sigmoid(0) against black
    expect(denoising?.corruption).toEqual(corruption)
    expect(denoising?.psnr).toBeCloseTo(-10 * Math.log10(0.25), 4)
    // E[−10 log₁₀ of a mean of six squares of σ = ½] = 6.02 + 0.76; clipping at black would add 3
    expect(denoising?.noisyPsnr).toBeGreaterThan(6.5)
    expect(denoising?.noisyPsnr).toBeLessThan(7.1)
  })

  it('is given the same noise by the same seed', async () => {
    const model = trained(configOf('denoising'))
    const first = await measure(model, imagesOf(300), { seed: 3 })
    expect(await measure(model, imagesOf(300), { seed: 3 })).toEqual(first)
    expect((await measure(model, imagesOf(300), { seed: 4 })).mse).not.toBe(first.mse)
  })
})

describe('a model that repairs JPEG', () => {
  afterAll(closeCodecs)

  it('is shown what the codec makes of the images', async () => {
    const shape = { height: 16, width: 16, channels: 1 }
    const images = Uint8Array.from({ length: 4 * 256 }, (_, i) => (i * 97 + (i >> 4) * 31) % 256)
    const of = async (quality: number): Promise<number> => {
      const config = configOf('denoising', { corruption: { kind: 'jpeg', quality } })
      return (await measure(trained(config, {}, shape), images)).denoising?.noisyPsnr as number
    }
    const [poor, good] = [await of(5), await of(95)]
    expect(poor).toBeGreaterThan(5)
    expect(good).toBeGreaterThan(poor + 5)
  })
})

describe('a set binarised once', () => {
  it('is black or white with the probability of its grey, the same for the same seed', () => {
    const grey = new Uint8Array(200_001).fill(64)
    const drawn = binarisedOnce(grey, 9)
    expect([...new Set(drawn)].sort()).toEqual([0, 255])
    const share = drawn.reduce((sum, value) => sum + value, 0) / 255 / drawn.length
    expect(Math.abs(share - 64 / 255)).toBeLessThan(0.005)
    expect(binarisedOnce(grey, 9)).toEqual(drawn)
    expect(binarisedOnce(grey, 10)).not.toEqual(drawn)
    const extremes = Uint8Array.from([0, 255, 0, 255])
    expect(binarisedOnce(extremes, 1)).toEqual(extremes)
  })
})
