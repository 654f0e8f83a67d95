import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as kernels from './kernels'
import type { State, Variables } from './program'
import { writeSavedModel } from './savedModel'
import { backend, native, tf, type Tensor } from './tensorflow'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const weights: State = new Map(
  Object.entries({ w: [3, 8], up: [3, 3, 1, 2] }).map(([name, shape], seed) => {
    const values = tf.tidy(() =>
      kernels.statelessNormal(shape, tf.tensor1d([1, seed], 'int32')).dataSync(),
    )
    return [name, { shape, data: Float32Array.from(values) }]
  }),
)
const decode = (code: Tensor, { w, up }: Variables): Tensor => {
  const hidden = kernels.reshapeItems(kernels.matMul(code, w as Tensor), [2, 2, 2])
  return kernels.sigmoid(kernels.conv2dTranspose(hidden, up as Tensor, { stride: 2 }))
}
const describeDecoder = (input: string) => ({
  weights,
  inputs: { [input]: { shape: [2, 3], free: [0] } },
  body: (given: Record<string, Tensor>, variables: Variables) => ({
    image: decode(given[input] as Tensor, variables),
    doubled: tf.mul(given[input] as Tensor, 2),
  }),
})

it('what was written is loaded again, for any batch, and computes the same', () => {
  const before = tf.memory().numTensors
  const target = join(folder, 'decoder')
  writeSavedModel(target, describeDecoder('code'))
  expect(readdirSync(folder)).toEqual(['decoder'])
  const session = native.loadSavedModel(target, 'serve')
  tf.tidy(() => {
    for (const batch of [1, 5]) {
      const code = kernels.statelessNormal([batch, 3], tf.tensor1d([9, batch], 'int32'))
      const ids = backend.getInputTensorIds([code])
      const [image, doubled] = native
        .runSavedModel(session, ids, 'f0/code:0', 'outputs/image:0,outputs/doubled:0')
        .map((metadata) => backend.createOutputTensor(metadata)) as [Tensor, Tensor]
      const variables = Object.fromEntries(
        [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
      )
      const expected = decode(code, variables)
      expect(image.shape).toEqual([batch, 4, 4, 1])
      expect(tf.max(tf.abs(tf.sub(image, expected))).dataSync()[0]).toBeLessThan(1e-6)
      expect(doubled.dataSync()).toEqual(tf.mul(code, 2).dataSync())
    }
  })
  native.deleteSavedModel(session)
  expect(tf.memory().numTensors).toBe(before)
})

it('refuses what exists, what cannot be written and names that are none', () => {
  const taken = join(folder, 'taken')
  mkdirSync(taken)
  expect(() => writeSavedModel(taken, describeDecoder('code'))).toThrow(
    expect.objectContaining({
      code: 'target-unwritable',
      params: { file: 'taken', reason: 'EEXIST' },
    }),
  )
  expect(() => writeSavedModel(join(folder, 'no', 'x'), describeDecoder('code'))).toThrow(
    expect.objectContaining({ code: 'target-unwritable', params: { file: 'x', reason: 'ENOENT' } }),
  )
  expect(() => writeSavedModel(join(folder, 'y'), describeDecoder('a b'))).toThrow(
    expect.objectContaining({ code: 'arguments-invalid' }),
  )
  expect(readdirSync(folder).sort()).toEqual(['decoder', 'taken'])
})
