import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as kernels from './kernels'
import { ProgramBuilder } from './program'
import { tf, type Tensor, type TensorFlow } from './tensorflow'

type Tensor4D = TensorFlow.Tensor4D

let tensorsBefore = 0
beforeAll(() => {
  tensorsBefore = tf.memory().numTensors
})
afterAll(() => expect(tf.memory().numTensors).toBe(tensorsBefore))

type Kernel = (...tensors: Tensor[]) => Tensor
const normal = (shape: number[], seed: number): Tensor =>
  kernels.statelessNormal(shape, tf.tensor1d([3, seed], 'int32'))

/** Value and gradients of Σ f(tensors)·weights, eagerly. */
function eagerly(f: Kernel, tensors: Tensor[]): number[][] {
  const scalar = (...given: Tensor[]): Tensor => {
    const y = f(...given)
    return tf.sum(tf.mul(y, y.size === 1 ? 0.7 : normal(y.shape, 99)))
  }
  const { value, grads } = tf.valueAndGrads(scalar)(tensors)
  return [value, ...grads].map((tensor) => [...tensor.dataSync()])
}

/** The same inside a compiled program. */
function compiled(f: Kernel, tensors: Tensor[]): number[][] {
  const builder = new ProgramBuilder()
  const inputs = Object.fromEntries(tensors.map((t, i) => [`t${i}`, { shape: t.shape }]))
  const { placeholders, outputs } = builder.define(inputs, [], (given) => {
    const scalar = (...all: Tensor[]): Tensor => {
      const y = f(...all)
      return tf.sum(tf.mul(y, y.size === 1 ? 0.7 : normal(y.shape, 99)))
    }
    const ordered = tensors.map((_, i) => given[`t${i}`] as Tensor)
    const { value, grads } = tf.valueAndGrads(scalar)(ordered)
    return [value, ...grads]
  })
  const program = builder.finish()
  const feeds = new Map(tensors.map((t, i) => [placeholders.get(`t${i}`) as string, t]))
  const values = program.run(feeds, outputs).map((tensor) => [...tensor.dataSync()])
  program.close()
  return values
}

function expectClose(got: number[][], expected: number[][]): void {
  expect(got.map((row) => row.length)).toEqual(expected.map((row) => row.length))
  got.forEach((row, i) =>
    row.forEach((value, j) =>
      expect(Math.abs(value - (expected[i]?.[j] as number))).toBeLessThan(
        2e-5 * (1 + Math.abs(value)),
      ),
    ),
  )
}

describe('kernels have the values and gradients of what tfjs composes, eagerly and compiled', () => {
  const target = (shape: number[]): Tensor => tf.sigmoid(normal(shape, 50))
  type Case = [name: string, shapes: number[][], kernel: Kernel, plain: Kernel]
  const cases: Case[] = [
    ['tanh', [[5, 7]], kernels.tanh, tf.tanh],
    ['elu', [[5, 7]], kernels.elu, tf.elu],
    ['softplus', [[5, 7]], kernels.softplus, tf.softplus],
    [
      'matMul',
      [
        [5, 7],
        [7, 3],
      ],
      kernels.matMul,
      (a, b) => tf.matMul(a, b),
    ],
    [
      'dense',
      [[5, 7], [7, 3], [3]],
      kernels.dense,
      (x: Tensor, w: Tensor, b: Tensor) => tf.add(tf.matMul(x, w), b),
    ],
    ...[3, 5].map((kernel): Case => [
      `conv2d to one channel, ${kernel} × ${kernel}`,
      [
        [2, 6, 5, 8],
        [kernel, kernel, 8, 1],
      ],
      (x, filter) => kernels.conv2d(x, filter),
      (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'),
    ]),
    [
      'reshapeItems',
      [[2, 12]],
      (x) => kernels.reshapeItems(x, [2, 3, 2]),
      (x) => tf.reshape(x, [2, 2, 3, 2]),
    ],
    ['squaredNorm', [[6, 4]], kernels.squaredNorm, (x) => tf.sum(tf.square(x))],
    [
      'sumSquaredError',
      [[6, 4]],
      (x) => kernels.sumSquaredError(x, target([6, 4])),
      (x) => tf.sum(tf.square(tf.sub(x, target([6, 4])))),
    ],
    [
      'meanSquaredError',
      [[6, 4]],
      (x) => kernels.meanSquaredError(x, target([6, 4])),
      (x) => tf.mean(tf.square(tf.sub(x, target([6, 4])))),
    ],
    [
      'sigmoidCrossEntropy',
      [[6, 4]],
      (x) => kernels.sigmoidCrossEntropy(x, target([6, 4])),
      (x) => tf.losses.sigmoidCrossEntropy(target([6, 4]), x, undefined, 0, 0),
    ],
    [
      'sumSigmoidCrossEntropy',
      [[6, 4]],
      (x) => kernels.sumSigmoidCrossEntropy(x, target([6, 4])),
      (x) => tf.sum(tf.losses.sigmoidCrossEntropy(target([6, 4]), x, undefined, 0, 0)),
    ],
  ]
  it.each(cases)('%s', (_name, shapes, kernel, plain) => {
    tf.tidy(() => {
      const tensors = shapes.map((shape, i) => normal(shape, i))
      const expected = eagerly(plain, tensors)
      expectClose(eagerly(kernel, tensors), expected)
      expectClose(compiled(kernel, tensors), expected)
    })
  })
})

describe('losses from logits', () => {
  it('stay finite and exact for logits that the exponential overflows', () => {
    tf.tidy(() => {
      const logits = tf.tensor1d([-200, -200, 200, 200])
      const losses = kernels.sigmoidCrossEntropy(logits, tf.tensor1d([0, 1, 0, 1]))
      expect([...losses.dataSync()]).toEqual([0, 200, 200, 0])
    })
  })

  it('give their target no gradient', () => {
    tf.tidy(() => {
      const x = normal([3], 1)
      const [gradient] = tf.grads((a) => kernels.sumSquaredError(a, tf.mul(a, 2)))([x])
      const expected = [...x.dataSync()].map((value) => -2 * value)
      expectClose([[...(gradient as Tensor).dataSync()]], [expected])
    })
  })
})

describe('stopGradient', () => {
  it('passes values on and no gradient', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([2, -3])
      const [gradient] = tf.grads((a) => tf.sum(tf.mul(a, kernels.stopGradient(a))))([x])
      expect([...(gradient as Tensor).dataSync()]).toEqual([2, -3])
    })
  })
})

describe('stateless random numbers', () => {
  const draw = (make: (seed: Tensor) => Tensor, seed: number): Float32Array =>
    tf.tidy(() => make(tf.tensor1d([5, seed], 'int32')).dataSync() as Float32Array)
  const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length

  it('are uniform in [0, 1), the same for the same seed and others for another', () => {
    const uniform = (seed: Tensor): Tensor => kernels.statelessUniform([20_000], seed)
    const values = draw(uniform, 1)
    expect(draw(uniform, 1)).toEqual(values)
    expect(draw(uniform, 2)).not.toEqual(values)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(values.map((v) => (v - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.002)
  })

  it('are Poisson with mean and variance of each rate', () => {
    const rates = [0.5, 4, 60]
    const poisson = (seed: Tensor): Tensor =>
      kernels.statelessPoisson([10_000, 3], seed, tf.tensor1d(rates))
    const values = draw(poisson, 1)
    expect(draw(poisson, 1)).toEqual(values)
    rates.forEach((rate, column) => {
      const own = values.filter((_, i) => i % 3 === column)
      expect(own.every(Number.isInteger)).toBe(true)
      expect(Math.abs(mean(own) - rate)).toBeLessThan(5 * Math.sqrt(rate / 10_000))
      expect(Math.abs(mean(own.map((v) => (v - rate) ** 2)) / rate - 1)).toBeLessThan(0.08)
    })
  })
})

describe('projectiveTransform', () => {
  it('moves and shrinks, interpolates between pixels and fills what lies outside', () => {
    tf.tidy(() => {
      const image = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
      const warp = (transform: number[], fill?: number): number[] => [
        ...kernels.projectiveTransform(image, tf.tensor2d([transform]), fill).dataSync(),
      ]
      expect(warp([1, 0, 0, 0, 1, 0, 0, 0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
      expect(warp([1, 0, 1, 0, 1, 0, 0, 0], 9)).toEqual([2, 3, 9, 5, 6, 9, 8, 9, 9])
      expect(warp([1, 0, 0.5, 0, 1, 0, 0, 0]).slice(0, 2)).toEqual([1.5, 2.5])
    })
  })
})
