/** Items of the library for tests, of which only name and state matter. */
import type { LibraryItem, RunState } from '../../../shared/training'

/** A run of 100 steps in this state. */
export function itemIn(state: RunState, item = 'a', step = 0): LibraryItem {
  return {
    item,
    name: `run ${item}`,
    kind: 'autoencoder',
    bundled: false,
    created: 0,
    changed: 0,
    bytes: 0,
    config: null,
    data: null,
    progress: {
      state,
      epoch: 0,
      epochs: 1,
      step,
      steps: 100,
      seconds: 0,
      best: null,
      error: null,
    },
    validation: null,
    parameters: 1,
    measured: [],
    licence: 'MIT',
    command: '',
    tensorflow: '',
    threads: 1,
    group: null,
    readOnly: false,
  }
}
