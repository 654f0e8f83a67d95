import { DarkroomError } from '../../../shared/errors'
import type { RunConfig, StepView } from '../../../shared/training'
import type { Ask } from '../bridge'

/** What a single step is looked at of: a run where it stands, or a configuration before its first step. */
export type StepSource = { item: string } | { config: RunConfig }

/** One step of training, seen from within. */
export class StepState {
  view = $state.raw<StepView | null>(null)
  looking = $state(false)
  error = $state.raw<DarkroomError | null>(null)
  readonly #ask: Ask
  #source = $state.raw('')

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Looks at the next step; the view of another source makes way at once. */
  async look(source: StepSource): Promise<void> {
    const key = JSON.stringify(source)
    if (key !== this.#source) this.view = null
    this.#source = key
    this.looking = true
    this.error = null
    try {
      const view = await this.#ask('train.view', { of: source })
      if (key === this.#source) this.view = view
    } catch (error) {
      if (key === this.#source)
        this.error =
          error instanceof DarkroomError ? error : new DarkroomError('internal', String(error))
    } finally {
      if (key === this.#source) this.looking = false
    }
  }

  /** Whether what is shown belongs to it. */
  shows(source: StepSource): boolean {
    return JSON.stringify(source) === this.#source
  }
}
