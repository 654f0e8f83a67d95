/** One sentence that says why a model and a level were taken. */
import { m } from './compiled/messages'
import type { ChoiceReasons } from '../types'

interface Chosen {
  reasons: ChoiceReasons
  /** The model's name or title. */
  model: string
  /** The level that was used, σ on the 0–255 scale. */
  sigma: number
}

const models: Record<ChoiceReasons['model'], typeof m.reason_model_grey> = {
  named: m.reason_model_named,
  foreign: m.reason_model_foreign,
  grey: m.reason_model_grey,
  colour: m.reason_model_colour,
  camera: m.reason_model_camera,
  'each-channel': m.reason_model_each_channel,
  shared: m.reason_model_shared,
}
const levels: Record<ChoiceReasons['level'], typeof m.reason_level_given> = {
  given: m.reason_level_given,
  'given-above-range': m.reason_level_given_above_range,
  estimated: m.reason_level_estimated,
  'hardly-any': m.reason_level_hardly_any,
  'above-range': m.reason_level_above_range,
  camera: m.reason_level_camera,
}

/** Such as 'Blind colour denoiser, because the photo is in colour; level 12.3, read from its calmest parts.' */
export function reasonsText({ reasons, model, sigma }: Chosen): string {
  const level = levels[reasons.level]({ sigma: sigma.toFixed(1) })
  const text = m.reasons({ model: models[reasons.model]({ model }), level })
  if (reasons.impulses === null) return text
  return m.reasons_impulses({ text, percent: (100 * reasons.impulses).toFixed(1) })
}
