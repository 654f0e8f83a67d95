/** The checkpoint: a run's whole state into its file, often enough and seldom enough. */
import type { LoopView, Observer } from '../training/loop'

/** A checkpoint at least this often, and at every end of an epoch, as far as its cost allows. */
const SECONDS = 30
/** Training may spend one part in so many on checkpoints. */
const COST_SHARE = 50

export interface CheckpointOptions {
  /** Takes a copy of the state now, and returns a promise that is fulfilled once it is on disk. */
  save: (loop: LoopView) => Promise<void>
  /** Milliseconds, for tests. */
  now?: () => number
}

/**
 * Saves while training goes on: the state is copied between two steps, the writing overlaps with the steps that follow.
 * A failure to write is thrown at the next step.
 */
export class Checkpoint implements Observer {
  readonly #save: (loop: LoopView) => Promise<void>
  readonly #now: () => number
  #last: number
  #cost = 0
  #writing: Promise<void> | null = null
  #failure: { error: unknown } | null = null

  constructor({ save, now = () => performance.now() }: CheckpointOptions) {
    this.#save = save
    this.#now = now
    this.#last = now()
  }

  step(loop: LoopView): void {
    this.#throwFailure()
    if (this.#now() - this.#last >= SECONDS * 1000) this.#begin(loop)
  }

  epoch(loop: LoopView): void {
    this.#throwFailure()
    this.#begin(loop)
  }

  /** Saves whatever the cost and waits until it is on disk. @throws DarkroomError what the store throws */
  async saveNow(loop: LoopView): Promise<void> {
    await this.settle()
    await this.#save(loop)
    this.#last = this.#now()
  }

  /** Waits for what is being written; whether it failed no longer matters, because a later one follows. */
  async settle(): Promise<void> {
    await this.#writing
    this.#failure = null
  }

  #begin(loop: LoopView): void {
    const begun = this.#now()
    if (this.#writing || begun - this.#last < this.#cost * COST_SHARE) return
    this.#last = begun
    const saving = this.#save(loop)
    this.#writing = saving
      .catch((error: unknown) => {
        this.#failure = { error }
      })
      .then(() => {
        this.#cost = this.#now() - begun
        this.#writing = null
      })
  }

  #throwFailure(): void {
    if (!this.#failure) return
    const { error } = this.#failure
    this.#failure = null
    throw error
  }
}
