/**
 * Long work beside the requests: started by one, reported by events, ended by its end, its cancelling or the engine's.
 * One at a time; what is started meanwhile waits for its turn.
 */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Emit } from '../../../shared/contract'
import { DarkroomError, errorToData } from '../../../shared/errors'
import type { WorkPhase } from '../../../shared/latent'

const millisecondsBetween = 50

/** What work is given to tell how far it is and to hear that it shall end. */
export interface WorkContext {
  signal: AbortSignal
  /** `share` is 0–1 of this phase. */
  report: (phase: WorkPhase, share: number, detail?: string) => void
  /**
   * Lets requests be answered. To be awaited at least every 50 ms of calculation.
   * @throws DarkroomError `cancelled`
   */
  breathe: () => Promise<void>
}

/** Does the work; returns the id of the report that it kept, or null. */
export type Work = (context: WorkContext) => Promise<string | null>

interface Entry {
  stop: AbortController
  ended: Promise<void>
}

export class Works {
  readonly #entries = new Map<string, Entry>()
  #last: Promise<void> = Promise.resolve()

  /** Starts work, or queues it. Never throws for what the work throws: `work.finished` tells. */
  start(work: Work, emit: Emit): string {
    const job = randomUUID()
    const stop = new AbortController()
    const ended = this.#last.then(async () => {
      const outcome = await outcomeOf(work, contextOf(job, stop.signal, emit))
      this.#entries.delete(job)
      emit('work.finished', { job, outcome })
    })
    this.#entries.set(job, { stop, ended })
    this.#last = ended
    return job
  }

  /**
   * Does what a request waits for at once, beside what waits for its turn, under the name that the asker gave it. It is
   * told of by `work.progress` alone: its end is the answer.
   * @throws DarkroomError `cancelled`, and what `work` throws
   */
  async during<T>(job: string, work: (context: WorkContext) => Promise<T>, emit: Emit): Promise<T> {
    const stop = new AbortController()
    const result = work(contextOf(job, stop.signal, emit))
    const ended = result.then(
      () => undefined,
      () => undefined,
    )
    const entry = { stop, ended }
    this.#entries.set(job, entry)
    try {
      return await result
    } finally {
      if (this.#entries.get(job) === entry) this.#entries.delete(job)
    }
  }

  /** Ends a job and returns once it has ended; false for what is none of ours, or over. */
  async cancel(job: string): Promise<boolean> {
    const entry = this.#entries.get(job)
    if (!entry) return false
    entry.stop.abort()
    await entry.ended
    return true
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values()]
    for (const { stop } of all) stop.abort()
    await Promise.all(all.map(({ ended }) => ended))
  }
}

async function outcomeOf(work: Work, context: WorkContext) {
  try {
    if (context.signal.aborted) return { state: 'cancelled' } as const
    return { state: 'done', report: await work(context) } as const
  } catch (error) {
    const data = errorToData(error)
    if (data.code === 'cancelled') return { state: 'cancelled' } as const
    return { state: 'failed', error: data } as const
  }
}

function contextOf(job: string, signal: AbortSignal, emit: Emit): WorkContext {
  let last = { phase: '', detail: '', at: 0 }
  let begun = { phase: '', detail: '', at: 0 }
  return {
    signal,
    report(phase, share, detail = '') {
      const now = performance.now()
      const isNew = last.phase !== phase || last.detail !== detail
      if (isNew) begun = { phase, detail, at: now }
      if (!isNew && share < 1 && now - last.at < millisecondsBetween) return
      last = { phase, detail, at: now }
      const spent = (now - begun.at) / 1000
      const secondsLeft = share > 0.02 && spent > 0.5 ? (spent * (1 - share)) / share : null
      emit('work.progress', { job, phase, share, secondsLeft, detail: detail || null })
    },
    async breathe() {
      await setImmediate()
      if (signal.aborted) throw new DarkroomError('cancelled', 'The work was cancelled')
    },
  }
}
