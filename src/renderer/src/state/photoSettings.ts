/** Everything about a photo that can be set, undone and redone. */
import { defaultLook, type GivenLevel, type Look, type Noise } from '../../../shared/types'
import { initialAmounts, noiseScales, type NoiseKind } from './noiseScales'

export interface PhotoSettings {
  noiseOn: boolean
  noiseKind: NoiseKind
  /** In the unit its slider shows, for every kind. */
  noiseAmounts: Readonly<Record<NoiseKind, number>>
  seed: number
  /** By name; null until models are known. */
  model: string | null
  /** Null means estimate. */
  sigma: GivenLevel | null
  /** The look, in percent, one number a slider: each is a step of its own in the history. */
  luma: number
  chroma: number
  texture: number
}

export const initialPhotoSettings: PhotoSettings = {
  noiseOn: false,
  noiseKind: 'gaussian',
  noiseAmounts: initialAmounts,
  seed: 0,
  model: null,
  sigma: null,
  ...defaultLook,
}

/** Equal for settings that denoise alike, whatever noise was added: what is remembered for a camera. */
export const choiceKey = (settings: PhotoSettings) =>
  JSON.stringify([settings.model, settings.sigma, lookOf(settings)])

/** How the result is to look. */
export const lookOf = ({ luma, chroma, texture }: Look): Look => ({ luma, chroma, texture })

/** Equal for settings whose result looks the same. */
export const lookKey = (settings: Look) => JSON.stringify(lookOf(settings))

/** The noise that the settings ask for, or null. */
export function noiseOf(settings: PhotoSettings): { noise: Noise; seed: number } | null {
  if (!settings.noiseOn) return null
  const { noiseKind: kind, noiseAmounts, seed } = settings
  return { noise: noiseScales[kind].noise(noiseAmounts[kind]), seed }
}

/** Equal for settings that make the same noisy picture. */
export const noiseKey = (settings: PhotoSettings) => JSON.stringify(noiseOf(settings))

/** The key of settings that add none. */
export const noNoise = noiseKey(initialPhotoSettings)

/** Equal for settings that make the same denoised picture; the look is not one of them, it only mixes. */
export const denoiseKey = (settings: PhotoSettings) =>
  JSON.stringify([noiseOf(settings), settings.model, settings.sigma])
