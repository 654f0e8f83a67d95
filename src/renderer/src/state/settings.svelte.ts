import { defaultSettings, type Settings } from '../../../shared/types'
import type { Ask } from '../bridge'

/** How long a slider rests before what it sets is saved. */
export const saveMilliseconds = 300

/** What is remembered between starts. Main keeps the file; this is the window's copy. */
export class SettingsState {
  current = $state.raw<Settings>(defaultSettings)
  readonly #ask: Ask
  readonly #failed: (error: unknown) => void
  #waiting: Partial<Settings> = {}
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving = 0

  constructor(ask: Ask, failed: (error: unknown) => void) {
    this.#ask = ask
    this.#failed = failed
  }

  async load(): Promise<void> {
    this.current = await this.#ask('settings.read', {})
  }

  /** Takes effect and is saved at once, with whatever waits to be. */
  change(patch: Partial<Settings>): void {
    this.preview(patch)
    this.#waiting = { ...this.#waiting, ...patch }
    this.#save()
  }

  /** Takes effect at once and is saved when it rests: for sliders. */
  changeSoon(patch: Partial<Settings>): void {
    this.preview(patch)
    this.#waiting = { ...this.#waiting, ...patch }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#save(), saveMilliseconds)
  }

  /** Takes effect but is not saved: while something is being dragged. */
  preview(patch: Partial<Settings>): void {
    this.current = { ...this.current, ...patch }
  }

  /** Main says that they changed. While changes of ours are on their way, what it says is older than what we have. */
  changed(settings: Settings): void {
    if (this.#saving === 0) this.current = { ...settings, ...this.#waiting }
  }

  #save(): void {
    clearTimeout(this.#timer)
    const patch = this.#waiting
    this.#waiting = {}
    this.#saving += 1
    this.#ask('settings.change', patch)
      .catch(this.#failed)
      .finally(() => (this.#saving -= 1))
  }
}
