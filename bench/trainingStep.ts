/**
 * Milliseconds per training step of three workloads, ours beside Keras (TensorFlow, graph mode) and PyTorch:
 * same network, same batch, same threads, alternating runs; the figure is the median of the pairwise ratios.
 * Usage: npm run bench:training -- [pairs]
 */
import { declareAdam, defineTrainStep } from '../src/main/engine/runtime/adam'
import { threads } from '../src/main/engine/runtime/environment'
import * as kernels from '../src/main/engine/runtime/kernels'
import { ProgramBuilder, type State, type Variables } from '../src/main/engine/runtime/program'
import { tf, type Tensor } from '../src/main/engine/runtime/tensorflow'
import { median, Peer } from './peer'

const BATCH = 128

type Layer = (x: Tensor, filter: Tensor, bias: Tensor) => Tensor
interface Workload {
  repetitions: number
  input: number[]
  shapes: number[][]
  forward: (parameter: (index: number) => Tensor, x: Tensor) => Tensor
}

const dense: Layer = (x, w, b) => kernels.biasAdd(tf.matMul(x, w), b)
const conv =
  (stride: number): Layer =>
  (x, w, b) =>
    kernels.biasAdd(kernels.conv2d(x, w, { stride }), b)
const transposed: Layer = (x, w, b) =>
  kernels.biasAdd(kernels.conv2dTranspose(x, w, { stride: 2 }), b)

const widths = [784, 256, 64, 32, 64, 256, 784]
const stack = [1, 48, 48, 48, 48, 48, 48, 48, 1]
const workloads: Record<string, Workload> = {
  mlp: {
    repetitions: 40,
    input: [BATCH, 784],
    shapes: widths.slice(1).flatMap((to, i) => [[widths[i] as number, to], [to]]),
    forward: (p, x) => {
      const activations = [
        kernels.relu,
        kernels.relu,
        (y: Tensor) => y,
        kernels.relu,
        kernels.relu,
        kernels.sigmoid,
      ]
      return activations.reduce((h, activate, i) => activate(dense(h, p(2 * i), p(2 * i + 1))), x)
    },
  },
  'conv-autoencoder': {
    repetitions: 10,
    input: [BATCH, 28, 28, 1],
    shapes: [
      [3, 3, 1, 32],
      [32],
      [3, 3, 32, 64],
      [64],
      [3136, 16],
      [16],
      [16, 2],
      [2],
      [2, 3136],
      [3136],
      [3, 3, 64, 64],
      [64],
      [3, 3, 32, 64],
      [32],
      [3, 3, 32, 1],
      [1],
    ],
    forward: (p, x) => {
      let h = kernels.relu(conv(2)(x, p(0), p(1)))
      h = tf.reshape(kernels.relu(conv(2)(h, p(2), p(3))), [BATCH, 3136])
      h = dense(kernels.relu(dense(h, p(4), p(5))), p(6), p(7))
      h = tf.reshape(kernels.relu(dense(h, p(8), p(9))), [BATCH, 7, 7, 64])
      h = kernels.relu(transposed(h, p(10), p(11)))
      h = kernels.relu(transposed(h, p(12), p(13)))
      return kernels.sigmoid(conv(1)(h, p(14), p(15)))
    },
  },
  denoiser: {
    repetitions: 4,
    input: [16, 48, 48, 1],
    shapes: stack.slice(1).flatMap((to, i) => [[3, 3, stack[i] as number, to], [to]]),
    forward: (p, x) => {
      let h = x
      for (let i = 0; i < 8; i++) {
        h = conv(1)(h, p(2 * i), p(2 * i + 1))
        if (i < 7) h = kernels.relu(h)
      }
      return h
    },
  },
}

/** One compiled step of a workload, on the same random batch every time. */
function compile({ input, shapes, forward }: Workload): () => void {
  const builder = new ProgramBuilder()
  const names = shapes.map((shape, i) => {
    builder.variable(`p${i}`, shape)
    return `p${i}`
  })
  declareAdam(builder, names)
  const step = defineTrainStep(builder, { x: { shape: input } }, names, ({ x }, p: Variables) =>
    kernels.meanSquaredError(
      forward((i) => p[`p${i}`] as Tensor, x),
      x,
    ),
  )
  const program = builder.finish()
  const state: State = new Map()
  shapes.forEach((shape, i) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const deviation = shape.length > 1 ? Math.sqrt(2 / (size / (shape.at(-1) as number))) : 0
    state.set(`p${i}`, {
      shape,
      data: tf.tidy(() => Float32Array.from(tf.randomNormal([size], 0, deviation).dataSync())),
    })
    for (const moment of ['m', 'v'])
      state.set(`p${i}/adam/${moment}`, { shape, data: new Float32Array(size) })
  })
  program.assign(state)
  const x = tf.randomUniform(input)
  let count = 0
  return () => void step(program, { x }, ++count, 1e-3)
}

async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? 9)
  const peers = [
    new Peer('Keras', 'training_keras.py', threads),
    new Peer('PyTorch', 'training_pytorch.py', threads),
  ]
  console.log(`${threads} threads, ${pairs} alternating runs, milliseconds per step (median)`)
  for (const [name, workload] of Object.entries(workloads)) {
    const step = compile(workload)
    for (let i = 0; i < 10; i++) step()
    for (const peer of peers) await peer.time(name)
    const ours: number[] = []
    const theirs = peers.map(() => [] as number[])
    for (let run = 0; run < pairs; run++) {
      const begun = performance.now()
      for (let i = 0; i < workload.repetitions; i++) step()
      ours.push((performance.now() - begun) / workload.repetitions)
      for (const [k, peer] of peers.entries()) (theirs[k] as number[]).push(await peer.time(name))
    }
    const ratios = ours.map(
      (own, run) => own / Math.min(...theirs.map((times) => times[run] as number)),
    )
    const columns = peers.map(
      (peer, k) => `${peer.name} ${median(theirs[k] as number[]).toFixed(2)}`,
    )
    console.log(
      `${name}: ours ${median(ours).toFixed(2)}, ${columns.join(', ')}; ratio to the faster ${median(ratios).toFixed(2)}`,
    )
  }
  peers.forEach((peer) => peer.close())
}

void main()
