/**
 * Notices an engine that hangs. It counts unanswered beats and not seconds, because a machine that slept for an
 * hour wakes up with one late beat, not with a dead engine.
 */
const interval = 2_000
/** Beats in silence until the engine counts as dead: 20 s, forty times its longest native call. */
const patience = 10
/** While a native library loads from a slow disk, or TensorFlow takes a graph in: five minutes. */
const patienceWhileBlocking = 150

interface HeartbeatOptions {
  ping(): void
  dead(seconds: number): void
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  #timer: ReturnType<typeof setInterval> | undefined
  #silent = 0
  #announced = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(): void {
    this.stop()
    this.#timer = setInterval(() => this.#beat(), interval)
  }

  /** Any message is a sign of life. */
  heard(): void {
    this.#silent = 0
  }

  /** The engine announces a long silence, or that it has come to its end. One may lie within another. */
  block(begins: boolean): void {
    this.#announced = Math.max(0, this.#announced + (begins ? 1 : -1))
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#silent = 0
    this.#announced = 0
  }

  #beat(): void {
    if (this.#silent >= (this.#announced > 0 ? patienceWhileBlocking : patience)) {
      const seconds = (this.#silent * interval) / 1000
      this.stop()
      this.#options.dead(seconds)
      return
    }
    this.#silent += 1
    this.#options.ping()
  }
}
