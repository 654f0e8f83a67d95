/** How near the blind noise estimate comes to what was added: white Gaussian noise of known σ on clean files. */
import { basename } from 'node:path'
import { decodeImageFile, type Planes } from '../codec'
import { maximumOf } from '../codec/planes'
import { estimateNoise, estimateNoiseFloat } from '../imaging/noiseLevel'
import { gaussianField, hashSeed } from '../noise'

/** The estimates of one file at one level, on the 0–255 scale. */
export interface NoiseEstimate {
  sigma: number
  /** Noise clipped and rounded, as a file holds it. For σ 0: of the file as it is. */
  clipped: number
  /** Noise in float, neither clipped nor rounded. */
  unclipped: number
}

/**
 * Estimates at every level; the noise is a function of the seed and the file's name.
 * @throws DarkroomError of the codec
 */
export async function noiseEstimates(
  path: string,
  sigmas: readonly number[],
  seed: number,
): Promise<NoiseEstimate[]> {
  const name = basename(path)
  const planes: Planes = await decodeImageFile(path)
  const { width, height, channels, bits } = planes
  const white = maximumOf(bits)
  const noise = gaussianField(planes.data.length, hashSeed(seed, name))
  return sigmas.map((sigma) => {
    const noisy = Float32Array.from(
      planes.data,
      (value, i) => value / white + ((noise[i] as number) * sigma) / 255,
    )
    const data = planes.data.slice()
    noisy.forEach((value, i) => (data[i] = Math.round(white * Math.min(1, Math.max(0, value)))))
    return {
      sigma,
      clipped: estimateNoise({ ...planes, data }).sigma,
      unclipped: estimateNoiseFloat(noisy, width, height, channels).sigma,
    }
  })
}
