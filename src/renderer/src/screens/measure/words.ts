/** Names and numbers of measurements as the Measure screen says them. */
import { m } from '../../../../shared/messages/compiled/messages'
import { measureWords } from '../../../../shared/messages/measureWords'
import type { Figure, MeasureKind, WorkPhase } from '../../../../shared/latent'
import { bytes, fixed } from '../../ui/format'

export const pageWords: Record<MeasureKind, { name: () => string; text: () => string }> = {
  anomaly: { name: m.measure_page_anomaly, text: m.measure_page_anomaly_text },
  compress: { name: m.measure_page_compress, text: m.measure_page_compress_text },
  features: { name: m.measure_page_features, text: m.measure_page_features_text },
  likelihood: { name: m.measure_page_likelihood, text: m.measure_page_likelihood_text },
}

/** What each page compares with. */
export const againstWords: Record<MeasureKind, () => string> = {
  anomaly: m.measure_against_anomaly,
  compress: m.measure_against_compress,
  features: m.measure_against_features,
  likelihood: m.measure_against_likelihood,
}

export const phaseWords: Record<WorkPhase, () => string> = {
  data: m.work_phase_data,
  encode: m.work_phase_encode,
  fit: m.work_phase_fit,
  train: m.work_phase_train,
  project: m.work_phase_project,
  judge: m.work_phase_judge,
  measure: m.work_phase_measure,
  denoise: m.work_phase_denoise,
  save: m.work_phase_save,
}

/** A measured number with the digits that mean something. */
export function numberText(value: number, unit = ''): string {
  if (!Number.isFinite(value)) return '–'
  if (unit === 'bytes' || unit === 'B') return bytes(Math.round(value))
  if (unit === '%') return fixed(value, 1)
  if (Number.isInteger(value)) return value.toLocaleString('en').replace('-', '−')
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e6) return value.toPrecision(3).replaceAll('-', '−')
  return fixed(value, size >= 1000 ? 0 : size >= 10 ? 2 : 4)
}

/** A share such as AUROC or accuracy: one is 1.0000, not a count of one. */
export const shareText = (value: number): string => (Number.isFinite(value) ? fixed(value, 4) : '–')

/** A figure's value, or that of a baseline. */
export const figureText = ({ better, unit }: Figure, value: number): string =>
  better === 'larger' && unit === '' && Math.abs(value) <= 1
    ? shareText(value)
    : numberText(value, unit)

/** The same with its unit. */
export function withUnit(value: number, unit: string): string {
  const text = numberText(value, unit)
  return unit === '' || unit === 'bytes' || unit === 'B' ? text : `${text} ${unit}`
}

export interface Verdict {
  /** The best of the baselines does worse. */
  wins: boolean
  text: string
}

/** A figure against the best of what it is compared with; null where there is nothing to compare. */
export function verdictOf({ value, unit, better, baselines }: Figure): Verdict | null {
  if (better === null || baselines.length === 0) return null
  const gain = (other: number) => (better === 'larger' ? value - other : other - value)
  const best = baselines.reduce((a, b) => (gain(b.value) < gain(a.value) ? b : a))
  const told = {
    baseline: measureWords('name', best.name),
    value: withUnit(best.value, unit),
    difference: numberText(Math.abs(gain(best.value)), unit),
  }
  if (gain(best.value) > 0) return { wins: true, text: m.measure_verdict_wins(told) }
  if (gain(best.value) === 0) return { wins: false, text: m.measure_verdict_equal(told) }
  return { wins: false, text: m.measure_verdict_loses(told) }
}

/** A cell of a table: a number, a name, a word of the data, or nothing. */
export function cellText(cell: number | string | null): string {
  if (cell === null) return '–'
  return typeof cell === 'number' ? numberText(cell) : measureWords('name', cell)
}
