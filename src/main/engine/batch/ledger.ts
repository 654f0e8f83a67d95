/** What became of each input of a batch: its state and lines, the totals, how long the rest will take, the report. */
import { promises } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { endState, type BatchTotals, type EndState } from '../../../shared/batch'
import { asTargetError, writeFileAtomically } from '../store/atomicWriter'
import { makeFolder } from './targets'

/** How an input ended. */
export const ending = z.strictObject({
  state: endState,
  /** That it took; 0 for one that was not worked on. */
  seconds: z.number(),
  /** What a report says of it, one line for each page. */
  lines: z.array(z.record(z.string(), z.unknown())),
})
export type Ending = z.infer<typeof ending>

export class Ledger<Item extends { path: string }> {
  readonly #items: readonly Item[]
  readonly #ended = new Map<Item, Ending>()
  /** Seconds until {@link hold}. */
  #spent: number
  #since: number | null = performance.now()

  /** @param spent seconds that an earlier sitting took */
  constructor(items: readonly Item[], spent = 0) {
    this.#items = items
    this.#spent = spent
  }

  /** Stops the clock. */
  hold(): void {
    this.#spent = this.#seconds
    this.#since = null
  }

  /** Lets the clock go on. */
  go(): void {
    this.#since ??= performance.now()
  }

  get #seconds(): number {
    return this.#spent + (this.#since === null ? 0 : (performance.now() - this.#since) / 1000)
  }

  /** Notes an end. Returns the lines as a report has them. */
  end(item: Item, ending: Ending): object[] {
    this.#ended.set(item, ending)
    return linesOf(item, ending)
  }

  ending(item: Item): Ending | undefined {
    return this.#ended.get(item)
  }

  get totals(): BatchTotals {
    const states = [...this.#ended.values()].map(({ state }) => state)
    const count = (state: EndState): number => states.filter((each) => each === state).length
    return {
      files: this.#items.length,
      done: count('done'),
      skipped: count('skipped'),
      failed: count('failed'),
      left: this.#items.length - states.length,
      seconds: this.#seconds,
    }
  }

  /**
   * Seconds that the rest will take, at the mean of those that are done (skipped ones say nothing about it); null before
   * the first.
   * @param share of the input that is worked on, 0–1
   */
  secondsLeft(share = 0): number | null {
    const done = [...this.#ended.values()].filter(({ state }) => state === 'done')
    if (done.length === 0) return null
    const mean = done.reduce((sum, { seconds }) => sum + seconds, 0) / done.length
    return mean * Math.max(0, this.totals.left - share)
  }

  /** The report: all lines in the order of the inputs, those not begun as `left`, and the totals. */
  get report(): { files: object[]; totals: BatchTotals } {
    const files = this.#items.flatMap((item): object[] => {
      const ending = this.#ended.get(item)
      return ending ? linesOf(item, ending) : [{ path: item.path, state: 'left' }]
    })
    return { files, totals: this.totals }
  }

  /**
   * Writes the report, whole or not at all.
   * @returns its size
   * @throws DarkroomError `target-unwritable`, `disk-full`
   */
  async write(path: string): Promise<number> {
    const bytes = Buffer.from(`${JSON.stringify(this.report, null, 2)}\n`)
    await writeFileAtomically(path, bytes, { name: path })
    return bytes.length
  }
}

const linesOf = ({ path }: { path: string }, { state, lines }: Ending): object[] =>
  lines.map((line) => ({ path, state, ...line }))

/**
 * Sees that a report can be written before hours of work: its folder is made.
 * @throws DarkroomError `target-unwritable`, `disk-full`
 */
export async function prepareReport(path: string): Promise<void> {
  const folder = dirname(path)
  await makeFolder(folder, path)
  await promises.access(folder, promises.constants.W_OK).catch((error: unknown) => {
    throw asTargetError(error, path)
  })
}
