/**
 * Trains a small network 5,000 steps in a process of its own, from a data set of bytes, with noise and with parts, and
 * tells what it kept: `{ tensors, memory }`, the tensors made and the MiB of resident memory that 1,000 steps added
 * between step 500 and 5,000.
 */
import { declareAdam, defineTrainStep } from '../adam'
import * as kernels from '../kernels'
import { ProgramBuilder, type State } from '../program'
import { tf, type Tensor } from '../tensorflow'

const builder = new ProgramBuilder()
const shapes = { filter: [3, 3, 1, 8], bias: [8], back: [3, 3, 8, 1] }
const names = Object.keys(shapes)
for (const [name, shape] of Object.entries(shapes)) builder.variable(name, shape)
declareAdam(builder, names)
builder.bytes('images', [100, 16, 16, 1])
const step = defineTrainStep(
  builder,
  { indices: { shape: [16], dtype: 'int32' }, seed: { shape: [2], dtype: 'int32' } },
  names,
  ({ indices, seed }, { images, filter, bias, back }) => {
    const x = kernels.gatherBytes(images as Tensor, indices)
    const noisy = tf.add(x, tf.mul(kernels.statelessNormal(x.shape, seed), 0.1))
    const h = kernels.biasAdd(kernels.conv2d(noisy, filter as Tensor), bias as Tensor)
    const y = kernels.conv2d(kernels.relu(h), back as Tensor)
    const value = kernels.meanSquaredError(y, x)
    return { value, parts: [value, kernels.squaredNorm(h)] }
  },
  { reads: ['images'] },
)
const program = builder.finish()
const start: State = new Map()
for (const [name, shape] of Object.entries(shapes)) {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  for (const slot of [`${name}/adam/m`, `${name}/adam/v`]) start.set(slot, { shape, data })
  start.set(name, { shape, data: data.map((_, i) => Math.sin(i) * 0.2) })
}
program.assign(start)
program.assignBytes(
  'images',
  Uint8Array.from({ length: 25_600 }, (_, i) => i),
)
const run = (from: number, to: number): void => {
  for (let count = from; count <= to; count++) {
    const places = Array.from({ length: 16 }, (_, i) => (count + 7 * i) % 100)
    const feeds = {
      indices: tf.tensor1d(places, 'int32'),
      seed: tf.tensor1d([1, count], 'int32'),
    }
    step(program, feeds, count, 1e-3)
    tf.dispose(feeds)
  }
}
const residentMemory = (): number => process.memoryUsage.rss() / (1 << 20)
run(1, 500)
const [tensors, memory] = [tf.memory().numTensors, residentMemory()]
run(501, 5000)
const kept = {
  tensors: tf.memory().numTensors - tensors,
  memory: (residentMemory() - memory) / 4.5,
}
console.log(JSON.stringify(kept))
