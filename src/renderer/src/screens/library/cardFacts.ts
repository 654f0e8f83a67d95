/** What an item's card says in lines of name and value. */
import { m } from '../../../../shared/messages/compiled/messages'
import type { LibraryItem } from '../../../../shared/training'
import { bytes } from '../../ui/format'
import { count, decibels, duration, loss } from '../train/figures'
import { kindWords, modelName, stateWords } from '../train/words'

interface Fact {
  name: string
  value: string
  note?: string
}

export function cardFacts(item: LibraryItem, language: string): Fact[] {
  const { config, progress, validation } = item
  const facts: (Fact | null)[] = [
    { name: m.library_column_kind(), value: config ? modelName(config) : kindWords[item.kind]() },
    progress && {
      name: m.library_column_state(),
      value: stateWords[progress.state](),
      note: `${progress.epoch} / ${progress.epochs}`,
    },
    validation && { name: m.train_validation_loss(), value: loss(validation.loss) },
    validation?.mse
      ? {
          name: m.train_validation(),
          value: decibels(validation.mse),
          note: `MSE ${loss(validation.mse)}`,
        }
      : null,
    item.parameters > 0
      ? { name: m.library_card_parameters(), value: count(item.parameters) }
      : null,
    progress && progress.seconds > 0
      ? { name: m.train_time(), value: duration(progress.seconds) }
      : null,
    config && { name: m.library_card_seed(), value: String(config.training.seed) },
    {
      name: m.library_card_created(),
      value: new Date(item.created).toLocaleString(language, {
        dateStyle: 'medium',
        timeStyle: 'short',
      }),
    },
    { name: m.library_column_size(), value: bytes(item.bytes) },
    item.licence ? { name: m.library_card_licence(), value: item.licence } : null,
    item.tensorflow ? { name: m.library_card_tensorflow(), value: item.tensorflow } : null,
    item.threads > 0 ? { name: m.library_card_threads(), value: String(item.threads) } : null,
  ]
  return facts.filter((fact) => fact !== null)
}
