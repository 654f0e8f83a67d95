/** The divergence guard: back to the last good state at half the rate, three times at most. */
import { DarkroomError } from '../../../shared/errors'
import type { State } from '../runtime/program'
import type { LoopView, Observer, RunMemory } from './loop'

const MOST = 3

interface Snapshot {
  state: State
  memory: RunMemory
}

/** A copy of what training changes. States are replaced and never changed in place, so they need none. */
const copyOf = ({ position, history, best }: RunMemory): RunMemory => ({
  position: { ...position },
  history,
  best,
})

/**
 * Keeps the state at the end of each epoch (and where the run begins) and returns to it when a step was not finite.
 * @throws DarkroomError `training-diverged` the fourth time
 */
export class DivergenceGuard implements Observer {
  #snapshot: Snapshot

  constructor(loop: LoopView) {
    this.#snapshot = DivergenceGuard.#take(loop)
  }

  static #take({ task, memory }: LoopView): Snapshot {
    return { state: task.read('all'), memory: copyOf(memory) }
  }

  epoch(loop: LoopView): void {
    this.#snapshot = DivergenceGuard.#take(loop)
  }

  rejected({ task, memory }: LoopView): void {
    const { step, rateScale, divergences } = memory.position
    if (divergences >= MOST) {
      throw new DarkroomError(
        'training-diverged',
        `The loss or its gradient was not finite at step ${step + 1}, for the ${divergences + 1}th time, each at half the rate of the last.`,
        { step: step + 1 },
      )
    }
    task.assign(this.#snapshot.state)
    const { position, history, best } = copyOf(this.#snapshot.memory)
    Object.assign(memory, { history, best })
    memory.position = { ...position, rateScale: rateScale / 2, divergences: divergences + 1 }
  }
}
