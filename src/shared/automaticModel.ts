/** Which bundled denoiser a photo gets that nobody chose one for: what the engine takes, and what the window says it will. */
import type { ModelInfo } from './types'

/** Asks for the model that suits a photo and its noise. */
export const automatic = 'auto'

/** The bundled model that learned the noise of camera files. */
export const ofCameras = 'denoise-photo'

/**
 * Names of bundled models, the best first: for noise that neighbours share, as in a camera's file, the one that learned such
 * noise, for any other the one that learned white noise.
 */
function suitedModels(channels: 1 | 3, correlated: boolean): readonly string[] {
  if (channels === 1) return ['denoise-grey']
  return correlated ? [ofCameras, 'denoise-colour'] : ['denoise-colour', ofCameras]
}

/**
 * The model that `auto` takes for an image of so many channels, whose noise neighbours share or not: the best by its name,
 * any bundled one made for so many channels; a grey one for colour when there is no other (each channel passes on its own),
 * never the reverse.
 */
export function automaticModel(
  models: readonly ModelInfo[],
  channels: 1 | 3,
  correlated: boolean,
): ModelInfo | undefined {
  const madeFor = (count: 1 | 3): ModelInfo | undefined =>
    suitedModels(count, correlated)
      .map((name) => models.find(({ card }) => card.name === name))
      .find(Boolean) ?? models.find(({ card, bundled }) => bundled && card.channels === count)
  return madeFor(channels) ?? madeFor(1)
}
