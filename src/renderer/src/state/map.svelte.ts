import type { WindowEvents } from '../../../shared/contract'
import type { Ask } from '../bridge'
import type { LibraryState } from './library.svelte'
import type { Notices } from './notices.svelte'

export interface MapAround {
  ask: Ask
  notices: Notices
  library: LibraryState
}

/** What the Map screen shows. */
export class MapState {
  readonly around: MapAround

  constructor(around: MapAround) {
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
