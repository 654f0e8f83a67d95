import type { EngineState as State, ResultOf, WindowRequests } from '../../../shared/contract'
import type { Ask } from '../bridge'

type Info = ResultOf<WindowRequests, 'engine.info'>

/** Whether the engine lives, and what it computes with. */
export class EngineState {
  state = $state.raw<State>({ state: 'starting', error: null })
  info = $state.raw<Info | null>(null)
  /** Counts the engines that became ready: a photo opened in an earlier one is not known to the next. */
  generation = $state(0)
  readonly ready = $derived(this.state.state === 'ready')
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  async load(): Promise<void> {
    this.enter(await this.#ask('engine.state', {}))
  }

  /** Returns true when a new engine became ready. */
  enter(next: State): boolean {
    const becameReady = next.state === 'ready' && this.state.state !== 'ready'
    this.state = next
    if (!becameReady) return false
    this.generation += 1
    this.info = null
    this.#ask('engine.info', {}).then(
      (info) => (this.info = info),
      () => undefined, // the line in the status bar then names no version; an engine that died says so itself
    )
    return true
  }
}
