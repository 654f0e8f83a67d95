import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AutoencoderConfig } from '../../../shared/training'
import { initialValues } from '../networks/parameters'
import type { State, Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { contraction } from './contractive'
import { modelOf } from './index'
import type { AutoencoderModel } from './model'
import { meanReconstruction, reconstructionPerImage } from './reconstruction'
import { sparsityPenalty } from './sparse'
import { divergence, reparameterise } from './variational'

let before = 0
beforeEach(() => (before = tf.memory().numTensors))
afterEach(() => expect(tf.memory().numTensors).toBe(before))

const shape = { height: 7, width: 6, channels: 1 }
const network = {
  family: 'mlp' as const,
  layers: [5],
  dense: 0,
  latent: 3,
  activation: 'tanh' as const,
  loss: 'cross-entropy' as const,
  dropout: 0,
}
const convolutional = { ...network, family: 'cnn' as const, layers: [3, 4], dense: 6 }

const kinds: Record<string, AutoencoderConfig> = {
  'autoencoder, mlp': { kind: 'autoencoder', ...network, loss: 'squared-error' },
  'autoencoder, cnn': { kind: 'autoencoder', ...convolutional, activation: 'elu' },
  'sparse by kl': { kind: 'sparse', ...network, penalty: 'kl', target: 0.1, weight: 2 },
  'sparse by l1, cnn': {
    kind: 'sparse',
    ...convolutional,
    penalty: 'l1',
    target: 0.1,
    weight: 0.3,
  },
  'contractive, one layer': { kind: 'contractive', ...network, layers: [], weight: 0.7 },
  'contractive, mlp': { kind: 'contractive', ...network, weight: 0.7 },
  'contractive, cnn': { kind: 'contractive', ...convolutional, weight: 0.7 },
  denoising: { kind: 'denoising', ...network, corruption: { kind: 'gaussian', sigma: 30 } },
  'variational, mlp': { kind: 'variational', ...network, beta: 1.5, betaWarmUp: 0 },
  'variational, cnn': { kind: 'variational', ...convolutional, beta: 0.5, betaWarmUp: 0 },
}

const images = (count: number): Tensor =>
  tf.tensor4d(
    Float32Array.from({ length: count * 42 }, (_, i) => 0.5 + 0.45 * Math.sin(i * 1.7)),
    [count, 7, 6, 1],
  )

/** The whole loss of a model for given weights, with the same random numbers every time. */
function lossOf(model: AutoencoderModel, variables: Variables, x: Tensor): Tensor {
  const seed = tf.tensor1d([5, 9], 'int32')
  const { logits, penalty } = model.pass({ parameters: variables, images: x, seed, options: {} })
  const reconstruction = meanReconstruction(model.config.loss, logits, x)
  return penalty ? tf.add(reconstruction, tf.mul(tf.mean(penalty), model.weight)) : reconstruction
}

const tensorsOf = (state: State): Record<string, Tensor> =>
  Object.fromEntries(
    [...state].map(([name, { shape: sides, data }]) => [name, tf.tensor(data.slice(), sides)]),
  )

describe.each(Object.entries(kinds))('%s', (_, config) => {
  const model = modelOf(config, shape)
  const state = initialValues(model.parameters, 3)

  it('has the gradient that differences of its loss have', () => {
    const names = [...state.keys()]
    const gradients = tf.tidy(() => {
      const { grads } = tf.valueAndGrads(
        (...given: Tensor[]) =>
          lossOf(
            model,
            Object.fromEntries(names.map((name, i) => [name, given[i] as Tensor])),
            images(4),
          ) as ReturnType<typeof tf.scalar>,
      )(Object.values(tensorsOf(state)))
      return grads.map((gradient) => Float32Array.from(gradient.dataSync())) as unknown as Tensor
    }) as unknown as Float32Array[]

    const at = (name: string, index: number, change: number): number =>
      tf.tidy(() => {
        const changed: State = new Map(state)
        const { shape: sides, data } = state.get(name) as { shape: number[]; data: Float32Array }
        const copy = data.slice()
        copy[index] = (copy[index] as number) + change
        changed.set(name, { shape: sides, data: copy })
        return lossOf(model, tensorsOf(changed), images(4)).dataSync()[0] as unknown as Tensor
      }) as unknown as number
    names.forEach((name, i) => {
      const gradient = gradients[i] as Float32Array
      const largest = gradient.reduce(
        (best, g, k) => (Math.abs(g) > Math.abs(gradient[best] as number) ? k : best),
        0,
      )
      for (const index of new Set([0, largest])) {
        const step = 2e-2
        const difference = (at(name, index, step) - at(name, index, -step)) / (2 * step)
        const scale = Math.max(0.05, Math.abs(difference))
        expect(
          Math.abs((gradient[index] as number) - difference) / scale,
          `${name}[${index}]`,
        ).toBeLessThan(0.03)
      }
    })
  })

  it('gives logits of the images’ shape and codes of the latent size', () => {
    tf.tidy(() => {
      const { code, logVariance } = model.encode(tensorsOf(state), images(2), {})
      expect(code.shape).toEqual([2, 3])
      expect(logVariance?.shape).toEqual(config.kind === 'variational' ? [2, 3] : undefined)
      expect(model.decode(tensorsOf(state), code, {}).shape).toEqual([2, 7, 6, 1])
    })
  })
})

describe('losses', () => {
  it('are what the formulas say, summed over pixels and averaged over the batch', () => {
    tf.tidy(() => {
      const logits = tf.tensor4d([0, 2, -1, 40], [2, 2, 1, 1])
      const x = tf.tensor4d([0.5, 1, 0, 1], [2, 2, 1, 1])
      const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v))
      const entropy = (z: number, t: number): number =>
        -(t * Math.log(sigmoid(z)) + (1 - t) * Math.log(1 - sigmoid(z)))
      const first = entropy(0, 0.5) + entropy(2, 1)
      const second = entropy(-1, 0) // the fourth is certain and right: 0
      const values = [...reconstructionPerImage('cross-entropy', logits, x).dataSync()]
      expect(values[0]).toBeCloseTo(first, 5)
      expect(values[1]).toBeCloseTo(second, 5)
      const mean = meanReconstruction('cross-entropy', logits, x).dataSync()[0]
      expect(mean).toBeCloseTo((first + second) / 2, 5)
      const squares = [...reconstructionPerImage('squared-error', logits, x).dataSync()]
      expect(squares[0]).toBeCloseTo((sigmoid(2) - 1) ** 2, 6)
      expect(squares[1]).toBeCloseTo(sigmoid(-1) ** 2, 6)
    })
  })

  it('sparsity is the divergence of Bernoulli means', () => {
    tf.tidy(() => {
      const codes = tf.tensor2d([0.1, 0.4, 0.3, 0.6], [2, 2]) // means 0.2 and 0.5
      const kl = (mean: number): number =>
        0.2 * Math.log(0.2 / mean) + 0.8 * Math.log(0.8 / (1 - mean))
      expect(sparsityPenalty(codes, 0.2).dataSync()[0]).toBeCloseTo(kl(0.2) + kl(0.5), 5)
      expect(Number.isFinite(sparsityPenalty(tf.zeros([2, 2]), 0.2).dataSync()[0])).toBe(true)
    })
  })

  it('the divergence of a normal distribution is its closed form, and what drawing from it gives', () => {
    tf.tidy(() => {
      const [mean, deviation] = [0.7, 0.4]
      const closed = 0.5 * (deviation ** 2 + mean ** 2 - 1 - 2 * Math.log(deviation))
      const mu = tf.fill([1, 1], mean)
      const logVariance = tf.fill([1, 1], 2 * Math.log(deviation))
      expect(divergence(mu, logVariance).dataSync()[0]).toBeCloseTo(closed, 5)
      const count = 200_000
      const epsilon = tf.randomNormal([count, 1], 0, 1, 'float32', 11)
      const z = reparameterise(mu, logVariance, epsilon)
      const logQ = tf.sub(tf.mul(tf.square(epsilon), -0.5), Math.log(deviation))
      const logP = tf.mul(tf.square(z), -0.5)
      const drawn = tf.mean(tf.sub(logQ, logP)).dataSync()[0] as number
      expect(Math.abs(drawn - closed)).toBeLessThan(0.01)
    })
  })
})

describe('contraction', () => {
  const config = kinds['contractive, one layer'] as AutoencoderConfig
  const deep = kinds['contractive, mlp'] as AutoencoderConfig

  /** ‖∂z/∂x‖²_F of each image, by differences. */
  function byDifferences(model: AutoencoderModel, state: State, count: number): number[] {
    const values = images(count).dataSync()
    const codes = (x: Float32Array): Float32Array =>
      tf.tidy(() => {
        const { code } = model.encode(tensorsOf(state), tf.tensor4d(x, [count, 7, 6, 1]), {})
        return Float32Array.from(code.dataSync()) as unknown as Tensor
      }) as unknown as Float32Array
    const sums = new Array<number>(count).fill(0)
    for (let pixel = 0; pixel < 42; pixel++) {
      const moved = (by: number): Float32Array =>
        codes(Float32Array.from(values, (v, i) => (i % 42 === pixel ? v + by : v)))
      const [up, down] = [moved(0.05), moved(-0.05)]
      for (let i = 0; i < up.length; i++) {
        const slope = ((up[i] as number) - (down[i] as number)) / 0.1
        sums[Math.floor(i / 3)] = (sums[Math.floor(i / 3)] as number) + slope ** 2
      }
    }
    return sums
  }

  it('of one layer is closed, and what differences give', () => {
    tf.tidy(() => {
      const model = modelOf(config, shape)
      const state = initialValues(model.parameters, 3)
      const variables = tensorsOf(state)
      const { code } = model.encode(variables, images(2), {})
      const closed = contraction(code, variables['encoder/code/weights'] as Tensor).dataSync()
      byDifferences(model, state, 2).forEach((sum, i) =>
        expect(Math.abs((closed[i] as number) / sum - 1)).toBeLessThan(0.01),
      )
    })
  })

  it('of more layers is met on average by drawing directions', () => {
    tf.tidy(() => {
      const model = modelOf(deep, shape)
      const state = initialValues(model.parameters, 3)
      const variables = tensorsOf(state)
      const [truth] = byDifferences(model, state, 1)
      let sum = 0
      const draws = 400
      for (let i = 0; i < draws; i++) {
        const seed = tf.tensor1d([1, i], 'int32')
        const { penalty } = model.pass({
          parameters: variables,
          images: images(1),
          seed,
          options: {},
        })
        sum += penalty?.dataSync()[0] as number
      }
      expect(Math.abs(sum / draws / (truth as number) - 1)).toBeLessThan(0.15)
    })
  })

  it('ties the decoder of one layer to the encoder', () => {
    const model = modelOf(config, shape)
    expect([...model.parameters.keys()]).toEqual([
      'encoder/code/weights',
      'encoder/code/bias',
      'decoder/dense0/bias',
    ])
  })
})
