/** A sweep's results as tables for charts. */
import type { PlotData } from '../../charts/plot'
import type { SweepPoint } from '../../state/sweep.svelte'

/** Columns: latent size, MSE of the model, MSE of a linear code of the same size. */
export function sizeTable(
  points: readonly SweepPoint[],
  baseline: readonly { size: number; mse: number }[],
): PlotData {
  const sizes = [
    ...new Set([...points.map(({ value }) => value), ...baseline.map(({ size }) => size)]),
  ].sort((a, b) => a - b)
  const own = new Map(points.map(({ value, mse }) => [value, mse]))
  const linear = new Map(baseline.map(({ size, mse }) => [size, mse]))
  return [
    sizes,
    sizes.map((size) => own.get(size) ?? null),
    sizes.map((size) => linear.get(size) ?? null),
  ]
}

/** Columns: rate, distortion; in the order of the rate. */
export function rateTable(points: readonly SweepPoint[]): PlotData {
  const known = points
    .flatMap(({ rate, distortion }) =>
      rate === null || distortion === null ? [] : [{ rate, distortion }],
    )
    .sort((a, b) => a.rate - b.rate)
  return [known.map(({ rate }) => rate), known.map(({ distortion }) => distortion)]
}
