/**
 * The networks that the benches train, and one compiled step of each. The same networks, in the peers' own words, are
 * in `peers/training_keras.py` and `peers/training_pytorch.py`.
 */
import { declareAdam, defineTrainStep } from '../src/main/engine/runtime/adam'
import { halvesOf, itemsOf, meanLoss } from '../src/main/engine/runtime/halves'
import * as kernels from '../src/main/engine/runtime/kernels'
import type { Precision } from '../src/main/engine/runtime/precision'
import {
  ProgramBuilder,
  type InputSpec,
  type Program,
  type State,
} from '../src/main/engine/runtime/program'
import { tf, type Tensor } from '../src/main/engine/runtime/tensorflow'

/** What can be varied; a workload uses what it has a use for. */
export interface Size {
  /** Channels or units, as a multiple of the usual. */
  width: number
  batch: number
  /** Pixels a side of the (square) image. */
  side: number
}

type Parameters = (index: number) => Tensor
/** Where values enter and leave the part of a network that may run in bfloat16; parameters are cast already. */
interface Casts {
  enter: (x: Tensor) => Tensor
  leave: (x: Tensor) => Tensor
}
const casts: Record<Precision, Casts> = {
  float32: { enter: (x) => x, leave: (x) => x },
  bfloat16: { enter: kernels.toBfloat16, leave: kernels.toFloat32 },
}
export interface Workload {
  /** Steps that make one timed run. */
  repetitions: number
  usual: Size
  /** Shape of one item. */
  item: (size: Size) => number[]
  shapes: (size: Size) => number[][]
  loss: (size: Size, parameter: Parameters, casts: Casts, x: Tensor, seed: Tensor) => Tensor
}

const conv = (x: Tensor, w: Tensor, b: Tensor, stride: number): Tensor =>
  kernels.biasAdd(kernels.conv2d(x, w, { stride }), b)
const transposed = (x: Tensor, w: Tensor, b: Tensor): Tensor =>
  kernels.biasAdd(kernels.conv2dTranspose(x, w, { stride: 2 }), b)

/** Units of the hidden layers and of the code. */
const mlpWidths = ({ width, side }: Size): number[] => {
  const hidden = [256, 64, 32, 64, 256].map((units) => Math.round(units * width))
  return [side * side, ...hidden, side * side]
}

/** Two strided convolutions, a dense layer, the code of two numbers, and back: sides shrink by four. */
const convChannels = ({ width, side }: Size) => {
  const [first, second] = [Math.round(32 * width), Math.round(64 * width)]
  return { first, second, small: side / 4, flat: (side / 4) ** 2 * second }
}
const encoderShapes = (size: Size): number[][] => {
  const { first, second, flat } = convChannels(size)
  return [[3, 3, 1, first], [first], [3, 3, first, second], [second], [flat, 16], [16]]
}
const decoderShapes = (size: Size): number[][] => {
  const { first, second, flat } = convChannels(size)
  return [
    [2, flat],
    [flat],
    [3, 3, second, second],
    [second],
    [3, 3, first, second],
    [first],
    [3, 3, first, 1],
    [1],
  ]
}
function encode(p: Parameters, x: Tensor): Tensor {
  let h = kernels.relu(conv(x, p(0), p(1), 2))
  h = kernels.relu(conv(h, p(2), p(3), 2))
  h = kernels.reshapeItems(h, [p(4).shape[0] ?? 0])
  return kernels.relu(kernels.dense(h, p(4), p(5)))
}
/** Logits of the pixels; `from` is the decoder's first parameter. */
function decode(size: Size, p: Parameters, from: number, code: Tensor): Tensor {
  const { second, small } = convChannels(size)
  let h = kernels.relu(kernels.dense(code, p(from), p(from + 1)))
  h = kernels.reshapeItems(h, [small, small, second])
  h = kernels.relu(transposed(h, p(from + 2), p(from + 3)))
  h = kernels.relu(transposed(h, p(from + 4), p(from + 5)))
  return conv(h, p(from + 6), p(from + 7), 1)
}

const stackWidths = ({ width }: Size): number[] => [
  1,
  ...Array<number>(7).fill(Math.round(48 * width)),
  1,
]

export const workloads = {
  mlp: {
    repetitions: 40,
    usual: { width: 1, batch: 128, side: 28 },
    item: ({ side }) => [side * side],
    shapes: (size) => {
      const widths = mlpWidths(size)
      return widths.slice(1).flatMap((to, i) => [[widths[i] as number, to], [to]])
    },
    loss: (_, p, { enter, leave }, x) => {
      let h = enter(x)
      for (let i = 0; i < 6; i++) {
        h = kernels.dense(h, p(2 * i), p(2 * i + 1))
        if (i !== 2 && i !== 5) h = kernels.relu(h)
      }
      return kernels.meanSquaredError(kernels.sigmoid(leave(h)), x)
    },
  },
  'conv-autoencoder': {
    repetitions: 10,
    usual: { width: 1, batch: 128, side: 28 },
    item: ({ side }) => [side, side, 1],
    shapes: (size) => [...encoderShapes(size), [16, 2], [2], ...decoderShapes(size)],
    loss: (size, p, { enter, leave }, x) => {
      const code = kernels.dense(encode(p, enter(x)), p(6), p(7))
      return kernels.meanSquaredError(kernels.sigmoid(leave(decode(size, p, 8, code))), x)
    },
  },
  // loss, mean over the batch: Σ over pixels of the cross-entropy + ½ Σ (μ² + σ² − log σ² − 1)
  'conv-vae': {
    repetitions: 10,
    usual: { width: 1, batch: 128, side: 28 },
    item: ({ side }) => [side, side, 1],
    shapes: (size) => [...encoderShapes(size), [16, 2], [2], [16, 2], [2], ...decoderShapes(size)],
    loss: (size, p, { enter, leave }, x, seed) => {
      const h = encode(p, enter(x))
      const mean = leave(kernels.dense(h, p(6), p(7)))
      const logVariance = leave(kernels.dense(h, p(8), p(9)))
      const noise = kernels.statelessNormal([size.batch, 2], seed)
      const code = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise))
      const logits = leave(decode(size, p, 10, enter(code)))
      const reconstruction = kernels.sumSigmoidCrossEntropy(logits, x)
      const variances = tf.sub(tf.sub(tf.exp(logVariance), logVariance), 1)
      const divergence = tf.mul(tf.add(kernels.squaredNorm(mean), tf.sum(variances)), 0.5)
      return tf.div(tf.add(reconstruction, divergence), size.batch)
    },
  },
  denoiser: {
    repetitions: 4,
    usual: { width: 1, batch: 16, side: 48 },
    item: ({ side }) => [side, side, 1],
    shapes: (size) => {
      const widths = stackWidths(size)
      return widths.slice(1).flatMap((to, i) => [[3, 3, widths[i] as number, to], [to]])
    },
    loss: (_, p, { enter, leave }, x) => {
      let h = enter(x)
      for (let i = 0; i < 8; i++) {
        h = conv(h, p(2 * i), p(2 * i + 1), 1)
        if (i < 7) h = kernels.relu(h)
      }
      return kernels.meanSquaredError(leave(h), x)
    },
  },
} satisfies Record<string, Workload>
export type WorkloadName = keyof typeof workloads

/** Starting values: normal, of variance 2 / inputs, and zeros for biases and moments. The same for the same seed. */
function initialState(shapes: readonly number[][], seed: number): State {
  const state: State = new Map()
  shapes.forEach((shape, i) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const deviation = shape.length > 1 ? Math.sqrt(2 / (size / (shape.at(-1) as number))) : 0
    const values = tf.tidy(() =>
      kernels
        .statelessNormal([size], tf.tensor1d([seed, i], 'int32'))
        .mul(deviation)
        .dataSync(),
    )
    state.set(`p${i}`, { shape, data: Float32Array.from(values) })
    for (const moment of ['m', 'v'])
      state.set(`p${i}/adam/${moment}`, { shape, data: new Float32Array(size) })
  })
  return state
}

export interface Compiled {
  /** One step: its loss. The learning rate is 1e-3 unless said otherwise. */
  step: (feed: Tensor, rate?: number) => number
  program: Program
}

/**
 * The compiled step of a workload. It is fed a batch; or, where `items` is given, the int32 places of one in a data
 * set of so many images, the program's byte variable `images`.
 */
export function compile(
  name: WorkloadName,
  size: Size,
  precision: Precision = 'float32',
  items?: number,
  seed = 0,
): Compiled {
  const workload: Workload = workloads[name]
  const builder = new ProgramBuilder()
  const shapes = workload.shapes(size)
  const names = shapes.map((shape, i) => {
    builder.variable(`p${i}`, shape)
    return `p${i}`
  })
  declareAdam(builder, names)
  const item = workload.item(size)
  if (items !== undefined) builder.bytes('images', [items, ...item])
  const { enter, leave } = casts[precision]
  const feed: InputSpec =
    items === undefined ? { shape: [size.batch, ...item] } : { shape: [size.batch], dtype: 'int32' }
  const trainStep = defineTrainStep(
    builder,
    { feed, seed: { shape: [2], dtype: 'int32' } },
    names,
    ({ feed, seed }, p) => {
      // as `models/training.ts` does: the batch in halves, each with a seed of its own
      const losses = halvesOf(size.batch).map((half) => {
        const given = itemsOf(feed, half)
        const x = items === undefined ? given : kernels.gatherBytes(p['images'] as Tensor, given)
        const own = half.index === 0 ? seed : tf.add(seed, tf.tensor1d([1, 0], 'int32'))
        const part = { ...size, batch: half.count }
        const parameter = (i: number): Tensor => enter(p[`p${i}`] as Tensor)
        const value = workload.loss(part, parameter, { enter, leave }, x, own)
        return { value, parts: [] }
      })
      return meanLoss(losses)
    },
    { reads: items === undefined ? [] : ['images'] },
  )
  const program = builder.finish()
  program.assign(initialState(shapes, seed))
  let count = 0
  const step = (given: Tensor, rate = 1e-3): number => {
    const noiseSeed = tf.tensor1d([seed, ++count], 'int32')
    const { loss } = trainStep(program, { feed: given, seed: noiseSeed }, count, rate)
    noiseSeed.dispose()
    return loss
  }
  return { step, program }
}

/** A random batch for a workload. */
export const randomBatch = (name: WorkloadName, size: Size): Tensor =>
  tf.randomUniform([size.batch, ...workloads[name].item(size)])
