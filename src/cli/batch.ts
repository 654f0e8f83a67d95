/** What becomes of each input of a command, told on the terminal: a line as JSON for each, the totals, the time left. */
import { linesOf, type InputOutcome } from '../main/engine/batch/denoise'
import type { Input } from '../main/engine/batch/inputs'
import { Ledger, prepareReport, type Ending } from '../main/engine/batch/ledger'
import type { ErrorData } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import type { Look } from '../shared/types'
import type { Context } from './context'
import { usage } from './arguments'
import { failureOf, report } from './failures'

export class Batch {
  /** The context for the work on one input: its progress tells of the whole batch as well. */
  readonly context: Context
  readonly #ledger: Ledger<Input>

  constructor(inputs: readonly Input[], context: Context) {
    this.#ledger = new Ledger(inputs)
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

  /** An input is done after so many seconds, or its result is there already. */
  ended(input: Input, outcome: InputOutcome, seconds: number, look: Look): void {
    this.#end(input, { state: outcome.state, seconds, lines: linesOf(outcome, look) })
    const { terminal, json } = this.context
    if (outcome.state === 'skipped' && !json)
      terminal.out(m.cli_skipped({ path: input.path, out: outcome.out }))
  }

  /** Tells of an input that failed. */
  failed(data: ErrorData, input: Input): void {
    this.#end(input, { state: 'failed', seconds: 0, lines: [{ error: failureOf(data) }] })
    report({ ...this.context, json: false }, data)
  }

  /**
   * Tells the totals, of several inputs or as JSON, and writes the report.
   * @throws DarkroomError `target-unwritable`, `disk-full`
   */
  async finish(reportPath?: string): Promise<void> {
    const { terminal, json } = this.context
    const { totals } = this.#ledger
    if (reportPath !== undefined) await this.#ledger.write(reportPath)
    if (json) terminal.out(JSON.stringify({ totals }))
    else if (totals.files > 1) {
      terminal.out(m.cli_batch_totals({ ...totals, seconds: totals.seconds.toFixed(1) }))
    }
  }

  #end(input: Input, ending: Ending): void {
    for (const line of this.#ledger.end(input, ending)) {
      if (this.context.json) this.context.terminal.out(JSON.stringify(line))
    }
  }

  #progress(line: string): string {
    const { files, left } = this.#ledger.totals
    const seconds = this.#ledger.secondsLeft()
    const minutes = seconds === null ? '…' : Math.ceil(seconds / 60)
    return m.cli_batch_progress({ index: files - left + 1, count: files, minutes, line })
  }
}

/**
 * Sees that a report can be written before hours of work.
 * @throws DarkroomError `usage` for another ending than .json, `target-unwritable`, `disk-full`
 */
export async function checkReportPath(path: string): Promise<void> {
  if (!path.toLowerCase().endsWith('.json')) throw usage(m.cli_report_json({ path }))
  await prepareReport(path)
}
