/** How often a process that dies is started again: three times in ten minutes, after 1, 2 and 4 seconds. */

const delays = [1_000, 2_000, 4_000] as const
const within = 10 * 60 * 1000

export class RestartPolicy {
  /** The largest number of restarts within ten minutes. */
  static readonly restarts = delays.length
  readonly #now: () => number
  #restarts: number[] = []

  /** @param now milliseconds that only go forward; the wall clock may be set back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Milliseconds to wait before the next start, or null when there have been too many. */
  next(): number | null {
    const now = this.#now()
    this.#restarts = this.#restarts.filter((at) => now - at < within)
    const delay = delays[this.#restarts.length] ?? null
    if (delay !== null) this.#restarts.push(now)
    return delay
  }
}
