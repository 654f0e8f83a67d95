/** What main knows of training: which runs are at work or wait for it, from what the engine tells. */
import type { EngineEvents } from '../../shared/contract'
import type { LibraryItem } from '../../shared/training'

export interface ActiveRun {
  item: string
  name: string
  state: 'running' | 'queued'
  /** Steps made, as a share of all. */
  share: number
}

interface Options {
  /** The runs are others than before, or further. */
  changed: () => void
  /** A run that was active came to its end, or failed. Not told of one that a person paused or stopped. */
  ended: (item: LibraryItem) => void
}

export class ActiveRuns {
  readonly #options: Options
  readonly #runs = new Map<string, ActiveRun>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Those at work first, in the order in which they became active. */
  get all(): readonly ActiveRun[] {
    const runs = [...this.#runs.values()]
    const of = (state: ActiveRun['state']) => runs.filter((run) => run.state === state)
    return [...of('running'), ...of('queued')]
  }

  /** How far the runs at work are, from 0 to 1; null when there are none. */
  get share(): number | null {
    const shares = this.all.filter(({ state }) => state === 'running').map(({ share }) => share)
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share) / shares.length
  }

  /** An item of the library is now like this. */
  heard(item: LibraryItem): void {
    if (this.#take(item)) this.#options.changed()
  }

  progressed({ item, progress }: EngineEvents['train.progress']): void {
    const run = this.#runs.get(item)
    if (!run) return // its beginning is heard first
    run.share = progress.step / progress.steps
    this.#options.changed()
  }

  /**
   * These are all items there are. Nothing becomes active by that: a run of the command line is in the list as well,
   * and none of this engine's.
   */
  refresh(items: readonly LibraryItem[]): void {
    const found = new Map(items.map((item) => [item.item, item]))
    for (const item of [...this.#runs.keys()]) {
      const now = found.get(item)
      if (now) this.#take(now)
      else this.#runs.delete(item)
    }
    this.#options.changed()
  }

  /** No engine will go on with any of them. */
  clear(): void {
    this.#runs.clear()
    this.#options.changed()
  }

  /** True when something is other than before. */
  #take(item: LibraryItem): boolean {
    const { progress, name } = item
    const state = progress?.state
    if (progress && (state === 'running' || state === 'queued')) {
      const share = progress.step / progress.steps
      this.#runs.set(item.item, { item: item.item, name, state, share })
      return true
    }
    if (!this.#runs.delete(item.item)) return false
    if (state === 'finished' || state === 'failed') this.#options.ended(item)
    return true
  }
}
