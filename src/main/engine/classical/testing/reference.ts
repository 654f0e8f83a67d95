/** The picture that scikit-image was given, made of whole numbers alone: the same bytes as `bench/peers/classical_skimage.py`. */
import type { Picture } from '../picture'

const [width, height] = [96, 80]
export const referenceSigma = 20

function cleanBytes(channels: 1 | 3): number[] {
  return Array.from({ length: width * height * channels }, (_, i) => {
    const channel = i % channels
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    const shading = 40 + Math.floor((x * 3) / 2) + 10 * channel
    const disc = (x - 40) ** 2 + (y - 36) ** 2 < 500 ? 60 - 25 * channel : 0
    const stripes = x > 60 && y > 44 && (x + 2 * y) % 9 < 4 ? -50 : 0
    return Math.min(255, Math.max(0, shading + disc + stripes))
  })
}

/** Sums of four bytes of a linear congruential generator: nearly normal, standard deviation 147.8 before scaling. */
function noisyBytes(clean: readonly number[]): number[] {
  let state = 12345
  const byte = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state >>> 24
  }
  return clean.map((value) => {
    const sum = byte() + byte() + byte() + byte() - 510
    return Math.min(255, Math.max(0, Math.floor(value + sum * (referenceSigma / 147.8) + 0.5)))
  })
}

export function reference(channels: 1 | 3): { clean: Picture; noisy: Picture } {
  const bytes = cleanBytes(channels)
  const picture = (values: readonly number[]): Picture => ({
    data: Float32Array.from(values, (value) => value / 255),
    ...{ width, height, channels },
  })
  return { clean: picture(bytes), noisy: picture(noisyBytes(bytes)) }
}
