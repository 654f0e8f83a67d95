/** Which bundled denoiser a photo gets that nobody chose one for: what the engine takes, and what the window says it will. */

/** Asks for the model that suits a photo and its noise. */
export const automatic = 'auto'

/**
 * Names of bundled models, the best first: for noise that neighbours share, as in a camera's file, the one that learned such
 * noise, for any other the one that learned white noise.
 */
export function suitedModels(channels: 1 | 3, correlated: boolean): readonly string[] {
  if (channels === 1) return ['denoise-grey']
  return correlated ? ['denoise-photo', 'denoise-colour'] : ['denoise-colour', 'denoise-photo']
}
