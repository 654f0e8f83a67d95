/** Training waits while the machine runs on its battery, and goes on afterwards: what this paused, nothing else. */
import type { LibraryItem } from '../../shared/training'
import type { ActiveRun } from './activeRuns'

interface Options {
  /** The setting. */
  wanted: () => boolean
  /** Those at work first. */
  active: () => readonly ActiveRun[]
  pause: (item: string) => Promise<unknown>
  resume: (item: string) => Promise<unknown>
  log: (text: string) => void
}

export class BatteryPause {
  readonly #options: Options
  readonly #paused = new Set<string>()
  #onBattery = false
  #work: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
  }

  /** True while something waits for mains power. */
  get waiting(): boolean {
    return this.#paused.size > 0
  }

  /** The machine's power is now this one. */
  power(onBattery: boolean): void {
    this.#onBattery = onBattery
    this.check()
  }

  /** Also to be called when the setting changed, and when a new engine has taken interrupted runs up again. */
  check(): void {
    const wait = this.#onBattery && this.#options.wanted()
    this.#work = this.#work.then(() => (wait ? this.#pauseAll() : this.#resumeAll()))
  }

  /** Whatever a person did with a paused run, it is theirs again. */
  heard({ item, progress }: LibraryItem): void {
    if (progress?.state !== 'paused') this.#paused.delete(item)
  }

  /** Those that wait first: otherwise each would start as the one before it is paused. */
  async #pauseAll(): Promise<void> {
    for (const { item } of [...this.#options.active()].reverse()) {
      if (await this.#done(this.#options.pause(item))) this.#paused.add(item)
    }
  }

  async #resumeAll(): Promise<void> {
    for (const item of [...this.#paused].reverse()) {
      if (this.#paused.delete(item)) await this.#done(this.#options.resume(item))
    }
  }

  #done(request: Promise<unknown>): Promise<boolean> {
    return request.then(
      () => true,
      (error: Error) => {
        this.#options.log(`battery: ${error.message}`)
        return false
      },
    )
  }
}
