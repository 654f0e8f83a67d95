/** Why 'auto' chose what it chose, as data; the words are in the messages. */
import {
  automatic,
  isForeign,
  noiseStructureOf,
  ofCameras,
  type NoiseStructure,
} from './automaticModel'
import type { Level } from './noiseCurve'
import type { ChoiceReasons, GivenLevel, ModelCard, NoiseLevel } from './types'

/** Below this an estimate is within what a clean file reads. */
export const hardlyAny = 1.5

/** Whether a level is somewhere above what a model was trained for. */
export const isAboveRange = (
  level: Level,
  { sigmaRange }: Pick<ModelCard, 'sigmaRange'>,
): boolean => Math.max(...[level].flat()) > sigmaRange[1]

/** By what a model was chosen for a photo that no model was named for. */
function modelReason(
  card: Pick<ModelCard, 'name' | 'channels'>,
  channels: 1 | 3,
  noise: NoiseStructure,
): ChoiceReasons['model'] {
  if (channels === 1) return 'grey'
  if (noise === 'correlated' && card.name === ofCameras) return 'camera'
  if (noise === 'shared' && card.channels === 1) return 'shared'
  return card.channels === 3 ? 'colour' : 'each-channel'
}

interface Choice {
  /** As asked for: a name, or `auto`. */
  model: string
  /** As asked for: a level, or null for the estimate. */
  sigma: GivenLevel | null
  /** The estimate. */
  estimate: NoiseLevel
  channels: 1 | 3
  card: Pick<ModelCard, 'name' | 'channels' | 'sigmaRange'>
}

/** The reasons of a job's model and level. */
export function reasonsOf({ model, sigma, estimate, channels, card }: Choice): ChoiceReasons {
  const kind = estimate.correlated ? 'camera' : 'estimated'
  const { sigma: level } = estimate
  const estimated =
    level < hardlyAny ? 'hardly-any' : isAboveRange(level, card) ? 'above-range' : kind
  const given = isAboveRange(sigma ?? 0, card) ? 'given-above-range' : 'given'
  const noise = noiseStructureOf(estimate)
  const named = channels === 3 && isForeign(card.name, noise) ? 'foreign' : 'named'
  return {
    model: model === automatic ? modelReason(card, channels, noise) : named,
    level: sigma === null ? estimated : given,
    impulses: estimate.impulses && estimate.impulses.black + estimate.impulses.white,
  }
}

/** Whether there is something in them that a person should hear of even where everything was set by hand. */
export const isWarning = ({ model, level, impulses }: ChoiceReasons): boolean =>
  model === 'foreign' || level === 'given-above-range' || impulses !== null
