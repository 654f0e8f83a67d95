/** Speckle: x̃ = x(1 + σn), n ~ N(0, 1) for every value on its own; σ on the 0–255 scale, so 255 means 1. */
import { maximumOf, newSamples, type Planes } from '../codec/planes'
import { normalOf } from './elementary'
import { inBands } from './inBands'
import type { Stream } from './philox'

/** @returns the planes with noise, clipped and rounded to their depth */
export async function speckle(planes: Planes, sigma: number, stream: Stream): Promise<Planes> {
  const { data } = planes
  const maximum = maximumOf(planes.bits)
  const noisy = newSamples(planes.bits, data.length)
  await inBands(data.length, stream, (words, start) => {
    for (let i = 0; i < words.length; i++) {
      const value = (data[start + i] as number) * (1 + (sigma / 255) * normalOf(words[i] as number))
      noisy[start + i] = value <= 0 ? 0 : value >= maximum ? maximum : value + 0.5
    }
  })
  return { ...planes, data: noisy }
}
