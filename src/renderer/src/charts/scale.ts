/** From values to places on an axis and back, for charts that are drawn here. */
import { linearSplits, logarithmicSplits } from './splits'

export interface Scale {
  from: number
  to: number
  logarithmic: boolean
}

/** Where a value stands, as a share of the axis; beyond 0–1 where it lies outside. */
export function placeOf({ from, to, logarithmic }: Scale, value: number): number {
  if (logarithmic) return Math.log(value / from) / Math.log(to / from)
  return (value - from) / (to - from)
}

/** The value at a share of the axis. */
export function valueAt({ from, to, logarithmic }: Scale, share: number): number {
  return logarithmic ? from * (to / from) ** share : from + (to - from) * share
}

/** A scale that shows all values with a little room at both ends; never below zero where no value is. */
export function scaleOf(values: readonly number[], logarithmic: boolean): Scale {
  const drawn = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0))
  if (drawn.length === 0) return { from: logarithmic ? 0.1 : 0, to: 1, logarithmic }
  const [least, largest] = [Math.min(...drawn), Math.max(...drawn)]
  if (logarithmic) {
    const factor = Math.max(1.05, (largest / least) ** 0.05)
    return { from: least / factor, to: largest * factor, logarithmic }
  }
  const margin = (largest - least || Math.abs(largest) || 1) * 0.06
  const from = least >= 0 ? Math.max(0, least - margin) : least - margin
  return { from, to: largest + margin, logarithmic }
}

/** Round numbers along a scale, at most about so many. */
export function ticksOf({ from, to, logarithmic }: Scale, most: number): number[] {
  return (logarithmic ? logarithmicSplits : linearSplits)(from, to, Math.max(2, most))
}
