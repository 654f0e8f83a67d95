/**
 * Training of the photo denoiser on noisy photos alone (Huang, Li, Jia, Lu, Liu 2021, 'Neighbor2Neighbor:
 * Self-Supervised Denoising from Single Noisy Images').
 *
 * y is a noisy image, g₁ and g₂ take one of two touching pixels out of each 2 × 2 (`data/neighbours.ts`), f denoises:
 *
 *   ‖f(g₁(y)) − g₂(y)‖² + γ ‖f(g₁(y)) − g₂(y) − (g₁(f(y)) − g₂(f(y)))‖²
 *
 * with no gradient through f(y). The first term alone would learn the mean of two neighbours where they differ by
 * more than noise; the second takes away what the image itself has between them. Valid where the noise of touching
 * pixels is independent.
 */
import { photoDenoiser, sideMultiple, type PhotoDenoiserConfig } from '../networks/photoDenoiser'
import { defineTrainStep, type AdamOptions, type StepReport } from '../runtime/adam'
import { halvesOf, itemsOf, meanLoss } from '../runtime/halves'
import * as kernels from '../runtime/kernels'
import type { Precision } from '../runtime/precision'
import { tf, type Tensor } from '../runtime/tensorflow'
import { declareDenoiser, type DenoiserProgram } from './photoDenoiser'

/** Which pixel of each 2 × 2 each view takes: 1 at its place, 0 at the three others, [batch, side/2, side/2, 4]. */
export interface NeighbourChoice {
  first: Float32Array
  second: Float32Array
}

export interface NeighbourTraining extends DenoiserProgram {
  /**
   * One step; `step` counts from 1. `noisy` [batch, side, side, channels] in 0–1, `sigmas` the level of each on the
   * 0–255 scale, `weight` is γ. The report's parts are both terms, the second without γ.
   */
  step(
    batch: { noisy: Float32Array; sigmas: Float32Array; choice: NeighbourChoice; weight: number },
    step: number,
    rate: number,
  ): StepReport
}

/** The chosen pixel of each 2 × 2: images [b, h, w, c], choice [b, h/2, w/2, 4] → [b, h/2, w/2, c]. No gradient. */
export function viewOf(images: Tensor, choice: Tensor): Tensor {
  const channels = images.shape[3] as number
  const places = kernels.spaceToDepth(images, 2)
  const slice = (of: Tensor, from: number, size: number): Tensor =>
    tf.slice(of, [0, 0, 0, from], [-1, -1, -1, size])
  return [0, 1, 2, 3]
    .map((place) => tf.mul(slice(places, place * channels, channels), slice(choice, place, 1)))
    .reduce((sum, each) => tf.add(sum, each))
}

/**
 * The training program.
 * @param side of what it is fed: the network must take the half of it, see {@link neighbourMultiple}
 */
export function buildNeighbourTraining(
  config: PhotoDenoiserConfig,
  batch: number,
  side: number,
  precision: Precision,
  adam: AdamOptions,
): NeighbourTraining {
  const { builder, parameters, finish } = declareDenoiser(config)
  const images = [batch, side, side, config.channels]
  const levels = [batch, 1, 1, 1]
  const places = [batch, side / 2, side / 2, 4]
  const trainStep = defineTrainStep(
    builder,
    {
      noisy: { shape: images },
      sigmas: { shape: levels },
      first: { shape: places },
      second: { shape: places },
      weight: { shape: [] as number[] },
    },
    parameters,
    (inputs, variables) =>
      meanLoss(
        halvesOf(batch).map((half) => {
          const [noisy, sigmas, first, second] = (
            ['noisy', 'sigmas', 'first', 'second'] as const
          ).map((name) => itemsOf(inputs[name], half)) as [Tensor, Tensor, Tensor, Tensor]
          const denoise = (given: Tensor): Tensor => {
            const level = tf.mul(tf.ones([half.count, ...halved(given), 1]), sigmas)
            return photoDenoiser(config, variables, given, level, precision)
          }
          const whole = kernels.stopGradient(denoise(noisy))
          const target = viewOf(noisy, second)
          const between = tf.sub(viewOf(whole, second), viewOf(whole, first))
          const output = denoise(viewOf(noisy, first))
          const error = kernels.meanSquaredError(output, target)
          const consistency = kernels.meanSquaredError(output, tf.sub(target, between))
          const value = tf.add(error, tf.mul(consistency, inputs.weight))
          return { value, parts: [error, consistency] }
        }),
      ),
    adam,
  )
  const made = finish()
  return {
    ...made,
    step({ noisy, sigmas, choice, weight }, step, rate) {
      const feeds = {
        noisy: tf.tensor(noisy, images),
        sigmas: tf.tensor(
          sigmas.map((sigma) => sigma / 255),
          levels,
        ),
        first: tf.tensor(choice.first, places),
        second: tf.tensor(choice.second, places),
        weight: tf.scalar(weight),
      }
      const report = trainStep(made.program, feeds, step, rate)
      tf.dispose(feeds)
      return report
    },
  }
}

const halved = ({ shape }: Tensor): number[] => shape.slice(1, 3).map((side) => side / 2)

/** Sides of patches are multiples of this: views have half of them. */
export const neighbourMultiple = (config: PhotoDenoiserConfig): number => 2 * sideMultiple(config)
