/** Batches of photo patches for training a denoiser, and its measure on photos that were held out. */
import { samplePatches, type PatchOptions, type TrainingPhoto } from '../data/photoPatches'
import { uniform } from '../data/random'
import type { DenoiserTraining } from '../models/photoDenoiser'
import { cameraNoise, coarseLevel, drawCamera } from '../noise/camera'
import { sideMultiple, type PhotoDenoiserConfig } from '../networks/photoDenoiser'
import * as kernels from '../runtime/kernels'
import { tf } from '../runtime/tensorflow'

/** Pixels a side of the middle of a photo that is measured. */
const EVALUATION_SIDE = 256

export interface PhotoBatchOptions {
  model: PhotoDenoiserConfig
  seed: number
  batch: number
  patch: number
  /** Noise levels, uniform between the two, on the 0–255 scale. */
  sigma: [number, number]
  /** The level told to the network is wrong by up to this share. */
  levelJitter: number
  /** The share of patches with a camera's noise instead of Gaussian noise, and of clean ones; colour only. */
  camera?: { share: number; clean: number } | undefined
}

/** A clean patch is told a level of up to this, on the 0–255 scale: an estimate of a clean photo is seldom 0. */
const CLEAN_LEVEL = 4

/**
 * The batch of one step. Everything random in it is a function of the seed and the step.
 * @param resized see `drawCamera`
 */
export function photoBatch(
  photos: readonly TrainingPhoto[],
  { model, seed, batch, patch, sigma, levelJitter, camera }: PhotoBatchOptions,
  step: number,
  { resized, ...patches }: PatchOptions & { resized?: number | undefined } = {},
): Parameters<DenoiserTraining['step']>[0] {
  const clean = samplePatches(photos, model.channels, batch, patch, seed, step, patches)
  const added = new Float32Array(clean.length)
  const sigmas = new Float32Array(batch)
  const assumed = new Float32Array(batch)
  for (let index = 0; index < batch; index++) {
    const level = uniform(seed, step, 'level', index)
    const error = 2 * uniform(seed, step, 'jitter', index) - 1
    const draw = (at: number): number => uniform(seed, step, 'camera', 16 * index + at)
    const kind = camera ? draw(0) : 1
    if (camera && kind < camera.share) {
      const values = clean.subarray(index * patch * patch * 3, (index + 1) * patch * patch * 3)
      const stream = { seed: step * batch + index, part: seed }
      const noise = cameraNoise(
        values,
        patch,
        patch,
        drawCamera((at) => draw(1 + at), resized),
        stream,
      )
      added.set(noise, index * patch * patch * 3)
      assumed[index] = 255 * coarseLevel(noise, patch, patch) * (1 + levelJitter * error)
    } else if (camera && kind < camera.share + camera.clean) {
      assumed[index] = CLEAN_LEVEL * level
    } else {
      sigmas[index] = sigma[0] + (sigma[1] - sigma[0]) * level
      assumed[index] = (sigmas[index] as number) * (1 + levelJitter * error)
    }
  }
  return { clean, added, sigmas, assumed, noiseSeed: [seed, step] }
}

/** The middle of a photo, as floats in 0–1; its side is a multiple of the network's own. */
export function middleOf(
  photo: TrainingPhoto,
  model: PhotoDenoiserConfig,
): { side: number; values: Float32Array } {
  const { channels } = model
  const multiple = sideMultiple(model)
  const side =
    Math.floor(Math.min(EVALUATION_SIDE, photo.width, photo.height) / multiple) * multiple
  const [top, left] = [(photo.height - side) >> 1, (photo.width - side) >> 1]
  const values = new Float32Array(side * side * channels)
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * photo.width + left) * channels
    for (let x = 0; x < side * channels; x++)
      values[y * side * channels + x] = (photo.data[from + x] as number) / 255
  }
  return { side, values }
}

/** A held-out photo's middle, with noise, and denoised; values in 0–1, [side, side, channels]. */
export interface HeldOut {
  side: number
  clean: Float32Array
  noisy: Float32Array
  /** Not clipped. */
  denoised: Float32Array
  /** The mean squared error of the denoised picture, clipped to 0–1, and its mean absolute error. */
  mse: number
  mae: number
}

export interface HeldOutOptions {
  model: PhotoDenoiserConfig
  seed: number
  /** On the 0–255 scale. */
  sigma: number
}

/** Denoises the middle of a held-out photo, with noise that is not clipped and the level known. */
export function measureHeldOut(
  training: Pick<DenoiserTraining, 'denoise'>,
  photo: TrainingPhoto,
  index: number,
  { model, seed, sigma }: HeldOutOptions,
): HeldOut {
  const { side, values: clean } = middleOf(photo, model)
  const noise = tf.tidy(() =>
    kernels
      .statelessNormal([clean.length], tf.tensor1d([seed, 1_000_000 + index], 'int32'))
      .dataSync(),
  )
  const noisy = clean.map((value, i) => value + ((noise[i] as number) * sigma) / 255)
  const denoised = training.denoise(noisy, side, side, sigma)
  let [squares, absolutes] = [0, 0]
  denoised.forEach((value, i) => {
    const error = Math.min(1, Math.max(0, value)) - (clean[i] as number)
    squares += error ** 2
    absolutes += Math.abs(error)
  })
  const { length } = clean
  return { side, clean, noisy, denoised, mse: squares / length, mae: absolutes / length }
}

/** The mean PSNR in dB on the middles of held-out photos; null without any. */
export function heldOutPsnr(
  training: Pick<DenoiserTraining, 'denoise'>,
  photos: readonly TrainingPhoto[],
  options: HeldOutOptions,
): number | null {
  const values = photos.map((photo, index) => {
    return -10 * Math.log10(measureHeldOut(training, photo, index, options).mse)
  })
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
