/** A configuration as a list of names and values. */
import { m } from '../../../../shared/messages/compiled/messages'
import type { RunConfig } from '../../../../shared/training'
import { isAutoencoder } from '../../state/configEdits'
import { fieldNames, has, numberField } from '../../state/configFields'
import { fieldWords, valueText } from './fieldWords'
import { listText } from './lists'
import {
  activationName,
  corruptionName,
  dataName,
  kindWords,
  lossName,
  startWords,
  supervisionWords,
} from './words'

interface Fact {
  name: string
  value: string
  /** Where it lies in the configuration. */
  path: string
}

/** Everything that a configuration says, in the order of the set-up form. */
export function configFacts(config: RunConfig): Fact[] {
  const { model, training, augmentation } = config
  const fact = (name: string, value: string, path: string): Fact => ({ name, value, path })
  const network = isAutoencoder(model)
    ? [
        fact(m.train_family(), model.family.toUpperCase(), 'model.family'),
        fact(m.train_field_layers(), listText(model.layers) || m.train_none(), 'model.layers'),
        fact(m.train_field_activation(), activationName(model.activation), 'model.activation'),
      ]
    : [
        fact(m.train_field_widths(), listText(model.widths), 'model.widths'),
        fact(
          m.train_field_supervision(),
          supervisionWords[model.supervision](),
          'model.supervision',
        ),
        fact(m.train_field_start(), startWords[model.start](), 'model.start'),
      ]
  const flips = [
    ...(augmentation.flipHorizontal ? [m.train_field_flip_horizontal()] : []),
    ...(augmentation.flipVertical ? [m.train_field_flip_vertical()] : []),
  ]
  return [
    fact(m.train_field_data(), dataName(config.data), 'data'),
    fact(m.train_field_model(), kindWords[model.kind](), 'model.kind'),
    ...network,
    ...(model.kind === 'denoising'
      ? [fact(m.train_field_corruption(), corruptionName(model.corruption), 'model.corruption')]
      : []),
    ...(model.kind === 'sparse'
      ? [fact(m.train_field_penalty(), model.penalty.toUpperCase(), 'model.penalty')]
      : []),
    fact(m.train_field_loss(), lossName(config), 'model.loss'),
    ...fieldNames
      .filter((name) => has(config, name) && !numberField(name).path.startsWith('model.corruption'))
      .map((name) => fact(fieldWords[name](), valueText(config, name), numberField(name).path)),
    fact(
      m.train_field_schedule(),
      training.schedule === 'cosine' ? m.train_schedule_cosine() : m.train_schedule_constant(),
      'training.schedule',
    ),
    fact(m.train_field_precision(), training.precision, 'training.precision'),
    ...(config.binarise ? [fact(m.train_field_binarise(), '✓', 'binarise')] : []),
    ...flips.map((name) => fact(name, '✓', 'augmentation')),
  ]
}
