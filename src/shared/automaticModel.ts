/** Which bundled denoiser a photo gets that nobody chose one for: what the engine takes, and what the window says it will. */
import type { ModelInfo, NoiseLevel } from './types'

/** Asks for the model that suits a photo and its noise. */
export const automatic = 'auto'

/** The bundled model that learned the noise of camera files. */
export const ofCameras = 'denoise-photo'

/** What noise is like: each value has its own, neighbours share it, or a pixel's channels do. */
export type NoiseStructure = 'independent' | 'correlated' | 'shared'

/** What is known of it; `independent` where nothing is. */
export function noiseStructureOf(
  level: Pick<NoiseLevel, 'correlated' | 'shared'> | null | undefined,
): NoiseStructure {
  if (level?.correlated) return 'correlated'
  return level?.shared ? 'shared' : 'independent'
}

/** Names of bundled models for a kind of noise, the best, which has learned it, first. */
const suitedModels: Record<NoiseStructure, readonly string[]> = {
  independent: ['denoise-colour', ofCameras],
  correlated: [ofCameras, 'denoise-colour'],
  shared: ['denoise-grey'], // one that learned noise of their own for the channels takes theirs for detail
}

/**
 * The model that `auto` takes for an image of so many channels and its kind of noise: the best by its name,
 * any bundled one made for so many channels; a grey one for colour when there is no other, or when it suits the noise (each
 * channel passes on its own), never the reverse.
 */
export function automaticModel(
  models: readonly ModelInfo[],
  channels: 1 | 3,
  noise: NoiseStructure,
): ModelInfo | undefined {
  const madeFor = (count: 1 | 3): ModelInfo | undefined =>
    (count === 1 ? ['denoise-grey'] : suitedModels[noise])
      .map((name) => models.find(({ card }) => card.name === name))
      .find(Boolean) ?? models.find(({ card, bundled }) => bundled && card.channels === count)
  return madeFor(channels) ?? madeFor(1)
}

/**
 * Whether a model is known not to have learned a kind of noise: every bundled one knows noise of its own for each value,
 * and of the other kinds only the best. Of a model that somebody trained nothing is known.
 */
export const isForeign = (model: string, noise: NoiseStructure): boolean =>
  noise !== 'independent' &&
  suitedModels[noise][0] !== model &&
  Object.values(suitedModels).flat().includes(model)
