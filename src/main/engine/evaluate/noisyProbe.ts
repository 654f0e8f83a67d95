/**
 * What a probe that has learned from clean images finds in noisy ones: x + σn, n ~ N(0, 1) for each value on its own,
 * σ on the 0–255 scale. Every representation is shown the same noise, and every σ is the same n, larger.
 */
import { gaussianField, hashSeed } from '../noise'
import { pausing } from './measuring'
import { accuracyOf, predictLabels, type Probe } from './probe'
import type { Representation } from './representations'
import { tableOf } from './table'
import { valuesAt } from '../data/values'

export interface NoisyProbe {
  representation: Representation
  probe: Probe
}

export interface NoisyImages {
  /** [count, size] bytes. */
  images: Uint8Array
  size: number
  labels: Uint8Array
  /** The places of those that are measured. */
  indices: Int32Array
}

export interface NoisyOptions {
  /** Levels of the noise. */
  sigmas: readonly number[]
  /** Clipped and rounded to 0–255, as a file would hold the noisy image; else as numbers, as training sees them. */
  clipped: boolean
  seed: number
  signal?: AbortSignal | undefined
  onProgress?: ((share: number) => void) | undefined
}

const imagesAtOnce = 256

/**
 * The share of labels that each probe finds, [probe][σ].
 * @throws DarkroomError `cancelled`
 */
export async function noisyAccuracies(
  probes: readonly NoisyProbe[],
  { images, size, labels, indices }: NoisyImages,
  { sigmas, clipped, seed, signal, onProgress }: NoisyOptions,
): Promise<number[][]> {
  const right = probes.map(() => sigmas.map(() => 0))
  const pause = pausing(signal)
  for (let at = 0; at < indices.length; at += imagesAtOnce) {
    const places = indices.subarray(at, at + imagesAtOnce)
    const clean = valuesAt(images, size, places)
    const truth = Uint8Array.from(places, (place) => labels[place] as number)
    const field = gaussianField(clean.length, hashSeed(seed, `probed images from ${at}`))
    const all = Int32Array.from(places.keys())
    for (const [level, sigma] of sigmas.entries()) {
      const noisy = withNoise(clean, field, sigma / 255, clipped)
      for (const [i, { representation, probe }] of probes.entries()) {
        const table = tableOf(representation.encode(noisy), representation.width)
        const found = await predictLabels(probe, { table, indices: all }, signal)
        const counts = right[i] as number[]
        counts[level] = (counts[level] as number) + accuracyOf(found, truth) * places.length
        await pause()
      }
    }
    onProgress?.((at + places.length) / indices.length)
  }
  return right.map((counts) => counts.map((count) => Math.round(count) / indices.length))
}

/** x + σn; clipped to 0–1 and rounded to 255ths where it is to be as a file holds it. */
export function withNoise(
  clean: Float32Array,
  field: Float32Array,
  sigma: number,
  clipped: boolean,
): Float32Array {
  return clean.map((value, i) => {
    const noisy = value + sigma * (field[i] as number)
    return clipped ? Math.round(255 * Math.min(1, Math.max(0, noisy))) / 255 : noisy
  })
}
