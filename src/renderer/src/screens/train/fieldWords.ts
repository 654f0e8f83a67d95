/** Names, units and faults of the numbers of a configuration. */
import { m } from '../../../../shared/messages/compiled/messages'
import type { RunConfig } from '../../../../shared/training'
import {
  at,
  numberField,
  type FieldName,
  type NumberField,
  type Problem,
} from '../../state/configFields'

export const fieldWords: Record<FieldName, () => string> = {
  latent: m.train_field_latent,
  dense: m.train_field_dense,
  dropout: m.train_field_dropout,
  target: m.train_field_target,
  weight: m.train_field_weight,
  beta: m.train_field_beta,
  betaWarmUp: m.train_field_beta_warmup,
  blocks: m.train_field_blocks,
  patch: m.train_field_patch,
  sigmaFrom: m.train_field_sigma_from,
  sigmaTo: m.train_field_sigma_to,
  corruptionSigma: m.train_field_sigma,
  corruptionPhotons: m.train_field_photons,
  corruptionShare: m.train_field_share,
  corruptionQuality: m.train_field_quality,
  epochs: m.train_field_epochs,
  batch: m.train_field_batch,
  rate: m.train_field_rate,
  warmUp: m.train_field_warmup,
  clipNorm: m.train_field_clip,
  weightDecay: m.train_field_decay,
  patience: m.train_field_patience,
  seed: m.train_field_seed,
  validation: m.train_field_validation,
  shift: m.train_field_shift,
  rotate: m.train_field_rotate,
  zoom: m.train_field_zoom,
  width: m.train_field_width,
  height: m.train_field_height,
}

const inEpochs: ReadonlySet<FieldName> = new Set(['betaWarmUp', 'warmUp', 'patience'])
export const fieldUnit = (name: FieldName): string =>
  inEpochs.has(name) ? m.train_unit_epochs() : (numberField(name).unit ?? '')

const short = (value: number): string => String(Number(value.toPrecision(6)))

/** A number as a person reads and types it. */
export function shownNumber({ scale = 1, whole }: NumberField, value: number): string {
  if (Number.isNaN(value)) return ''
  return whole ? String(value) : short(value * scale)
}

/** What was typed, as the configuration has it; NaN where it is no number. A decimal comma is understood. */
export function typedNumber({ scale = 1 }: NumberField, typed: string): number {
  const text = typed
    .trim()
    .replace('−', '-')
    .replace(/^(-?\d*),(\d+)$/, '$1.$2')
  return text === '' ? NaN : Number(text) / scale
}

/** `12.5 %`, `1`, `none`: a value in a list of facts. */
export function valueText(config: RunConfig, name: FieldName): string {
  const value = at(config, numberField(name).path)
  if (value === null) return m.train_none()
  const text = shownNumber(numberField(name), Number(value))
  const unit = fieldUnit(name)
  return unit ? `${text} ${unit}` : text
}

/** What is wrong with a value, in words. */
export function problemText(problem: Problem, field?: NumberField): string {
  const { scale = 1, minimum = 0, maximum = 0, open = false } = field ?? {}
  const range = {
    minimum: (minimum * scale).toLocaleString('en'),
    maximum: (maximum * scale).toLocaleString('en'),
  }
  switch (problem) {
    case 'number':
      return m.train_problem_number()
    case 'whole':
      return m.train_problem_whole()
    case 'range':
      return open ? m.train_problem_above(range) : m.train_problem_range(range)
    case 'list':
      return m.train_problem_list()
    case 'order':
      return m.train_problem_order()
  }
}
