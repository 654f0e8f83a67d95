/** What becomes of each input of a command: a line as JSON for each, the totals, and how long the rest will take. */
import { promises } from 'node:fs'
import { dirname } from 'node:path'
import { asTargetError, writeFileAtomically } from '../main/engine/store/atomicWriter'
import type { ErrorData } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import type { Context } from './context'
import { usage } from './arguments'
import { failureOf, report } from './failures'
import type { Input } from './inputs'
import { makeFolder } from './targets'

export type InputState = 'done' | 'skipped' | 'failed'

/** How many inputs ended how. `left` were not begun, because work was stopped or would have failed alike. */
export interface Totals {
  files: number
  done: number
  skipped: number
  failed: number
  left: number
  /** On the clock, from the first to the last. */
  seconds: number
}

export class Batch {
  /** The context for the work on one input: its progress tells of the whole batch as well. */
  readonly context: Context
  readonly #inputs: readonly Input[]
  readonly #ended = new Map<Input, InputState>()
  /** What JSON says, in order: a line for each input, or for each page of one. */
  readonly #lines: object[] = []
  readonly #begun = performance.now()
  /** Seconds that the inputs that are done took; those skipped say nothing about the rest. */
  #worked = 0

  constructor(inputs: readonly Input[], context: Context) {
    this.#inputs = inputs
    const { terminal } = context
    const progress = (line: string | null): void =>
      terminal.progress(line === null || inputs.length === 1 ? line : this.#progress(line))
    this.context = {
      ...context,
      terminal: {
        out: (line) => terminal.out(line),
        error: (line) => terminal.error(line),
        progress,
      },
    }
  }

  /** An input is done, after so many seconds; `lines` are what JSON says of it, one for each page. */
  done(input: Input, seconds: number, lines: readonly object[]): void {
    this.#worked += seconds
    this.#end(input, 'done', lines)
  }

  /** The result of an input is there already. */
  skipped(input: Input, out: string): void {
    this.#end(input, 'skipped', [{ out }])
    const { terminal, json } = this.context
    if (!json) terminal.out(m.cli_skipped({ path: input.path, out }))
  }

  /** Tells of an input that failed. */
  failed(data: ErrorData, input: Input): void {
    this.#end(input, 'failed', [{ error: failureOf(data) }])
    report({ ...this.context, json: false }, data)
  }

  get totals(): Totals {
    const states = [...this.#ended.values()]
    const count = (state: InputState): number => states.filter((each) => each === state).length
    return {
      files: this.#inputs.length,
      done: count('done'),
      skipped: count('skipped'),
      failed: count('failed'),
      left: this.#inputs.length - states.length,
      seconds: (performance.now() - this.#begun) / 1000,
    }
  }

  /**
   * Tells the totals, of several inputs or as JSON, and writes the report, whole or not at all: the lines of JSON, those
   * inputs that were not begun as `left`, and the totals.
   * @throws DarkroomError `target-unwritable`, `disk-full`
   */
  async finish(reportPath?: string): Promise<void> {
    const { terminal, json } = this.context
    const { totals } = this
    if (reportPath !== undefined) {
      const rest = this.#inputs.filter((input) => !this.#ended.has(input))
      const left = rest.map(({ path }) => ({ path, state: 'left' }))
      const text = JSON.stringify({ files: [...this.#lines, ...left], totals }, null, 2)
      await writeFileAtomically(reportPath, Buffer.from(`${text}\n`), { name: reportPath })
    }
    if (json) terminal.out(JSON.stringify({ totals }))
    else if (totals.files > 1) {
      terminal.out(m.cli_batch_totals({ ...totals, seconds: totals.seconds.toFixed(1) }))
    }
  }

  #end(input: Input, state: InputState, lines: readonly object[]): void {
    this.#ended.set(input, state)
    for (const more of lines) {
      const line = { path: input.path, state, ...more }
      this.#lines.push(line)
      if (this.context.json) this.context.terminal.out(JSON.stringify(line))
    }
  }

  #progress(line: string): string {
    const { files, done, left } = this.totals
    const minutes = done > 0 ? Math.ceil(((this.#worked / done) * left) / 60) : '…'
    return m.cli_batch_progress({ index: files - left + 1, count: files, minutes, line })
  }
}

/**
 * Sees that a report can be written before hours of work: its folder is made.
 * @throws DarkroomError `usage` for another ending than .json, `target-unwritable`, `disk-full`
 */
export async function checkReportPath(path: string): Promise<void> {
  if (!path.toLowerCase().endsWith('.json')) throw usage(m.cli_report_json({ path }))
  const folder = dirname(path)
  await makeFolder(folder, path)
  await promises.access(folder, promises.constants.W_OK).catch((error: unknown) => {
    throw asTargetError(error, path)
  })
}
