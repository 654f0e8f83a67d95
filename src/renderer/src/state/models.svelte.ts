import { automatic, automaticModel, type NoiseStructure } from '../../../shared/automaticModel'
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

  /** Those that can read a photo of that many channels, made for it first: a grey model reads a colour photo channel by channel. */
  fitting(channels: 1 | 3): ModelInfo[] {
    const made = this.list.filter(({ card }) => card.channels === channels)
    const others = this.list.filter(({ card }) => card.channels < channels)
    return [...made, ...others]
  }

  /** The model that settings lead to: the named one, or what `auto` takes as far as the noise of the photo is known. */
  chosen(name: string | null, channels: 1 | 3, noise: NoiseStructure): ModelInfo | null {
    if (name !== automatic) return this.find(name)
    return automaticModel(this.list, channels, noise) ?? null
  }

  find(name: string | null): ModelInfo | null {
    return this.list.find(({ card }) => card.name === name) ?? null
  }
}
