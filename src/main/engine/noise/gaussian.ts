/** Gaussian noise: x̃ = x + σn, n ~ N(0, 1) for every value on its own; σ on the 0–255 scale. */
import { maximumOf, newSamples, type Planes } from '../codec/planes'
import { normalOf } from './elementary'
import { inBands } from './inBands'
import { fillWords, type Stream } from './philox'

/** @returns the planes with noise, clipped and rounded to their depth */
export async function gaussian(planes: Planes, sigma: number, stream: Stream): Promise<Planes> {
  const { data } = planes
  const maximum = maximumOf(planes.bits)
  const scale = (sigma / 255) * maximum
  const noisy = newSamples(planes.bits, data.length)
  await inBands(data.length, stream, (words, start) => {
    for (let i = 0; i < words.length; i++) {
      const value = (data[start + i] as number) + scale * normalOf(words[i] as number)
      noisy[start + i] = value <= 0 ? 0 : value >= maximum ? maximum : value + 0.5
    }
  })
  return { ...planes, data: noisy }
}

/**
 * Standard normal numbers n₀ … n₍length₋₁₎ of a seed, for measurements with noise that is not clipped:
 * x + σ·n in float is what {@link gaussian} rounds. The same numbers on every platform.
 * @param seed a whole number from 0 to 2⁵³ − 1
 */
export function gaussianField(length: number, seed: number): Float32Array {
  const field = new Float32Array(length)
  const words = new Uint32Array(Math.min(length, 1 << 16))
  for (let start = 0; start < length; start += words.length) {
    const part = words.subarray(0, Math.min(words.length, length - start))
    fillWords(part, { seed, part: 0 }, start)
    for (let i = 0; i < part.length; i++) field[start + i] = normalOf(part[i] as number)
  }
  return field
}
