/** The photo denoiser as a model: its training program, and its runner for inference. */
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import {
  photoDenoiser,
  photoDenoiserConfig,
  photoDenoiserParameters,
  receptiveRadius,
  sideMultiple,
  type PhotoDenoiserConfig,
  zeroBiases,
} from '../networks/photoDenoiser'
import { declareAdam, defineTrainStep, type AdamOptions, type StepReport } from '../runtime/adam'
import { halvesOf, itemsOf, meanLoss } from '../runtime/halves'
import * as kernels from '../runtime/kernels'
import { halfSeed } from './model'
import { inferencePrecision, type Precision } from '../runtime/precision'
import { ProgramBuilder, type Program, type State } from '../runtime/program'
import { defineSideBySide } from '../runtime/sideBySide'
import { tensorflowVersion, tf, type Tensor } from '../runtime/tensorflow'

/** Runs a denoiser on whole tiles. One native call each, synchronous; the caller decides where to cut. */
export interface DenoiserRunner {
  readonly channels: 1 | 3
  /** Sides of what it reads must be multiples of this. */
  readonly multiple: number
  /** How far, in pixels, an input pixel can change the output: an overlap of this much makes tiles exact. */
  readonly radius: number
  /**
   * @param noisy height · width · channels values, 0–1 is black to white, noise may exceed them
   * @param level σ on the 0–255 scale, one for all or one for each 2 × 2 pixels, row by row
   * @returns the denoised values, not clipped
   */
  run(noisy: Float32Array, height: number, width: number, level: TileLevel): Float32Array
  /** The same for two of one size, side by side. */
  runBoth(
    noisy: [Float32Array, Float32Array],
    height: number,
    width: number,
    levels: [TileLevel, TileLevel],
  ): [Float32Array, Float32Array]
  close(): void
}
type TileLevel = number | Float32Array

/** A level map for the unshuffled image: σ as a share of white at every place. */
function levelMap(height: number, width: number, level: TileLevel): Tensor {
  const shape: [number, number, number, number] = [1, height / 2, width / 2, 1]
  if (typeof level === 'number') return tf.fill(shape, level / 255)
  return tf.tensor4d(
    level.map((sigma) => sigma / 255),
    shape,
  )
}

/**
 * Opens a denoiser for inference: one graph with the weights in it, which takes images of any size.
 * @throws DarkroomError `model-damaged` when config or weights are not what the network needs
 */
export function openDenoiser(
  model: { config: unknown; weights: State },
  precision: Precision = inferencePrecision(tensorflowVersion),
): DenoiserRunner {
  const config = checkedDenoiser(model)
  const trained = [...photoDenoiserParameters(config).keys()]
  const constants = new Map([
    ...trained.map(
      (name) => [name, model.weights.get(name) as { shape: number[]; data: Float32Array }] as const,
    ),
    ...zeroBiases(config),
  ])
  const multiple = sideMultiple(config)
  const builder = new ProgramBuilder()
  for (const [name, value] of constants) builder.constant(name, value)
  const side = multiple * 2 // any size would do to trace with
  const denoise = defineSideBySide(
    builder,
    {
      noisy: { shape: [1, side, side, config.channels], free: [1, 2] },
      level: { shape: [1, side / 2, side / 2, 1], free: [1, 2] },
    },
    [...constants.keys()],
    ({ noisy, level }, parameters) => [
      photoDenoiser(config, parameters, noisy as Tensor, level as Tensor, precision),
    ],
  )
  const program = builder.finish()
  const run = (
    tiles: Float32Array[],
    height: number,
    width: number,
    levels: TileLevel[],
  ): Float32Array[] => {
    if (height % multiple || width % multiple) {
      throw new Error(
        `Expected sides that are multiples of ${multiple}. Received ${width} × ${height}.`,
      )
    }
    const things = tiles.map((tile, k) => ({
      noisy: tf.tensor4d(tile, [1, height, width, config.channels]),
      level: levelMap(height, width, levels[k] as TileLevel),
    }))
    return denoise.run(program, things).map(([denoised]) => denoised as Float32Array)
  }
  return {
    channels: config.channels,
    multiple,
    radius: receptiveRadius(config),
    run: (noisy, height, width, level) => run([noisy], height, width, [level])[0] as Float32Array,
    runBoth: (noisy, ...rest) => run(noisy, ...rest) as [Float32Array, Float32Array],
    close: () => program.close(),
  }
}

/**
 * The configuration of a denoiser whose weights fit it.
 * @throws DarkroomError `model-damaged`
 */
export function checkedDenoiser(model: { config: unknown; weights: State }): PhotoDenoiserConfig {
  const config = checkedConfig(model.config)
  checkWeights(config, model.weights)
  return config
}

function checkedConfig(config: unknown): PhotoDenoiserConfig {
  const parsed = photoDenoiserConfig.safeParse(config)
  if (!parsed.success)
    throw new DarkroomError(
      'model-damaged',
      `The model's configuration is not a photo denoiser's: ${z.prettifyError(parsed.error)}`,
    )
  return parsed.data
}

function checkWeights(config: PhotoDenoiserConfig, weights: State): void {
  const specs = photoDenoiserParameters(config)
  for (const [name, { shape }] of specs) {
    const found = weights.get(name)?.shape
    if (found?.join() !== shape.join()) {
      throw new DarkroomError(
        'model-damaged',
        `Expected weights ${name} of shape [${shape.join(', ')}]. Received ${found ? `[${found.join(', ')}]` : 'none'}.`,
      )
    }
  }
}

/** The weights of a denoiser in a session, and what they make of an image as they are now. */
export interface DenoiserProgram {
  /** Denoises one image in float32 with the weights as they are now; see {@link DenoiserRunner.run}. */
  denoise(noisy: Float32Array, height: number, width: number, level: TileLevel): Float32Array
  program: Program
  /** The weights' names; their moments are {@link adamSlots} of them. */
  parameters: string[]
  close(): void
}

/**
 * The variables of a denoiser and their moments in a new program. `finish` adds what denoises, once the train step
 * is defined, and compiles it.
 */
export function declareDenoiser(config: PhotoDenoiserConfig): {
  builder: ProgramBuilder
  parameters: string[]
  finish: () => DenoiserProgram
} {
  const builder = new ProgramBuilder()
  const specs = photoDenoiserParameters(config)
  const parameters = [...specs.keys()]
  for (const [name, { shape }] of specs) builder.variable(name, shape)
  declareAdam(builder, parameters)
  const finish = (): DenoiserProgram => {
    const side = 2 * sideMultiple(config) // any size would do to trace with
    const denoise = builder.define(
      {
        noisy: { shape: [1, side, side, config.channels], free: [1, 2] },
        level: { shape: [1, side / 2, side / 2, 1], free: [1, 2] },
      },
      parameters,
      ({ noisy, level }, variables) => [photoDenoiser(config, variables, noisy, level)],
    )
    const program = builder.finish()
    return {
      program,
      parameters,
      denoise(values, height, width, wanted) {
        const noisy = tf.tensor4d(values, [1, height, width, config.channels])
        const level = levelMap(height, width, wanted)
        return program.calculate(denoise, { noisy, level })[0] as Float32Array
      },
      close: () => program.close(),
    }
  }
  return { builder, parameters, finish }
}

export interface DenoiserTraining extends DenoiserProgram {
  /** One step; `step` counts from 1. `noiseSeed` is an int32 pair. */
  step(
    batch: {
      clean: Float32Array
      /** Noise that is added besides, white at 1, in the shape of `clean`. */
      added?: Float32Array
      sigmas: Float32Array
      assumed: Float32Array
      noiseSeed: [number, number]
      /** What is minimised; `absolute` where nothing is said. */
      loss?: 'absolute' | 'squared' | undefined
    },
    step: number,
    rate: number,
  ): StepReport
}

/** What is added to σ where squared errors are divided by it, white at 1: a clean patch must not count without bound. */
const squaredFloor = 0.01

/**
 * The training program: clean patches come in, Gaussian noise of each patch's own σ is added inside the graph, not
 * clipped, and one of two errors e against the clean patch is minimised: the mean of |e| (Zhao et al. 2017: L1 restores
 * better than L2), or, to end with, the mean of e²/(σ + 1/100) with white at 1: squares are what PSNR is made of, and
 * since they grow about like σ, each level has the same share in a mean of decibels.
 * `assumed` is the level that the network is told, which may differ from the true one, so that it forgives an estimate.
 */
export function buildDenoiserTraining(
  config: PhotoDenoiserConfig,
  batch: number,
  side: number,
  precision: Precision,
  adam: AdamOptions,
): DenoiserTraining {
  const { builder, parameters, finish } = declareDenoiser(config)
  const patches = [batch, side, side, config.channels]
  const trainStep = defineTrainStep(
    builder,
    {
      clean: { shape: patches },
      added: { shape: patches },
      sigmas: { shape: [batch, 1, 1, 1] },
      assumed: { shape: [batch, 1, 1, 1] },
      noiseSeed: { shape: [2], dtype: 'int32' },
      squared: { shape: [] },
    },
    parameters,
    (inputs, variables) =>
      meanLoss(
        halvesOf(batch).map((half) => {
          const clean = itemsOf(inputs.clean, half)
          const seed = halfSeed(inputs.noiseSeed, half.index)
          const noise = kernels.statelessNormal(clean.shape, seed)
          const made = tf.add(clean, itemsOf(inputs.added, half))
          const noisy = tf.add(made, tf.mul(noise, itemsOf(inputs.sigmas, half)))
          const map = tf.ones([half.count, side / 2, side / 2, 1])
          const assumed = itemsOf(inputs.assumed, half)
          const denoised = photoDenoiser(config, variables, noisy, tf.mul(map, assumed), precision)
          const weight = tf.rsqrt(tf.add(assumed, squaredFloor))
          const absolute = kernels.meanAbsoluteError(denoised, clean)
          const squared = kernels.meanSquaredError(tf.mul(denoised, weight), tf.mul(clean, weight))
          const value = tf.add(absolute, tf.mul(inputs.squared, tf.sub(squared, absolute)))
          return { value, parts: [] }
        }),
      ),
    adam,
  )
  const made = finish()
  return {
    ...made,
    step(given, step, rate) {
      const feeds = {
        clean: tf.tensor(given.clean, patches),
        added: tf.tensor(given.added ?? new Float32Array(given.clean.length), patches),
        sigmas: tf.tensor(
          given.sigmas.map((sigma) => sigma / 255),
          [batch, 1, 1, 1],
        ),
        assumed: tf.tensor(
          given.assumed.map((sigma) => sigma / 255),
          [batch, 1, 1, 1],
        ),
        noiseSeed: tf.tensor(given.noiseSeed, [2], 'int32'),
        squared: tf.scalar(given.loss === 'squared' ? 1 : 0),
      }
      const report = trainStep(made.program, feeds, step, rate)
      tf.dispose(feeds)
      return report
    },
  }
}
