/**
 * The training program of an autoencoder: train step, validation and preview over one set of weights, in one graph.
 * The data set lies in the session as bytes, so that a step is fed places, a seed and β, and nothing else.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import { pixelsOf, type ImageShape } from '../networks/autoencoder'
import type { ParameterSpecs } from '../networks/parameters'
import {
  adamSlots,
  declareAdam,
  defineTrainStep,
  type AdamOptions,
  type StepReport,
} from '../runtime/adam'
import { halvesOf, itemsOf, meanLoss } from '../runtime/halves'
import * as kernels from '../runtime/kernels'
import type { Precision } from '../runtime/precision'
import { ProgramBuilder, type Program, type State, type Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { corrupted, needsCorruptedImages } from './denoising'
import { modelOf } from './index'
import { halfSeed, streamSeed, type AutoencoderModel } from './model'
import { lossOf, reconstructionPerImage } from './reconstruction'

export interface AutoencoderTrainingOptions {
  config: AutoencoderConfig
  shape: ImageShape
  /** How many images the data set has. */
  images: number
  batch: number
  /** Images of one call of {@link AutoencoderTraining.validate}. */
  validationBatch: number
  adam: AdamOptions
  precision: Precision
  /** Pixels become Bernoulli draws of their brightness. */
  binarise: boolean
  /** Whether each step is fed a transform for each image. */
  augmented: boolean
}

/** What a step is fed. */
export interface StepFeeds {
  /** Places in the data set, one for each image of the batch. */
  indices: Int32Array
  /** An int32 pair that all of the step's random numbers depend on. */
  seed: readonly [number, number]
  /** What the penalty is multiplied by in this step. */
  weight: number
  /** [batch, 8], see `data/augment`; null without augmentation. */
  transforms: Float32Array | null
}

/** Sums over the images of one call: of the reconstruction's loss, the penalty, and the squared error per pixel. */
export interface ValidationSums {
  reconstruction: number
  penalty: number | null
  mse: number
}

/** What a model makes of a few images: each [count, height, width, channels] in 0–1, codes [count, latent]. */
export interface Reconstructions {
  inputs: Float32Array
  outputs: Float32Array
  clean: Float32Array
  codes: Float32Array
}

export interface AutoencoderTraining {
  model: AutoencoderModel
  program: Program
  parameters: ParameterSpecs
  /** One step; `step` counts from 1. `parts` of the report are [reconstruction, penalty?]. */
  step(feeds: StepFeeds, step: number, rate: number): StepReport
  /** Measures images, with random numbers that depend on the seed alone. `indices` may be fewer than the batch. */
  validate(indices: Int32Array, seed: readonly [number, number]): ValidationSums
  /** Shows what the model makes of images; as {@link validate}. */
  reconstruct(indices: Int32Array, seed: readonly [number, number]): Reconstructions
  close(): void
}

const IMAGES = 'data/images'
const CORRUPTED = 'data/corrupted'

/** Moments at their start: zeros of each parameter's shape. */
export function zeroMoments(parameters: ParameterSpecs): State {
  const state: State = new Map()
  for (const [name, { shape }] of parameters) {
    const size = shape.reduce((a, b) => a * b, 1)
    for (const slot of adamSlots(name)) state.set(slot, { shape, data: new Float32Array(size) })
  }
  return state
}

/** Fewer indices than a batch are filled up by going round: the rest of the result is not read. */
function filled(indices: Int32Array, batch: number): Int32Array {
  return Int32Array.from({ length: batch }, (_, i) => indices[i % indices.length] as number)
}

const sumOf = (values: Float32Array | Int32Array | Uint8Array, count: number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[i] as number
  return sum
}

/** The outputs of the halves, one after the other. */
const joined = (halves: Tensor[][]): Tensor[] =>
  halves.length === 1
    ? (halves[0] as Tensor[])
    : (halves[0] as Tensor[]).map((_, k) => tf.concat(halves.map((half) => half[k] as Tensor)))

/**
 * Builds the program. The caller then assigns weights, moments ({@link zeroMoments}) and the data set
 * ({@link assignImages}).
 */
export function buildAutoencoderTraining(options: AutoencoderTrainingOptions): AutoencoderTraining {
  const { config, shape, images, batch, validationBatch, adam, precision, binarise, augmented } =
    options
  const model = modelOf(config, shape)
  const { parameters } = model
  const names = [...parameters.keys()]
  const item = [shape.height, shape.width, shape.channels]
  const builder = new ProgramBuilder()
  for (const [name, spec] of parameters) builder.variable(name, spec.shape)
  declareAdam(builder, names)
  builder.bytes(IMAGES, [images, ...item])
  const prepared = needsCorruptedImages(config)
  if (prepared) builder.bytes(CORRUPTED, [images, ...item])
  const data = prepared ? [IMAGES, CORRUPTED] : [IMAGES]

  /** Clean images and what the encoder is shown of them. */
  const batchOf = (
    variables: Variables,
    indices: Tensor,
    seed: Tensor,
    transforms: Tensor | null,
  ): { clean: Tensor; shown: Tensor } => {
    const read = (name: string): Tensor => {
      const values = kernels.gatherBytes(variables[name] as Tensor, indices)
      return transforms ? kernels.projectiveTransform(values, transforms) : values
    }
    const grey = read(IMAGES)
    const clean = binarise ? bernoulli(grey, seed) : grey
    const shown = prepared ? read(CORRUPTED) : corrupted(config, clean, seed)
    return { clean, shown }
  }

  const fedTransforms: Record<string, { shape: number[] }> = augmented
    ? { transforms: { shape: [batch, 8] } }
    : {}
  const trainStep = defineTrainStep(
    builder,
    {
      indices: { shape: [batch], dtype: 'int32' as const },
      seed: { shape: [2], dtype: 'int32' as const },
      weight: { shape: [] as number[] },
      ...fedTransforms,
    },
    names,
    (inputs, variables) => {
      const transforms = (inputs as Record<string, Tensor>)['transforms'] ?? null
      return meanLoss(
        halvesOf(batch, model.separable).map((half) => {
          const indices = itemsOf(inputs.indices, half)
          const seed = halfSeed(inputs.seed, half.index)
          const given = transforms && itemsOf(transforms, half)
          const { clean, shown } = batchOf(variables, indices, seed, given)
          const between = dropout(config.dropout, seed)
          const pass = model.pass({
            parameters: variables,
            images: shown,
            seed,
            options: { precision, ...(between ? { between } : {}) },
          })
          const { value, reconstruction, penalty } = lossOf(config.loss, pass, clean, inputs.weight)
          return { value, parts: penalty ? [reconstruction, penalty] : [reconstruction] }
        }),
      )
    },
    { ...adam, reads: data },
  )

  const measured = builder.define(
    {
      indices: { shape: [validationBatch], dtype: 'int32' },
      seed: { shape: [2], dtype: 'int32' },
    },
    [...names, ...data],
    (inputs, variables) => {
      const halves = halvesOf(validationBatch, model.separable).map((half) => {
        const seed = halfSeed(inputs.seed, half.index)
        const { clean, shown } = batchOf(variables, itemsOf(inputs.indices, half), seed, null)
        const pass = model.pass({ parameters: variables, images: shown, seed, options: {} })
        const outputs = kernels.sigmoid(pass.logits)
        const error = tf.sum(tf.squaredDifference(outputs, clean), [1, 2, 3])
        return [
          reconstructionPerImage(config.loss, pass.logits, clean),
          tf.div(error, pixelsOf(shape)),
          ...(pass.penalty ? [pass.penalty] : []),
        ]
      })
      return joined(halves)
    },
  )
  const shownOutputs = builder.define(
    {
      indices: { shape: [validationBatch], dtype: 'int32' },
      seed: { shape: [2], dtype: 'int32' },
    },
    [...names, ...data],
    ({ indices, seed }, variables) => {
      const { clean, shown } = batchOf(variables, indices, seed, null)
      const pass = model.pass({ parameters: variables, images: shown, seed: null, options: {} })
      return [tf.add(shown, 0), kernels.sigmoid(pass.logits), tf.add(clean, 0), pass.code]
    },
  )
  const program = builder.finish()

  const run = (
    traced: typeof measured,
    indices: Int32Array,
    seed: readonly [number, number],
  ): Float32Array[] => {
    const feeds = {
      indices: tf.tensor1d(filled(indices, validationBatch), 'int32'),
      seed: tf.tensor1d([...seed], 'int32'),
    }
    return program.calculate(traced, feeds)
  }

  return {
    model,
    program,
    parameters,
    step(given, step, rate) {
      const feeds = {
        indices: tf.tensor1d(given.indices, 'int32'),
        seed: tf.tensor1d([...given.seed], 'int32'),
        weight: tf.scalar(given.weight),
        ...(given.transforms ? { transforms: tf.tensor2d(given.transforms, [batch, 8]) } : {}),
      }
      const report = trainStep(program, feeds, step, rate)
      tf.dispose(feeds)
      return report
    },
    validate(indices, seed) {
      const [reconstruction, mse, penalty] = run(measured, indices, seed) as [
        Float32Array,
        Float32Array,
        Float32Array | undefined,
      ]
      const count = indices.length
      const penalties = (): number =>
        penalty?.length === 1
          ? count * (penalty[0] as number)
          : sumOf(penalty as Float32Array, count)
      return {
        reconstruction: sumOf(reconstruction, count),
        penalty: penalty ? penalties() : null,
        mse: sumOf(mse, count),
      }
    },
    reconstruct(indices, seed) {
      const [inputs, outputs, clean, codes] = run(shownOutputs, indices, seed) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ]
      const pixels = indices.length * pixelsOf(shape)
      return {
        inputs: inputs.subarray(0, pixels),
        outputs: outputs.subarray(0, pixels),
        clean: clean.subarray(0, pixels),
        codes: codes.subarray(0, indices.length * config.latent),
      }
    },
    close: () => program.close(),
  }
}

/** Puts the data set into the session; `corruptedImages` too where the model needs them made beforehand. */
export function assignImages(
  training: AutoencoderTraining,
  images: Uint8Array,
  corruptedImages: Uint8Array | null,
): void {
  training.program.assignBytes(IMAGES, images)
  if (corruptedImages) training.program.assignBytes(CORRUPTED, corruptedImages)
}

/** 1 with probability x, else 0, for each pixel x. `seed` is the step's. */
export function bernoulli(images: Tensor, seed: Tensor): Tensor {
  const u = kernels.statelessUniform(images.shape, streamSeed(seed, 'pixels'))
  return tf.cast(tf.less(u, images), 'float32')
}

/**
 * Inverted dropout (Srivastava et al. 2014): each hidden unit is 0 with probability p, else divided by 1 − p.
 * Null where p is 0.
 */
function dropout(share: number, seed: Tensor): ((hidden: Tensor, index: number) => Tensor) | null {
  if (share === 0) return null
  return (hidden, index) => {
    const u = kernels.statelessUniform(hidden.shape, streamSeed(seed, 'dropout', index + 1))
    return tf.mul(hidden, tf.mul(tf.cast(tf.greaterEqual(u, share), 'float32'), 1 / (1 - share)))
  }
}
