/**
 * Does an exported decoder compute in Python's TensorFlow what it computes here? Writes a convolutional decoder as a
 * SavedModel, loads it there, and compares the images of 1 and of 7 codes: at most 1e-4 apart, else it fails.
 * Usage: npm run bench:saved-model
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as kernels from '../src/main/engine/runtime/kernels'
import type { State, Variables } from '../src/main/engine/runtime/program'
import { writeSavedModel } from '../src/main/engine/runtime/savedModel'
import { tf, type Tensor } from '../src/main/engine/runtime/tensorflow'
import { python } from './peer'

const shapes = {
  w: [2, 3136],
  b: [3136],
  up1: [3, 3, 64, 64],
  up2: [3, 3, 32, 64],
  last: [3, 3, 32, 1],
}
const weights: State = new Map(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    { shape, data: tf.tidy(() => Float32Array.from(tf.randomNormal(shape, 0, 0.2).dataSync())) },
  ]),
)
function decode(code: Tensor, { w, b, up1, up2, last }: Variables): Tensor {
  let h = kernels.relu(kernels.dense(code, w as Tensor, b as Tensor))
  h = kernels.reshapeItems(h, [7, 7, 64])
  h = kernels.relu(kernels.conv2dTranspose(h, up1 as Tensor, { stride: 2 }))
  h = kernels.relu(kernels.conv2dTranspose(h, up2 as Tensor, { stride: 2 }))
  return kernels.sigmoid(kernels.conv2d(h, last as Tensor))
}

const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'))
writeSavedModel(join(folder, 'decoder'), {
  weights,
  inputs: { code: { shape: [2, 2], free: [0] } },
  body: ({ code }, variables) => ({ image: decode(code, variables) }),
})
const save = (name: string, tensor: Tensor): void =>
  writeFileSync(join(folder, name), new Uint8Array((tensor.dataSync() as Float32Array).buffer))
const variables = Object.fromEntries(
  [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
)
for (const batch of [1, 7]) {
  const code = tf.randomNormal([batch, 2])
  save(`codes-${batch}`, code)
  save(`images-${batch}`, decode(code, variables))
}
const script = join(process.cwd(), 'bench', 'peers', 'saved_model.py')
const { status } = spawnSync(python, [script, folder], { stdio: ['ignore', 'inherit', 'inherit'] })
rmSync(folder, { recursive: true })
process.exit(status ?? 1)
