/**
 * How good a denoiser is on real noise: files with the noise of a camera, each beside a clean one of the same scene
 * (the mean of many exposures). Denoised as the program does by default: blind, clipped and rounded to the file's depth.
 * PSNR = −10 log₁₀ MSE over all channels jointly, SSIM on luma, no border cropped.
 */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { noiseStructureOf } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import { levelOf } from '../../../shared/noiseCurve'
import type { GivenLevel } from '../../../shared/types'
import { decodeImageFile } from '../codec'
import { denoisePlanes, fitRunner } from '../imaging/denoise'
import { estimateNoise } from '../imaging/noiseLevel'
import { qualityOf } from '../imaging/quality'
import type { Denoisers } from '../photos/denoisers'
import { copyOf } from '../photos/openPhoto'

/** A noisy file, `*_real.*`, and its clean one, `*_mean.*`. */
export interface FilePair {
  noisy: string
  clean: string
}

/** What one pair came to; `gain` is how many dB the result is above the noisy file. */
export interface PairResult {
  name: string
  model: string
  sigma: number
  noisyPsnr: number
  psnr: number
  ssim: number
  gain: number
}

const noisyName = /_real(\.[a-z]+)$/i

/**
 * The pairs of a folder, by name.
 * @throws DarkroomError `folder-without-images` where there is none, `file-not-found` for a noisy file without a clean one
 */
export async function findPairs(folder: string): Promise<FilePair[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new DarkroomError('file-not-found', `Cannot read ${folder}`, { file: folder }, { cause })
  })
  const cleanOf = (name: string): string => {
    const stem = name.replace(noisyName, '_mean.')
    const clean = names.find((each) => each.startsWith(stem))
    if (clean) return join(folder, clean)
    throw new DarkroomError('file-not-found', `No clean file ${stem}* beside ${name}`, {
      file: `${stem}*`,
    })
  }
  const pairs = names
    .filter((name) => noisyName.test(name))
    .sort()
    .map((name) => ({ noisy: join(folder, name), clean: cleanOf(name) }))
  if (pairs.length > 0) return pairs
  const error = `${folder} has no files *_real.* beside *_mean.*`
  throw new DarkroomError('folder-without-images', error, { file: folder })
}

/**
 * Denoises the noisy file of a pair and measures it against the clean one.
 * @param sigma the level that the network is told; null: its estimate, as by default
 * @throws DarkroomError of the codec or the model; `model-unfit` when both files differ in size; `cancelled`
 */
export async function measurePair(
  denoisers: Denoisers,
  { noisy, clean }: FilePair,
  { model, sigma, signal }: { model: string; sigma: GivenLevel | null; signal?: AbortSignal },
): Promise<PairResult> {
  const name = basename(noisy)
  const [input, truth] = await Promise.all([noisy, clean].map((path) => decodeImageFile(path)))
  if (!input || !truth) throw new Error('Expected two files.')
  const { width, height, channels } = input
  if (truth.width !== width || truth.height !== height || truth.channels !== channels) {
    throw new DarkroomError('model-unfit', `${name} and ${basename(clean)} differ in size`, {
      file: name,
    })
  }
  const level = estimateNoise(input)
  const lease = await denoisers.acquire(model, channels, noiseStructureOf(level))
  try {
    const card = lease.model.info.card.name
    const runner = fitRunner(lease.runner, channels, card)
    const output = copyOf(input)
    const told = sigma ?? levelOf(level)
    const options = { noise: level, ...(signal ? { signal } : {}) }
    const overall = await denoisePlanes(input, output, runner, told, options)
    const noisyPsnr = (await qualityOf(truth, input)).psnr ?? Infinity
    const reached = await qualityOf(truth, output)
    const psnr = reached.psnr ?? Infinity
    return {
      ...{ name, model: card, noisyPsnr, psnr, ssim: reached.ssim },
      sigma: sigma === null ? level.sigma : overall,
      gain: psnr - noisyPsnr,
    }
  } finally {
    lease.release()
  }
}
