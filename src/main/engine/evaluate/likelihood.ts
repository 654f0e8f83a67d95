/**
 * The importance-weighted log-likelihood of a variational model with a Bernoulli decoder on binarised images
 * (Burda, Grosse, Salakhutdinov 2016): log p(x) ≈ log 1/K Σₖ p(x|zₖ) p(zₖ) / q(zₖ|x), zₖ ~ q(z|x), by log-sum-exp.
 * With K = 1 its expectation is the ELBO; it rises with K towards log p(x), from below in expectation.
 */
import { DarkroomError } from '../../../shared/errors'
import type { AutoencoderModel } from '../models/model'
import { builderOf, type TrainedAutoencoder } from '../models/openAutoencoder'
import * as kernels from '../runtime/kernels'
import type { Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { breathe, itemOf, sizeOf, type MeasureOptions } from './measuring'

/** Multiplications of one native call, about a tenth of a second on two cores: others get their turn. */
const CALL_MULTIPLICATIONS = 1e9
/** Values of one call's images. */
const CALL_VALUES = 1 << 21

export interface LikelihoodOptions extends MeasureOptions {
  /** [count, height, width, channels], every value 0 or 1. */
  images: Float32Array
  /** K. */
  samples: number
}

/** log 1/K Σ exp(wₖ) of K numbers, without overflow. */
export function logMeanExp(weights: ArrayLike<number>): number {
  let largest = -Infinity
  for (let k = 0; k < weights.length; k++) largest = Math.max(largest, weights[k] as number)
  let sum = 0
  for (let k = 0; k < weights.length; k++) sum += Math.exp((weights[k] as number) - largest)
  return largest + Math.log(sum / weights.length)
}

/**
 * log p(x|z) + log p(z) − log q(z|x) for z = μ + σ ⊙ ε, in nats: images [b, …], mean and logVariance [b, latent],
 * epsilon [b, s, latent] → [b, s]. The constants of the two normal densities cancel.
 */
export function logWeights(
  model: AutoencoderModel,
  parameters: Variables,
  given: { images: Tensor; mean: Tensor; logVariance: Tensor; epsilon: Tensor },
): Tensor {
  const { images, mean, logVariance, epsilon } = given
  const [b, s, latent] = epsilon.shape as [number, number, number]
  const across = (x: Tensor): Tensor => tf.reshape(x, [b, 1, latent])
  const z = tf.add(across(mean), tf.mul(tf.exp(tf.mul(across(logVariance), 0.5)), epsilon))
  const logits = model.decode(parameters, tf.reshape(z, [b * s, latent]), {})
  const pixels = images.size / b
  // log p(x|z) = Σ xl − log(1 + eˡ): the first sum is a product of matrices
  const chosen = tf.matMul(tf.reshape(logits, [b, s, pixels]), tf.reshape(images, [b, pixels, 1]))
  const partition = tf.sum(kernels.softplus(tf.reshape(logits, [b * s, pixels])), 1)
  const likelihood = tf.sub(tf.reshape(chosen, [b, s]), tf.reshape(partition, [b, s]))
  const prior = tf.sum(tf.square(z), 2)
  const posterior = tf.add(tf.sum(tf.square(epsilon), 2), tf.sum(across(logVariance), 2))
  return tf.add(likelihood, tf.mul(tf.sub(posterior, prior), 0.5))
}

/** Multiplications of decoding one code. */
function decodingCost({ parameters, shape }: AutoencoderModel): number {
  let cost = 0
  for (const [name, { shape: sides }] of parameters) {
    if (!/^decoder\/.*(weights|filter)$/.test(name)) continue
    const depth = Number(/convolution(\d+)/.exec(name)?.[1] ?? NaN)
    const shrunk = (side: number): number => Math.ceil(side / 2 ** (depth + 1))
    const places = Number.isNaN(depth) ? 1 : shrunk(shape.height) * shrunk(shape.width)
    cost += places * sizeOf(sides)
  }
  return Math.max(1, cost)
}

/** How many images, and how many samples of each, go into one call: by the model alone, so that a seed fixes all. */
function callShape(model: AutoencoderModel, samples: number): { images: number; samples: number } {
  const pixels = sizeOf(itemOf(model.shape))
  const cost = decodingCost(model)
  const codes = Math.max(1, Math.floor(Math.min(CALL_MULTIPLICATIONS / cost, CALL_VALUES / pixels)))
  const perImage = Math.min(samples, codes)
  return { images: Math.max(1, Math.floor(codes / perImage)), samples: perImage }
}

interface LikelihoodProgram {
  call: { images: number; samples: number }
  /** μ and log σ² of images [n, …]. */
  encode(images: Float32Array): Encoded
  /** log weights [call.images, call.samples] of images [call.images, …]. */
  weigh(images: Float32Array, encoded: Encoded, seed: [number, number]): Float32Array
  close(): void
}

interface Encoded {
  mean: Float32Array
  logVariance: Float32Array
}

function likelihoodProgram(trained: TrainedAutoencoder, samples: number): LikelihoodProgram {
  const { latent } = trained.config
  const { model, builder, names } = builderOf(trained)
  const call = callShape(model, samples)
  const item = itemOf(model.shape)
  const encoder = builder.define(
    { images: { shape: [2, ...item], free: [0] } },
    names,
    ({ images }, parameters) => {
      const { code, logVariance } = model.encode(parameters, images, {})
      return [code, logVariance as Tensor]
    },
  )
  const weigher = builder.define(
    {
      images: { shape: [call.images, ...item] },
      mean: { shape: [call.images, latent] },
      logVariance: { shape: [call.images, latent] },
      seed: { shape: [2], dtype: 'int32' },
    },
    names,
    ({ images, mean, logVariance, seed }, parameters) => {
      const epsilon = kernels.statelessNormal([call.images, call.samples, latent], seed)
      return [logWeights(model, parameters, { images, mean, logVariance, epsilon })]
    },
  )
  const program = builder.finish()
  return {
    call,
    encode(images) {
      const shape = [images.length / sizeOf(item), ...item]
      const inputs = { images: tf.tensor(images, shape) }
      const [mean, logVariance] = program.calculate(encoder, inputs)
      return { mean, logVariance } as Encoded
    },
    weigh(images, { mean, logVariance }, seed) {
      const [weights] = program.calculate(weigher, {
        images: tf.tensor(images, [call.images, ...item]),
        mean: tf.tensor(mean, [call.images, latent]),
        logVariance: tf.tensor(logVariance, [call.images, latent]),
        seed: tf.tensor1d(seed, 'int32'),
      })
      return weights as Float32Array
    },
    close: () => program.close(),
  }
}

/** Rows `from` to `to`, and zeros that nobody reads where there are fewer than `rows`. */
function rowsOf(
  values: Float32Array,
  width: number,
  { from, to, rows }: { from: number; to: number; rows: number },
): Float32Array {
  const taken = new Float32Array(rows * width)
  taken.set(values.subarray(from * width, to * width))
  return taken
}

/**
 * Log-likelihoods in nats, one an image.
 * @throws DarkroomError `model-unsuitable` for a model without q(z|x) or a Bernoulli decoder, `cancelled`
 */
export async function logLikelihoods(
  trained: TrainedAutoencoder,
  options: LikelihoodOptions,
): Promise<Float64Array> {
  const { config, shape } = trained
  const { images, samples, seed } = options
  if (config.kind !== 'variational' || config.loss !== 'cross-entropy') {
    const reason = 'model-without-likelihood'
    throw new DarkroomError('model-unsuitable', reason, { reason })
  }
  const size = sizeOf(itemOf(shape))
  const count = images.length / size
  const program = likelihoodProgram(trained, samples)
  const { call } = program
  const found = new Float64Array(count)
  let calls = 0
  try {
    for (let from = 0; from < count; from += call.images) {
      const to = Math.min(count, from + call.images)
      const group = rowsOf(images, size, { from, to, rows: call.images })
      const encoded = program.encode(group)
      const weights = Array.from({ length: to - from }, () => new Float32Array(samples))
      for (let start = 0; start < samples; start += call.samples, calls++) {
        await breathe(options, (from + ((to - from) * start) / samples) / count)
        const values = program.weigh(group, encoded, [seed, calls])
        const taken = Math.min(call.samples, samples - start)
        weights.forEach((all, i) =>
          all.set(values.subarray(i * call.samples, i * call.samples + taken), start),
        )
      }
      weights.forEach((all, i) => (found[from + i] = logMeanExp(all)))
    }
  } finally {
    program.close()
  }
  options.onProgress?.(1)
  return found
}
