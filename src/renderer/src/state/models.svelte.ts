import type { ModelInfo } from '../../../shared/types'
import type { Ask } from '../bridge'

/** The models that can be chosen. */
export class ModelsState {
  list = $state.raw<ModelInfo[]>([])
  loaded = $state(false)
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  async load(): Promise<void> {
    this.list = await this.#ask('models.list', {})
    this.loaded = true
  }

  /** Those that can read a photo of that many channels. */
  fitting(channels: 1 | 3): ModelInfo[] {
    return this.list.filter(({ card }) => card.channels === channels)
  }

  find(name: string | null): ModelInfo | null {
    return this.list.find(({ card }) => card.name === name) ?? null
  }
}
