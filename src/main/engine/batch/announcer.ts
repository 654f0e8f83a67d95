/** Tells the window of a batch: at most twenty times a second, and what was held back comes with the next. */
import type { Emit } from '../../../shared/contract'
import type { BatchRun } from './run'

const interval = 50

export class Announcer {
  readonly #run: () => BatchRun | null
  readonly #emit: Emit
  readonly #rows = new Set<number>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(run: () => BatchRun | null, emit: Emit) {
    this.#run = run
    this.#emit = emit
  }

  changed(rows: readonly number[]): void {
    for (const row of rows) this.#rows.add(row)
    this.#timer ??= setTimeout(() => this.#tell(), interval)
  }

  /** Tells what was held back, and nothing more. */
  close(): void {
    if (this.#timer !== null) this.#tell()
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const run = this.#run()
    if (!run) return
    const rows = [...this.#rows].flatMap((index) => {
      const row = run.row(index)
      return row ? [{ index, row }] : []
    })
    this.#rows.clear()
    this.#emit('batch.changed', { ...run.progress, rows })
  }
}
