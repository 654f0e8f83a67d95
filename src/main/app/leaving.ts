/**
 * How the program ends while something is being trained: it asks. Without training it ends as ever, and when the
 * system shuts down it does not ask. Training that goes on without a window ends the program when it is done.
 */

interface Options {
  /** The names of what is trained or waits for it. */
  active: () => readonly string[]
  /** True while training that waits for mains power will go on. */
  waiting: () => boolean
  ask: (names: readonly string[]) => Promise<'pause' | 'keep' | 'stay'>
  /** Writes checkpoints of all that is trained and returns once they are on disk. */
  suspend: (as: 'paused' | 'running') => Promise<unknown>
  hide: () => void
  show: () => void
  quit: () => void
  /** Training could not be paused, and the program stays. */
  failed: (error: unknown) => void
}

/** Milliseconds that a system which shuts down lets a program live, or a little less. */
const patienceOfSystem = 4_000

export class Leaving {
  readonly #options: Options
  #state: 'staying' | 'asking' | 'hidden' | 'going' = 'staying'

  constructor(options: Options) {
    this.#options = options
  }

  /** Somebody closes the window or quits: prevents it where there is something to ask. */
  asked(event: { preventDefault(): void }): void {
    if (this.#state === 'going' || this.#options.active().length === 0) return
    event.preventDefault()
    if (this.#state !== 'asking') void this.#ask()
  }

  /** The window is wanted again. */
  shown(): void {
    if (this.#state === 'hidden') this.#state = 'staying'
  }

  runsChanged(): void {
    const { active, waiting } = this.#options
    if (this.#state === 'hidden' && active().length === 0 && !waiting()) this.#go()
  }

  /** The system ends: what is trained will go on at the next start, from where it is now. */
  async atOnce(): Promise<void> {
    if (this.#state === 'going') return
    this.#state = 'going'
    if (this.#options.active().length > 0) {
      const suspended = this.#options.suspend('running').catch(() => undefined) // it goes on from an older checkpoint
      await Promise.race([suspended, new Promise((done) => setTimeout(done, patienceOfSystem))])
    }
    this.#options.quit()
  }

  async #ask(): Promise<void> {
    const before = this.#state
    this.#state = 'asking'
    const { ask, active, hide, show, suspend, failed } = this.#options
    const answer = await ask(active())
    if (this.#leftMeanwhile()) return
    if (answer === 'stay') this.#state = before
    else if (answer === 'keep') {
      this.#state = 'hidden'
      hide()
      this.runsChanged() // it may have ended while the question stood
    } else {
      hide()
      try {
        await suspend('paused')
        if (!this.#leftMeanwhile()) this.#go()
      } catch (error) {
        this.#state = 'staying'
        show()
        failed(error)
      }
    }
  }

  #leftMeanwhile(): boolean {
    return this.#state === 'going'
  }

  #go(): void {
    this.#state = 'going'
    this.#options.quit()
  }
}
