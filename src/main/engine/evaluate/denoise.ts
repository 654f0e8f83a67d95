/**
 * How good a denoiser is, measured as papers do: white Gaussian noise added in float and not clipped, its seed
 * hash(seed, file name), the output clipped to [0, 1] and not rounded, no border cropped, PSNR = −10 log₁₀ MSE over
 * all channels jointly and SSIM on luma, one value an image, then their mean.
 */
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { levelOf } from '../../../shared/noiseCurve'
import type { Planes } from '../codec'
import { decodeImageFile } from '../codec'
import type { TileRunner } from '../imaging/denoise'
import { denoiseFloats, throwIfCancelled } from '../imaging/denoise'
import { estimateNoiseFloat } from '../imaging/noiseLevel'
import { psnr, ssim } from '../imaging/quality'
import { gaussianField, hashSeed } from '../noise'
import type { Denoisers, Lease } from '../photos/denoisers'

export interface EvaluationOptions {
  model: string
  /** Noise levels on the 0–255 scale. */
  sigmas: readonly number[]
  seed: number
  /** The network is told the true level instead of its estimate. */
  known: boolean
}

export interface EvaluationSummary {
  model: string
  results: { sigma: number; psnr: number; ssim: number; images: number }[]
  /** Estimate and network, tiles included; the first call of each size, in which kernels are prepared, is not counted. */
  secondsPerMegapixel: number
}

interface Image {
  data: Float32Array
  width: number
  height: number
  channels: 1 | 3
}

/** Takes one image after the other; all are measured with one model, chosen by the first where it is `auto`. */
export class DenoiseEvaluation {
  readonly #denoisers: Denoisers
  readonly #options: EvaluationOptions
  readonly #sums: { psnr: number; ssim: number }[]
  readonly #warm = new Set<string>()
  #lease: Lease | null = null
  #images = 0
  #seconds = 0
  #pixels = 0

  constructor(denoisers: Denoisers, options: EvaluationOptions) {
    this.#denoisers = denoisers
    this.#options = options
    this.#sums = options.sigmas.map(() => ({ psnr: 0, ssim: 0 }))
  }

  /**
   * Measures one image at every level. Colour becomes grey for a grey model.
   * @throws DarkroomError of the codec or the model; `model-unfit` for a grey image and a colour model; `cancelled`.
   *   An image that fails counts for nothing.
   */
  async add(path: string, signal?: AbortSignal): Promise<void> {
    const name = basename(path)
    const planes = await decodeImageFile(path)
    this.#lease ??= await this.#denoisers.acquire(this.#options.model, planes.channels)
    const { runner, model } = this.#lease
    const clean = imageFor(planes, runner.channels, model.info.card.name, name)
    await this.#warmUp(clean, runner)
    const measured: { psnr: number; ssim: number }[] = []
    let seconds = Infinity
    for (const sigma of this.#options.sigmas) {
      throwIfCancelled(signal)
      const noisy = this.#noisy(clean, sigma, name)
      const begun = performance.now()
      const denoised = await this.#denoise(noisy, runner, sigma, signal)
      seconds = Math.min(seconds, (performance.now() - begun) / 1000)
      const { width, height, channels } = clean
      measured.push({
        psnr: psnr(clean.data, denoised),
        ssim: ssim(clean.data, denoised, width, height, channels),
      })
    }
    measured.forEach((values, index) => {
      const sum = this.#sums[index] as { psnr: number; ssim: number }
      sum.psnr += values.psnr
      sum.ssim += values.ssim
    })
    this.#images++
    this.#seconds += seconds
    this.#pixels += clean.width * clean.height
  }

  /** The means so far; null when there was no image. */
  summary(): EvaluationSummary | null {
    if (!this.#lease || this.#images === 0) return null
    const images = this.#images
    return {
      model: this.#lease.model.info.card.name,
      results: this.#options.sigmas.map((sigma, index) => {
        const sum = this.#sums[index] as { psnr: number; ssim: number }
        return { sigma, psnr: sum.psnr / images, ssim: sum.ssim / images, images }
      }),
      secondsPerMegapixel: this.#seconds / (this.#pixels / 1e6),
    }
  }

  /** Lets the model go. */
  close(): void {
    this.#lease?.release()
  }

  #noisy(clean: Image, sigma: number, name: string): Image {
    const noise = gaussianField(clean.data.length, hashSeed(this.#options.seed, name))
    return {
      ...clean,
      data: clean.data.map((value, i) => value + ((noise[i] as number) * sigma) / 255),
    }
  }

  #denoise(
    { data, width, height, channels }: Image,
    runner: TileRunner,
    sigma: number,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const level = this.#options.known
      ? sigma
      : levelOf(estimateNoiseFloat(data, width, height, channels))
    return denoiseFloats(data, width, height, runner, level, signal ? { signal } : {})
  }

  async #warmUp(image: Image, runner: TileRunner): Promise<void> {
    const size = `${image.width} × ${image.height}`
    if (this.#warm.has(size)) return
    this.#warm.add(size)
    await this.#denoise(image, runner, 10)
  }
}

/** The image as floats in [0, 1], with as many channels as the model has. */
function imageFor(planes: Planes, channels: 1 | 3, model: string, file: string): Image {
  const { width, height, bits } = planes
  if (channels === 3 && planes.channels === 1) {
    throw new DarkroomError('model-unfit', `${model} is for colour images, ${file} is grey`, {
      model,
      file,
    })
  }
  const white = bits === 8 ? 255 : 65535
  const data = new Float32Array(width * height * channels)
  if (channels === planes.channels) {
    for (let i = 0; i < data.length; i++) data[i] = (planes.data[i] as number) / white
  } else {
    // BT.601 luma, rounded to the file's depth: what a grey file of this image would hold
    for (let i = 0; i < data.length; i++) {
      const [red, green, blue] = planes.data.subarray(3 * i, 3 * i + 3) as unknown as number[]
      const luma = 0.299 * (red as number) + 0.587 * (green as number) + 0.114 * (blue as number)
      data[i] = Math.round(luma) / white
    }
  }
  return { data, width, height, channels }
}
