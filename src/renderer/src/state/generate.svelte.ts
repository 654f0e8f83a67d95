import type { Ask } from '../bridge'
import type { LibraryState } from './library.svelte'
import type { Notices } from './notices.svelte'

export interface GenerateAround {
  ask: Ask
  notices: Notices
  library: LibraryState
}

/** What the Generate screen shows. */
export class GenerateState {
  readonly around: GenerateAround

  constructor(around: GenerateAround) {
    this.around = around
  }

  /** A model to generate with, from another screen. */
  choose(item: string): void {
    this.around.library.selected = item
  }
}
