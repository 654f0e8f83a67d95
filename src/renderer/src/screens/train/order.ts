/** The order of the table of runs. */
import type { RunProgress } from '../../../../shared/training'
import type { RunColumn } from '../../../../shared/types'
import type { Run } from '../../state/train.svelte'
import { validationFigure } from './figures'
import { modelName, stateWords } from './words'

type Key = string | number

/** Sorted by one column; runs that are equal there, newest first. What has no value yet comes last. */
export function sortedRuns(
  runs: readonly Run[],
  { by, descending }: { by: RunColumn; descending: boolean },
  progressOf: (run: Run) => RunProgress,
): Run[] {
  const key: Record<RunColumn, (run: Run) => Key> = {
    created: (run) => run.created,
    name: (run) => run.name,
    model: (run) => modelName(run.config),
    epochs: (run) => progressOf(run).epoch,
    validation: (run) => validationFigure(run.config, run.validation).value ?? Infinity,
    time: (run) => progressOf(run).seconds,
    state: (run) => stateWords[progressOf(run).state](),
  }
  const sign = descending ? -1 : 1
  const compare = (a: Key, b: Key): number => {
    if (a === Infinity || b === Infinity) return a === b ? 0 : a === Infinity ? sign : -sign
    if (typeof a === 'string') return a.localeCompare(String(b), undefined, { numeric: true })
    return a - Number(b)
  }
  return [...runs].sort((a, b) => sign * compare(key[by](a), key[by](b)) || b.created - a.created)
}
