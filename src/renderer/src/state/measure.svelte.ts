import type { WindowEvents } from '../../../shared/contract'
import type { Ask } from '../bridge'
import type { LibraryState } from './library.svelte'
import type { Notices } from './notices.svelte'

export interface MeasureAround {
  ask: Ask
  notices: Notices
  library: LibraryState
}

/** What the Measure screen shows. */
export class MeasureState {
  readonly around: MeasureAround

  constructor(around: MeasureAround) {
    this.around = around
  }

  progressed(event: WindowEvents['work.progress']): void {
    void event
  }

  finished(event: WindowEvents['work.finished']): void {
    void event
  }

  /** The engine ended, and its work with it. */
  lost(): void {
    this.around.notices.announcement = ''
  }
}
