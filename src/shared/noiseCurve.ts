/** σ by brightness, as the engine reads it and the window draws it. */
import type { GivenLevel, NoiseLevel } from './types'

/**
 * The level of an image's noise on the 0–255 scale: one σ, or one for each of so many equal ranges of brightness, black
 * first.
 */
export type Level = number | readonly number[]

/** The level that a denoiser is told of what was estimated. */
export const levelOf = ({ sigma, byBrightness }: NoiseLevel): Level => byBrightness ?? sigma

/** σ of shadows, mid-tones and highlights to a tenth: a level as it is set by hand. */
export function byTones(level: Level): [number, number, number] {
  const [shadows, middle, highlights] = [1, 3, 5].map((sixths) =>
    Number(sigmaAt(level, (255 * sixths) / 6).toFixed(1)),
  )
  return [shadows, middle, highlights] as [number, number, number]
}

/** A given level in figures. */
export const levelText = (level: GivenLevel): string =>
  typeof level === 'number' ? level.toFixed(1) : level.join('/')

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
