/**
 * How good an autoencoder is, measured once on images that it was not trained on (`principles.md`, 'Measures').
 *
 * Squared error is averaged over pixels and images, the output in [0, 1]; cross-entropy is from logits, in nats per
 * image, summed over pixels. A variational model is measured with one z ~ q(z|x) per image, and β is always 1. Its
 * ELBO, −(cross-entropy + KL), exists on binarised images only: on grey ones no probability has these values.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import type { Noise } from '../../../shared/types'
import { corruptImages } from '../data/corruptImages'
import { corrupted, needsCorruptedImages } from '../models/denoising'
import { reconstructionPerImage } from '../models/reconstruction'
import { divergence, reparameterise } from '../models/variational'
import { gaussianField, hashSeed } from '../noise'
import { builderOf, type TrainedAutoencoder } from '../models/openAutoencoder'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'
import { breathe, itemOf, sizeOf, type MeasureOptions } from './measuring'
import { UnitMoments } from '../latent/unitMoments'
import { valuesOf } from '../data/values'

/** Images of one native call, fewer where they are large. */
const BATCH = 250
const LARGEST_BATCH = 1 << 20

export interface AutoencoderMeasures {
  images: number
  mse: number
  bce: number
  /** Of variational models, in nats per image. */
  kl: number | null
  elbo: number | null
  /** Code values whose mean varies over the images: Var μⱼ > 0.01. */
  activeUnits: number
  sparsity: Sparsity | null
  denoising: Denoising | null
}

export interface Sparsity {
  /** The mean over the code values of their mean activation ρ̂ⱼ. */
  meanActivation: number
  /** The share of code values with ρ̂ⱼ in [ρ/2, 2ρ]; null where the penalty has no ρ. */
  unitsNearTarget: number | null
}

/** One value per image, then the mean; noise is not clipped. JPEG, which only exists as bytes, is. */
export interface Denoising {
  corruption: Noise
  psnr: number
  noisyPsnr: number
}

export interface AutoencoderEvaluation extends MeasureOptions {
  /** [count, height, width, channels]. */
  images: Uint8Array
  /** Whether every value is 0 or 255. */
  binary: boolean
}

/**
 * Measures a model.
 * @throws DarkroomError `model-damaged`, `cancelled`; for JPEG what the codec throws
 */
export async function evaluateAutoencoder(
  trained: TrainedAutoencoder,
  evaluation: AutoencoderEvaluation,
): Promise<AutoencoderMeasures> {
  const { config, shape } = trained
  const { seed, images, binary } = evaluation
  const item = itemOf(shape)
  const size = sizeOf(item)
  const count = images.length / size
  const { program, measure } = measuringProgram(trained)
  const prepared = needsCorruptedImages(config)
    ? await corruptedBeforehand(trained, evaluation, count)
    : null
  const batch = Math.max(1, Math.min(BATCH, Math.floor(LARGEST_BATCH / size)))
  const sums = { mse: 0, bce: 0, kl: 0, psnr: 0, noisyPsnr: 0 }
  const units = new UnitMoments(config.latent)
  try {
    for (let at = 0; at < count; at += batch) {
      await breathe(evaluation, at / count)
      const rows = Math.min(batch, count - at)
      const part = (bytes: Uint8Array): Float32Array =>
        valuesOf(bytes.subarray(at * size, (at + rows) * size))
      const clean = part(images)
      const shown = prepared ? part(prepared) : shownOf(config, clean, [rows, ...item], [seed, at])
      const found = measure(clean, shown, epsilonOf(config, rows, seed, at))
      for (let i = 0; i < rows; i++) {
        sums.mse += found.mse[i] as number
        sums.bce += found.bce[i] as number
        sums.kl += found.kl?.[i] ?? 0
        sums.psnr += decibels(found.mse[i] as number)
        sums.noisyPsnr += decibels(found.noisyMse[i] as number)
      }
      units.add(found.codes)
    }
  } finally {
    program.close()
  }
  evaluation.onProgress?.(1)
  const mean = (sum: number): number => sum / count
  const kl = config.kind === 'variational' ? mean(sums.kl) : null
  return {
    images: count,
    mse: mean(sums.mse),
    bce: mean(sums.bce),
    kl,
    elbo: kl !== null && binary && config.loss === 'cross-entropy' ? -mean(sums.bce) - kl : null,
    activeUnits: units.active(),
    sparsity: config.kind === 'sparse' ? sparsityOf(config, units.means()) : null,
    denoising:
      config.kind === 'denoising'
        ? {
            corruption: config.corruption,
            psnr: mean(sums.psnr),
            noisyPsnr: mean(sums.noisyPsnr),
          }
        : null,
  }
}

interface BatchMeasures {
  mse: Float32Array
  bce: Float32Array
  noisyMse: Float32Array
  kl: Float32Array | null
  codes: Float32Array
}

/** The program that measures a batch of any size, one value an image. */
function measuringProgram(trained: TrainedAutoencoder) {
  const { config, shape } = trained
  const { model, builder, names } = builderOf(trained)
  const item = itemOf(shape)
  const variational = config.kind === 'variational'
  const meanSquare = (a: Tensor, b: Tensor): Tensor =>
    tf.mean(tf.squaredDifference(a, b), [1, 2, 3])
  const traced = builder.define(
    {
      clean: { shape: [2, ...item], free: [0] },
      shown: { shape: [2, ...item], free: [0] },
      epsilon: { shape: [2, config.latent], free: [0] },
    },
    names,
    ({ clean, shown, epsilon }, parameters) => {
      const { code, logVariance } = model.encode(parameters, shown, {})
      const z = logVariance ? reparameterise(code, logVariance, epsilon) : code
      const logits = model.decode(parameters, z, {})
      return [
        meanSquare(kernels.sigmoid(logits), clean),
        reconstructionPerImage('cross-entropy', logits, clean),
        meanSquare(shown, clean),
        code,
        ...(logVariance ? [divergence(code, logVariance)] : []),
      ]
    },
  )
  const program = builder.finish()
  const measure = (
    clean: Float32Array,
    shown: Float32Array,
    epsilon: Float32Array,
  ): BatchMeasures => {
    const rows = epsilon.length / config.latent
    const [mse, bce, noisyMse, codes, kl] = program.calculate(traced, {
      clean: tf.tensor(clean, [rows, ...item]),
      shown: tf.tensor(shown, [rows, ...item]),
      epsilon: tf.tensor(epsilon, [rows, config.latent]),
    })
    return { mse, bce, noisyMse, codes, kl: variational ? kl : null } as BatchMeasures
  }
  return { program, measure }
}

/** ε of the images from `at` on, standard normal; zeros where nothing is drawn. */
function epsilonOf(
  { kind, latent }: AutoencoderConfig,
  rows: number,
  seed: number,
  at: number,
): Float32Array {
  if (kind !== 'variational') return new Float32Array(rows * latent)
  return gaussianField(rows * latent, hashSeed(seed, `codes from ${at}`))
}

/** What the encoder is shown of clean values. */
function shownOf(
  config: AutoencoderConfig,
  clean: Float32Array,
  shape: number[],
  seed: [number, number],
): Float32Array {
  if (config.kind !== 'denoising') return clean
  const noisy = tf.tidy(() =>
    corrupted(config, tf.tensor(clean, shape), tf.tensor1d(seed, 'int32')),
  )
  const values = Float32Array.from(noisy.dataSync())
  noisy.dispose()
  return values
}

/** The images with a corruption that cannot be traced: JPEG, and mixes with it. */
function corruptedBeforehand(
  { config, shape }: TrainedAutoencoder,
  { images, seed, signal }: AutoencoderEvaluation,
  count: number,
): Promise<Uint8Array> {
  const { corruption } = config as Extract<AutoencoderConfig, { kind: 'denoising' }>
  const sides = { ...shape, count, channels: shape.channels as 1 | 3 }
  return corruptImages(images, sides, corruption, seed, signal ? { signal } : {})
}

/** PSNR of a mean squared error on [0, 1]; of none at all that of a millionth of a grey level. */
const decibels = (mse: number): number => -10 * Math.log10(Math.max(mse, (1e-6 / 255) ** 2))

function sparsityOf(
  { penalty, target }: Extract<AutoencoderConfig, { kind: 'sparse' }>,
  means: Float64Array,
): Sparsity {
  const near = means.filter((mean) => mean >= target / 2 && mean <= target * 2).length
  return {
    meanActivation: means.reduce((a, b) => a + b, 0) / means.length,
    unitsNearTarget: penalty === 'kl' ? near / means.length : null,
  }
}
