/** σ by brightness, as the engine reads it and the window draws it. */
import type { NoiseLevel } from './types'

/**
 * The level of an image's noise on the 0–255 scale: one σ, or one for each of so many equal ranges of brightness, black
 * first.
 */
export type Level = number | readonly number[]

/** The level that a denoiser is told of what was estimated. */
export const levelOf = ({ sigma, byBrightness }: NoiseLevel): Level => byBrightness ?? sigma

/** The σ of its ranges, where a level depends on brightness. */
export const curveOf = (level: Level): number[] | null =>
  typeof level === 'number' ? null : [...level]

/**
 * σ at a luma of 0–255. That of a range holds at its middle; it is linear between, constant towards black and white.
 */
export function sigmaAt(level: Level, luma: number): number {
  if (typeof level === 'number') return level
  const place = (luma * level.length) / 255 - 0.5
  const low = Math.min(level.length - 2, Math.max(0, Math.floor(place)))
  const share = Math.min(1, Math.max(0, place - low))
  return (level[low] as number) * (1 - share) + (level[low + 1] as number) * share
}
