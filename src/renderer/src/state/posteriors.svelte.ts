import type { Posteriors } from '../../../shared/latent'
import type { Ask } from '../bridge'
import type { Notices } from './notices.svelte'

/** So many images' posteriors are drawn: more would only cover each other. */
export const posteriorsShown = 300

/** Posteriors of a model with two latents, asked for when they are to be seen. */
export class PosteriorsShown {
  shown = $state(false)
  known = $state.raw<Posteriors | null>(null)
  readonly #around: { ask: Ask; notices: Notices }
  readonly #item: () => string | null

  /** @param item the model that is looked at */
  constructor(around: { ask: Ask; notices: Notices }, item: () => string | null) {
    this.#around = around
    this.#item = item
  }

  async toggle(): Promise<void> {
    const item = this.#item()
    this.shown = !this.shown
    if (!item || !this.shown || this.known) return
    const { ask, notices } = this.#around
    try {
      const posteriors = await ask('latent.posteriors', { item, count: posteriorsShown })
      if (this.#item() === item) this.known = posteriors
    } catch (error) {
      this.shown = false
      notices.failAsked(error)
    }
  }

  /** Another model, or the same one that has learned more. */
  forget(): void {
    this.known = null
    this.shown = false
  }
}
