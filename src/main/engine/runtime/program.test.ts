import { afterEach, describe, expect, it } from 'vitest'
import { declareAdam, defineTrainStep, type AdamOptions } from './adam'
import * as kernels from './kernels'
import { ProgramBuilder, type Program, type State, type Variables } from './program'
import { openSessions } from './session'
import { tf, type Tensor, type TensorFlow } from './tensorflow'

const programs: Program[] = []
const finish = (builder: ProgramBuilder): Program => {
  const program = builder.finish()
  programs.push(program)
  return program
}
afterEach(() => {
  programs.splice(0).forEach((program) => program.close())
  expect(openSessions()).toBe(0)
})

const random = (shape: number[], seed: number): Tensor =>
  tf.tidy(() => kernels.statelessNormal(shape, tf.tensor1d([7, seed], 'int32')).mul(0.3))
const stateOf = (tensors: Record<string, Tensor>): State =>
  new Map(
    Object.entries(tensors).map(([name, t]) => [
      name,
      { shape: [...t.shape], data: Float32Array.from(t.dataSync()) },
    ]),
  )
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  let largest = 0
  for (let i = 0; i < a.length; i++)
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)))
  return largest
}

/** A small network through every kernel: unshuffle, strided and transposed convolution, bias, relu, sigmoid. */
const smallNetwork = (p: Variables, x: Tensor): Tensor => {
  const bias = (y: Tensor, name: string): Tensor => kernels.biasAdd(y, p[name] as Tensor)
  const u = kernels.spaceToDepth(x, 2)
  const h = kernels.relu(bias(kernels.conv2d(u, p['first'] as Tensor, { stride: 2 }), 'firstBias'))
  const up = kernels.relu(kernels.conv2dTranspose(h, p['up'] as Tensor, { stride: 2 }))
  const y = bias(kernels.conv2d(up, p['last'] as Tensor), 'lastBias')
  return kernels.sigmoid(kernels.depthToSpace(y, 2))
}
/** The same with what tfjs offers. */
const plainNetwork = (p: Variables, x: Tensor): Tensor => {
  const conv = (y: Tensor, name: string, stride: number): Tensor =>
    tf.conv2d(y as never, p[name] as never, stride, 'same')
  const batch = x.shape[0]
  const u = kernels.spaceToDepth(x, 2)
  const h = tf.relu(tf.add(conv(u, 'first', 2), p['firstBias'] as Tensor))
  const up = tf.relu(tf.conv2dTranspose(h as never, p['up'] as never, [batch, 8, 8, 6], 2, 'same'))
  const y = tf.add(conv(up, 'last', 1), p['lastBias'] as Tensor)
  const shuffled = tf.transpose(tf.reshape(y, [batch, 8, 8, 2, 2, 1]), [0, 1, 3, 2, 4, 5])
  return tf.sigmoid(tf.reshape(shuffled, [batch, 16, 16, 1]))
}
const makeParameters = (): Record<string, Tensor> => ({
  first: random([3, 3, 4, 8], 1),
  firstBias: random([8], 2),
  up: random([3, 3, 6, 8], 3),
  last: random([3, 3, 6, 4], 4),
  lastBias: random([4], 5),
})
const loss = (network: typeof smallNetwork, p: Variables, x: Tensor): Tensor =>
  kernels.meanSquaredError(network(p, x), x)

function trainer(parameters: Record<string, Tensor>, options: AdamOptions = {}) {
  const builder = new ProgramBuilder()
  for (const [name, tensor] of Object.entries(parameters)) builder.variable(name, tensor.shape)
  const names = Object.keys(parameters)
  declareAdam(builder, names)
  const step = defineTrainStep(
    builder,
    { x: { shape: [4, 16, 16, 1] } },
    names,
    (inputs, p) => loss(smallNetwork, p, inputs.x),
    options,
  )
  const program = finish(builder)
  program.assign(stateOf(parameters))
  const zeros: State = new Map()
  for (const name of names) {
    for (const slot of [`${name}/adam/m`, `${name}/adam/v`]) {
      const shape = (parameters[name] as Tensor).shape
      zeros.set(slot, { shape, data: new Float32Array((parameters[name] as Tensor).size) })
    }
  }
  program.assign(zeros)
  return { program, step, names }
}

/** Adam as the paper's algorithm 1 writes it, in JavaScript numbers. */
function paperAdam(
  theta: Float32Array,
  gradients: Float32Array[],
  rate: number,
  epsilon = 1e-7,
): Float32Array {
  const m = new Float64Array(theta.length)
  const v = new Float64Array(theta.length)
  const out = Float64Array.from(theta)
  gradients.forEach((g, index) => {
    const t = index + 1
    g.forEach((value, i) => {
      m[i] = 0.9 * (m[i] as number) + 0.1 * value
      v[i] = 0.999 * (v[i] as number) + 0.001 * value * value
      out[i] =
        (out[i] as number) -
        (rate * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + epsilon)
    })
  })
  return Float32Array.from(out)
}

describe('compiled programs', () => {
  it('compute what the same function computes eagerly with tfjs, forward and backward, to 1e-5', () => {
    const parameters = makeParameters()
    const x = random([4, 16, 16, 1], 9)
    const names = Object.keys(parameters)
    const builder = new ProgramBuilder()
    for (const name of names) builder.variable(name, (parameters[name] as Tensor).shape)
    const forward = builder.define({ x: { shape: [4, 16, 16, 1] } }, names, ({ x }, p) => [
      smallNetwork(p, x),
    ])
    const backward = builder.define({ x: { shape: [4, 16, 16, 1] } }, names, ({ x }, p) => {
      const { grads } = tf.valueAndGrads(
        (...t: Tensor[]) =>
          loss(
            smallNetwork,
            Object.fromEntries(names.map((n, i) => [n, t[i] as Tensor])),
            x,
          ) as never,
      )(names.map((n) => p[n] as Tensor))
      return grads
    })
    const program = finish(builder)
    program.assign(stateOf(parameters))
    const [y] = program.run(
      new Map([[forward.placeholders.get('x') as string, x]]),
      forward.outputs,
    )
    const expected = plainNetwork(parameters, x)
    expect(largestDifference((y as Tensor).dataSync(), expected.dataSync())).toBeLessThan(1e-5)

    const gradients = program.run(
      new Map([[backward.placeholders.get('x') as string, x]]),
      backward.outputs,
    )
    const { grads } = tf.valueAndGrads((...t: Tensor[]) => {
      const p = Object.fromEntries(names.map((n, i) => [n, t[i] as Tensor]))
      return tf.mean<TensorFlow.Scalar>(tf.square(tf.sub(plainNetwork(p, x), x)))
    })(names.map((n) => parameters[n] as Tensor))
    gradients.forEach((g, i) =>
      expect(largestDifference(g.dataSync(), (grads[i] as Tensor).dataSync())).toBeLessThan(1e-5),
    )
    expect((grads[0] as Tensor).abs().max().dataSync()[0]).toBeGreaterThan(1e-4)
  })

  it('take three optimiser steps like eager tfjs Adam, to 1e-5', () => {
    const parameters = makeParameters()
    const x = random([4, 16, 16, 1], 9)
    const { program, step, names } = trainer(parameters)
    const optimizer = tf.train.adam(1e-2)
    const variables = Object.fromEntries(
      names.map((n) => [n, tf.variable(parameters[n] as Tensor)]),
    )
    for (let t = 1; t <= 3; t++) {
      const report = step(program, { x }, t, 1e-2)
      const eager = optimizer.minimize(
        () => tf.mean(tf.square(tf.sub(plainNetwork(variables, x), x))),
        true,
      ) as Tensor
      expect(report.updated).toBe(true)
      expect(report.loss).toBeCloseTo(eager.dataSync()[0] as number, 5)
    }
    const state = program.read()
    for (const n of names) {
      expect(
        largestDifference(state.get(n)?.data ?? [], (variables[n] as Tensor).dataSync()),
      ).toBeLessThan(1e-5)
    }
    Object.values(variables).forEach((v) => (v as unknown as Tensor).dispose())
    optimizer.dispose()
  })

  it('follow the paper where ε matters: gradients of 1e-6', () => {
    const builder = new ProgramBuilder()
    builder.variable('w', [4])
    declareAdam(builder, ['w'])
    const step = defineTrainStep(builder, { g: { shape: [4] } }, ['w'], ({ g }, p) =>
      tf.sum(tf.mul(g, p['w'] as Tensor)),
    )
    const program = finish(builder)
    const start = Float32Array.of(1, -2, 0.5, 0)
    const zero = { shape: [4], data: new Float32Array(4) }
    program.assign(
      new Map([
        ['w', { shape: [4], data: start }],
        ['w/adam/m', zero],
        ['w/adam/v', zero],
      ]),
    )
    const gradients = [
      Float32Array.of(1e-6, -2e-6, 3e-7, 1e-6),
      Float32Array.of(2e-6, 1e-6, -3e-7, 1e-7),
      Float32Array.of(-1e-6, 5e-7, 3e-7, 1e-6),
    ]
    gradients.forEach((g, i) => {
      const tensor = tf.tensor1d(g.slice())
      step(program, { g: tensor }, i + 1, 1e-2)
      tensor.dispose()
    })
    const got = program.read(['w']).get('w')?.data ?? new Float32Array()
    expect(largestDifference(got, paperAdam(start, gradients, 1e-2))).toBeLessThan(1e-6)
    expect(largestDifference(got, start)).toBeGreaterThan(1e-3)
  })

  it('change nothing when the loss is not finite, and say so', () => {
    const parameters = makeParameters()
    const { program, step } = trainer(parameters, { weightDecay: 0.1 })
    const x = random([4, 16, 16, 1], 9)
    const bad = tf.fill([4, 16, 16, 1], NaN)
    expect(step(program, { x }, 1, 1e-2).updated).toBe(true)
    const before = program.read()
    expect(step(program, { x: bad }, 2, 1e-2)).toMatchObject({ updated: false, loss: NaN })
    for (const [name, { data }] of program.read()) expect(data).toEqual(before.get(name)?.data)
    expect(step(program, { x }, 2, 1e-2).updated).toBe(true)
    expect(program.read().get('first')?.data).not.toEqual(before.get('first')?.data)
  })

  it('scale the gradient down to the clipping norm, and decay the weights decoupled from it', () => {
    const one = (
      options: AdamOptions,
      g: number[],
    ): { m: Float32Array; w: Float32Array; norm: number } => {
      const builder = new ProgramBuilder()
      builder.variable('w', [2])
      declareAdam(builder, ['w'])
      const step = defineTrainStep(
        builder,
        { g: { shape: [2] } },
        ['w'],
        ({ g }, p) => tf.sum(tf.mul(g, p['w'] as Tensor)),
        options,
      )
      const program = finish(builder)
      const zero = { shape: [2], data: new Float32Array(2) }
      program.assign(
        new Map([
          ['w', { shape: [2], data: Float32Array.of(1, 2) }],
          ['w/adam/m', zero],
          ['w/adam/v', zero],
        ]),
      )
      const { norm } = step(program, { g: tf.tensor1d(g) }, 1, 0.1)
      const state = program.read()
      return {
        m: state.get('w/adam/m')?.data ?? new Float32Array(),
        w: state.get('w')?.data ?? new Float32Array(),
        norm,
      }
    }
    const clipped = one({ clipNorm: 1 }, [3, 4])
    expect(clipped.norm).toBeCloseTo(5, 5)
    expect(clipped.m[0]).toBeCloseTo(0.1 * 0.6, 6)
    expect(clipped.m[1]).toBeCloseTo(0.1 * 0.8, 6)
    // a first Adam step is the sign of the gradient times the rate; decay takes rate · 0.5 · w before it
    const decayed = one({ weightDecay: 0.5 }, [3, 4])
    expect(decayed.w[0]).toBeCloseTo(1 - 0.1 * 0.5 * 1 - 0.1, 5)
    expect(decayed.w[1]).toBeCloseTo(2 - 0.1 * 0.5 * 2 - 0.1, 5)
  })

  it('save all state and go on in another session with the same next step', () => {
    const x = random([4, 16, 16, 1], 9)
    const a = trainer(makeParameters())
    for (let t = 1; t <= 3; t++) a.step(a.program, { x }, t, 1e-2)
    const saved = a.program.read()
    const b = trainer(makeParameters())
    b.program.assign(saved)
    expect(b.step(b.program, { x }, 4, 1e-2)).toEqual(a.step(a.program, { x }, 4, 1e-2))
    const [left, right] = [a.program.read(), b.program.read()]
    for (const [name, { data }] of left) expect(right.get(name)?.data).toEqual(data)
  })

  it('draw the same stateless numbers for the same seed, other ones for another', () => {
    const builder = new ProgramBuilder()
    const draw = builder.define({ seed: { shape: [2], dtype: 'int32' } }, [], ({ seed }) => [
      kernels.statelessNormal([1000], seed),
    ])
    const program = finish(builder)
    const numbers = (seed: number[]): Float32Array => {
      const [t] = program.run(
        new Map([[draw.placeholders.get('seed') as string, tf.tensor1d(seed, 'int32')]]),
        draw.outputs,
      )
      return (t as Tensor).dataSync() as Float32Array
    }
    const first = numbers([1, 2])
    expect(numbers([1, 2])).toEqual(first)
    expect(numbers([1, 3])).not.toEqual(first)
    const mean = first.reduce((s, v) => s + v, 0) / 1000
    const variance = first.reduce((s, v) => s + (v - mean) ** 2, 0) / 1000
    expect(Math.abs(mean)).toBeLessThan(0.1)
    expect(Math.abs(variance - 1)).toBeLessThan(0.15)
  })

  it('leak no tensors', () => {
    const parameters = makeParameters()
    const x = random([4, 16, 16, 1], 9)
    const before = tf.memory().numTensors
    const { program, step } = trainer(parameters)
    for (let t = 1; t <= 20; t++) step(program, { x }, t, 1e-3)
    program.read()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('what a trace refuses', () => {
  const define =
    (body: (x: Tensor) => Tensor): (() => unknown) =>
    () =>
      new ProgramBuilder().define({ x: { shape: [2, 2] } }, [], ({ x }) => [body(x)])

  it('refuses a tensor made outside, also one that was never uploaded, and recovers', () => {
    const fresh = tf.tensor2d([
      [1, 2],
      [3, 4],
    ])
    const used = tf.add(fresh, 0)
    expect(
      define((x) =>
        tf.add(
          x,
          tf.tidy(() => fresh),
        ),
      ),
    ).toThrow(/made inside the traced function/)
    expect(define((x) => tf.mul(x, used))).toThrow(/made inside the traced function/)
    expect(tf.add(fresh, used).dataSync()[0]).toBe(2) // eager work goes on
    expect(
      define((x) =>
        tf.add(
          x,
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
        ),
      ),
    ).not.toThrow()
  })

  it('refuses reading a value and baking in a large constant', () => {
    expect(define((x) => tf.mul(x, tf.sum(x).dataSync()[0] ?? 0))).toThrow(/no reading of values/)
    const large = Float32Array.from({ length: 300_000 }, (_, i) => i)
    expect(define((x) => tf.add(tf.sum(tf.tensor1d(large)), x))).toThrow(/constants of at most/)
    expect(define((x) => tf.add(tf.sum(tf.ones([300_000])), x))).not.toThrow()
  })

  it('computes in bfloat16 with eight bits of mantissa and float32 outside', () => {
    const builder = new ProgramBuilder()
    const round = builder.define({ x: { shape: [3] } }, [], ({ x }) => [
      kernels.toFloat32(kernels.relu(kernels.toBfloat16(x))),
    ])
    const program = finish(builder)
    const [y] = program.run(
      new Map([[round.placeholders.get('x') as string, tf.tensor1d([1 + 2 ** -9, 1.5, -3])]]),
      round.outputs,
    )
    expect([...(y as Tensor).dataSync()]).toEqual([1, 1.5, 0])
  })
})
