/** A run's curves as tables for charts: points of steps and of epochs on one axis of epochs. */
import type { PlotData } from '../../charts/plot'
import type { EpochRecord, Losses } from '../../../../shared/training'
import type { CurveColumns } from '../../state/curve'

export type LossPart = 'loss' | 'reconstruction' | 'penalty'

/** Only what a scale can show: null for what does not exist, and on a logarithmic one for what is not above zero. */
const drawn = (value: number | null | undefined, logarithmic: boolean): number | null =>
  value === null || value === undefined || !Number.isFinite(value) || (logarithmic && value <= 0)
    ? null
    : value

/**
 * Columns: epoch (fractions between), training by points, validation by epochs, and the learning rate by epochs.
 * Both lists are in the order of their steps and are merged in one pass.
 */
export function lossTable(
  curve: CurveColumns,
  epochs: readonly EpochRecord[],
  stepsPerEpoch: number,
  part: LossPart,
  logarithmic: boolean,
): PlotData {
  const table: PlotData = [[], [], [], []]
  const row = (...values: (number | null)[]) =>
    values.forEach((value, column) => table[column]?.push(value))
  const points = curve[part]
  let [point, record] = [0, 0]
  while (point < points.length || record < epochs.length) {
    const step = curve.step[point] ?? Infinity
    const epoch = epochs[record]
    const ends = epoch?.step ?? Infinity
    const training = step <= ends ? drawn(points[point++], logarithmic) : null
    if (epoch && ends <= step) {
      const validation: Losses | null = epoch.validation
      row(ends / stepsPerEpoch, training, drawn(validation?.[part], logarithmic), epoch.rate)
      record += 1
    } else row(step / stepsPerEpoch, training, null, null)
  }
  return table
}

/** Validation losses of several runs on one axis of epochs; where a run has no validation, its training loss. */
export function comparedTable(
  runs: readonly (readonly EpochRecord[])[],
  part: LossPart | 'mse',
  logarithmic: boolean,
): PlotData {
  const epochs = Array.from(
    { length: Math.max(0, ...runs.map((records) => records.at(-1)?.epoch ?? 0)) },
    (_, index) => index + 1,
  )
  const columns = runs.map((records) => {
    const values = new Map(
      records.map(({ epoch, validation, training }) => [epoch, (validation ?? training)[part]]),
    )
    return epochs.map((epoch) => drawn(values.get(epoch), logarithmic))
  })
  return [epochs, ...columns]
}
