/** How each corruption's amount is set by a person: the range and steps of its slider, its start, and the noise it stands for. */
import type { SimpleNoise } from '../../../shared/types'

export type NoiseKind = SimpleNoise['kind']

export interface NoiseScale {
  minimum: number
  maximum: number
  step: number
  initial: number
  /** Each step of the slider multiplies instead of adding. */
  logarithmic: boolean
  noise: (amount: number) => SimpleNoise
}

/** σ on the 0–255 scale, shares in per cent, photons at white, JPEG quality. */
export const noiseScales: Record<NoiseKind, NoiseScale> = {
  gaussian: {
    minimum: 1,
    maximum: 100,
    step: 1,
    initial: 25,
    logarithmic: false,
    noise: (sigma) => ({ kind: 'gaussian', sigma }),
  },
  poisson: {
    minimum: 1,
    maximum: 10_000,
    step: 1,
    initial: 30,
    logarithmic: true,
    noise: (photons) => ({ kind: 'poisson', photons }),
  },
  'salt-pepper': {
    minimum: 0.5,
    maximum: 50,
    step: 0.5,
    initial: 5,
    logarithmic: false,
    noise: (percent) => ({ kind: 'salt-pepper', share: percent / 100 }),
  },
  speckle: {
    minimum: 1,
    maximum: 100,
    step: 1,
    initial: 25,
    logarithmic: false,
    noise: (sigma) => ({ kind: 'speckle', sigma }),
  },
  masking: {
    minimum: 1,
    maximum: 90,
    step: 1,
    initial: 30,
    logarithmic: false,
    noise: (percent) => ({ kind: 'masking', share: percent / 100 }),
  },
  jpeg: {
    minimum: 1,
    maximum: 100,
    step: 1,
    initial: 20,
    logarithmic: false,
    noise: (quality) => ({ kind: 'jpeg', quality }),
  },
}

export const initialAmounts = Object.fromEntries(
  Object.entries(noiseScales).map(([kind, scale]) => [kind, scale.initial]),
) as Record<NoiseKind, number>
