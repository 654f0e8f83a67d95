import { afterEach, expect, it } from 'vitest'
import { declareAdam, defineTrainStep } from './adam'
import * as kernels from './kernels'
import { ProgramBuilder, type Program } from './program'
import { tf, type Tensor } from './tensorflow'

const programs: Program[] = []
afterEach(() => programs.splice(0).forEach((program) => program.close()))
const finish = (builder: ProgramBuilder): Program => {
  const program = builder.finish()
  programs.push(program)
  return program
}
const near = (value: number): unknown => expect.closeTo(value, 4)
const zeros = (shape: number[]) => ({ shape, data: new Float32Array(shape[0] ?? 1) })

it('a data set of bytes stays in the session; batches are taken by index as float32', () => {
  const before = tf.memory().numTensors
  const builder = new ProgramBuilder()
  builder.bytes('images', [5, 2, 2, 1])
  const take = builder.define(
    { indices: { shape: [2], dtype: 'int32', free: [0] } },
    ['images'],
    ({ indices }, { images }) => [kernels.gatherBytes(images as Tensor, indices)],
  )
  const program = finish(builder)
  const values = Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? 255 : i))
  program.assignBytes('images', values)
  values.fill(7) // the program has its own copy
  const batch = (...places: number[]): number[] => {
    const indices = tf.tensor1d(places, 'int32')
    const [images] = program.run(
      new Map([[take.placeholders.get('indices') as string, indices]]),
      take.outputs,
    ) as [Tensor]
    expect(images.shape).toEqual([places.length, 2, 2, 1])
    const pixels = [...images.dataSync()].map((value) => value * 255)
    tf.dispose([indices, images])
    return pixels
  }
  expect(batch(4, 0)).toEqual([16, 17, 18, 255, 0, 1, 2, 3].map(near))
  expect(batch(1)).toHaveLength(4)
  program.assignBytes('images', values)
  expect(batch(2)).toEqual([7, 7, 7, 7].map(near))
  expect([...program.read().keys()]).toEqual([])
  expect(tf.memory().numTensors).toBe(before)
})

it('bytes of a wrong number or for no variable are refused', () => {
  const builder = new ProgramBuilder()
  builder.bytes('images', [5, 4])
  builder.variable('w', [4])
  expect(() => builder.variable('images', [5, 4])).toThrow(/new variable name/)
  expect(() => builder.define({}, ['nothing'], () => [])).toThrow(/declared variable/)
  const program = finish(builder)
  expect(() => program.assignBytes('images', new Uint8Array(19))).toThrow(/Expected 20 bytes/)
  expect(() => program.assignBytes('w', new Uint8Array(4))).toThrow(/variable w/)
})

it('a training step reads a data set, and reports scalars beside its loss', () => {
  const before = tf.memory().numTensors
  const builder = new ProgramBuilder()
  builder.bytes('images', [3, 4])
  builder.variable('w', [4])
  builder.variable('fixed', [4])
  declareAdam(builder, ['w'])
  const step = defineTrainStep(
    builder,
    { indices: { shape: [2], dtype: 'int32' } },
    ['w'],
    ({ indices }, { w, images, fixed }) => {
      const x = kernels.gatherBytes(images as Tensor, indices)
      const y = kernels.squaredNorm(tf.sub(tf.add(w as Tensor, fixed as Tensor), x))
      const penalty = kernels.squaredNorm(w as Tensor)
      return { value: tf.add(y, tf.mul(penalty, 0.1)), parts: [y, penalty] }
    },
    { reads: ['images', 'fixed'] },
  )
  const program = finish(builder)
  program.assignBytes(
    'images',
    Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
  )
  program.assign(
    new Map([
      ['w', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }],
      ['fixed', { shape: [4], data: Float32Array.of(0, 0, 0, 1) }],
      ['w/adam/m', zeros([4])],
      ['w/adam/v', zeros([4])],
    ]),
  )
  const indices = tf.tensor1d([2, 0], 'int32')
  const report = step(program, { indices }, 1, 0.1)
  const [w, shift] = [
    [1, 2, 3, 4],
    [1, 2, 3, 5],
  ] as const
  const error = [2, 0].flatMap((row) =>
    shift.map((value, i) => (value - (20 * (4 * row + i)) / 255) ** 2),
  )
  const squares = error.reduce((a, b) => a + b, 0)
  const penalty = w.reduce<number>((a, b) => a + b * b, 0)
  expect(report.parts).toEqual([expect.closeTo(squares, 3), expect.closeTo(penalty, 3)])
  expect(report.loss).toBeCloseTo(squares + 0.1 * penalty, 3)
  expect(report.updated).toBe(true)
  const state = program.read()
  expect([...(state.get('w')?.data ?? [])]).toEqual(w.map((v) => near(v - 0.1)))
  expect([...(state.get('fixed')?.data ?? [])]).toEqual([0, 0, 0, 1])
  indices.dispose()
  expect(tf.memory().numTensors).toBe(before)
})
