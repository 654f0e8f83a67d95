/** Learning rates as functions of the step. */

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
