/** Reports of a running job: at most twenty a second, and what was held back is in the next one. */
import type { Emit, EngineEvents } from '../../../shared/contract'
import type { Region } from '../../../shared/types'

type Report = EngineEvents['job.progress']

const interval = 50

/** The smallest region that holds both. */
export function union(a: Region | null, b: Region | null): Region | null {
  if (!a || !b) return a ?? b
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const right = Math.max(a.x + a.width, b.x + b.width)
  const bottom = Math.max(a.y + a.height, b.y + b.height)
  return { x, y, width: right - x, height: bottom - y }
}

export class ProgressReporter {
  readonly #emit: Emit
  readonly #names: { job: string; photo: string }
  readonly #now: () => number
  #held: Report | null = null
  #last = -Infinity

  constructor(emit: Emit, names: { job: string; photo: string }, now: () => number = Date.now) {
    this.#emit = emit
    this.#names = names
    this.#now = now
  }

  report(step: Omit<Report, 'job' | 'photo'>): void {
    const region = union(this.#held?.region ?? null, step.region)
    this.#held = { ...this.#names, ...step, region }
    if (this.#now() - this.#last >= interval) this.flush()
  }

  /** Sends what was held back. */
  flush(): void {
    if (!this.#held) return
    this.#emit('job.progress', this.#held)
    this.#held = null
    this.#last = this.#now()
  }
}
