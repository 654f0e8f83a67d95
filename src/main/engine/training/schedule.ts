/** Learning rates and penalty weights as functions of the step. */
import type { TrainingConfig } from '../../../shared/training'

/**
 * Linear warm-up to `rate` over `warmUp` steps, then half a cosine down to `rate · floor` at the last step
 * (Loshchilov and Hutter 2017). `step` counts from 1 to `steps`.
 */
export function cosineRate(
  step: number,
  steps: number,
  rate: number,
  warmUp: number,
  floor = 1e-3,
): number {
  if (step <= warmUp) return (rate * step) / warmUp
  const share = (step - warmUp) / Math.max(1, steps - warmUp)
  return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * share)))
}

/** The learning rate of a step (counted from 1): linear warm-up, then constant or half a cosine. */
export function rateOf(
  { schedule, rate, warmUp, epochs }: TrainingConfig,
  step: number,
  stepsPerEpoch: number,
): number {
  const rising = Math.round(warmUp * stepsPerEpoch)
  if (schedule === 'cosine') return cosineRate(step, epochs * stepsPerEpoch, rate, rising)
  return step <= rising ? (rate * step) / rising : rate
}

/** A weight that rises from 0 to `weight` over `epochs` (may be a fraction), linearly; `step` counts from 1. */
export function warmedUp(
  weight: number,
  epochs: number,
  step: number,
  stepsPerEpoch: number,
): number {
  const steps = epochs * stepsPerEpoch
  return steps > 0 ? weight * Math.min(1, step / steps) : weight
}
