/** Named choices of denoising settings, as lists that are saved with the program's settings. */
import { automatic } from '../../../shared/automaticModel'
import type { ModelInfo, Preset } from '../../../shared/types'
import { lookOf, type PhotoSettings } from './photoSettings'

const most = 50

/** The list with these settings under that name, in the order of names; one of the same name is replaced. */
export function saved(presets: readonly Preset[], name: string, settings: PhotoSettings): Preset[] {
  const { model, sigma } = settings
  const preset = { name: name.trim().slice(0, 60), model, sigma, look: lookOf(settings) }
  const others = without(presets, preset.name).slice(0, most - 1)
  return [...others, preset].sort((a, b) => a.name.localeCompare(b.name))
}

export function without(presets: readonly Preset[], name: string): Preset[] {
  return presets.filter((preset) => preset.name !== name)
}

/** What a preset, or a camera's last choice, changes in a photo's settings; a model that does not fit the photo leaves the photo's own. */
export function applied(
  preset: Pick<Preset, 'model' | 'sigma' | 'look'>,
  fitting: readonly ModelInfo[],
): Partial<PhotoSettings> {
  const { model, sigma, look } = preset
  const fits = model === automatic || fitting.some(({ card }) => card.name === model)
  return { sigma, ...look, ...(fits ? { model } : {}) }
}
