/** A batch as a job: one input after the other, with pause, cancel within a tile, and a record to resume from. */
import { basename } from 'node:path'
import type { Batch, BatchProgress, BatchRow, BatchState, BatchWish } from '../../../shared/batch'
import { DarkroomError, errorFromData, errorToData, type ErrorData } from '../../../shared/errors'
import { resultNameOf } from '../../../shared/resultNames'
import { denoiseInput, linesOf, type DenoiseWish, type InputOutcome } from './denoise'
import { isLasting, workThrough } from './failures'
import type { PhotoHandlers } from './files'
import { expandInputs, type Input } from './inputs'
import { Ledger, type Ending } from './ledger'
import type { BatchRecord } from './record'
import { Targets } from './targets'

/** An input, and what is shown of it. */
interface Place extends Input {
  row: BatchRow
}

interface Surroundings {
  handlers: PhotoHandlers
  /** Something changed: these rows, or only how far it is. */
  changed: (rows: readonly number[]) => void
}

/** What is shown of an input that was not begun. */
export const rowOf = ({ place, error }: Input): BatchRow => ({
  name: place,
  state: error ? 'failed' : 'waiting',
  sigma: null,
  seconds: null,
  depth: null,
  error: error ? withName(errorToData(error)) : null,
})

/** Files by their names: their paths are not for the window. */
function withName(data: ErrorData): ErrorData {
  const params = Object.entries(data.params).map(([name, value]) => [
    name,
    (name === 'file' || name === 'other') && typeof value === 'string' ? basename(value) : value,
  ])
  return { ...data, params: Object.fromEntries(params) as ErrorData['params'] }
}

interface BatchAsked {
  folder: string
  wish: BatchWish
}

function targetsOf(inputs: readonly Input[], { folder, wish }: BatchAsked): Targets {
  const { format, pattern, model } = wish
  const nameOf = pattern === '{name}' ? undefined : resultNameOf(pattern, model)
  const names = { format: format ?? undefined, nameOf }
  return new Targets(inputs, { out: folder, isFolder: true, ...names })
}

/** What a batch is to work on: what is at these paths, without the results of an earlier batch among them. */
export async function inputsOf(
  paths: readonly string[],
  asked: BatchAsked,
): Promise<readonly Input[]> {
  const inputs = await expandInputs(paths, asked.folder)
  return targetsOf(inputs, asked).withoutResults(asked.wish.skipExisting)
}

/** What is shown of an input once its result is there. */
function shownOf(outcome: InputOutcome): Pick<BatchRow, 'sigma' | 'depth'> {
  if (outcome.state === 'skipped') return { sigma: null, depth: null }
  const { results, pages, bits } = outcome
  const fileBits = Math.max(...pages.map((page) => page.fileBits))
  return { sigma: results[0]?.report.sigma ?? null, depth: { bits, fileBits } }
}

export class BatchRun {
  readonly wish: BatchWish
  readonly #folder: string
  readonly #places: readonly Place[]
  readonly #ledger: Ledger<Place>
  readonly #targets: Targets
  readonly #around: Surroundings
  #state: BatchState
  #current: BatchProgress['current'] = null
  #error: ErrorData | null = null
  #stop = new AbortController()
  #working: Promise<void> = Promise.resolve()

  private constructor(
    places: readonly Place[],
    { folder, wish, spent }: Pick<BatchRecord, 'folder' | 'wish' | 'spent'>,
    around: Surroundings,
    state: BatchState,
  ) {
    this.wish = wish
    this.#folder = folder
    this.#places = places
    this.#ledger = new Ledger(places, spent)
    this.#targets = targetsOf(places, { folder, wish })
    this.#around = around
    this.#state = state
  }

  static of(inputs: readonly Input[], asked: BatchAsked, around: Surroundings): BatchRun {
    const places = inputs.map((input) => ({ ...input, row: rowOf(input) }))
    return new BatchRun(places, { ...asked, spent: 0 }, around, 'paused')
  }

  /** A batch that an engine ended over. */
  static from(record: BatchRecord, around: Surroundings): BatchRun {
    const places = record.inputs.map(({ path, place, row, ending }): Place => {
      if (!ending && row.error) return { path, place, row, error: errorFromData(row.error) }
      return { path, place, row: ending ? row : { ...row, state: 'waiting' } }
    })
    const run = new BatchRun(places, record, around, 'interrupted')
    run.#ledger.hold()
    for (const [index, { ending }] of record.inputs.entries()) {
      const place = places[index]
      if (!ending || !place) continue
      run.#ledger.end(place, ending)
      const out = ending.lines[0]?.['out']
      if (typeof out === 'string') run.#targets.keep(place, out)
    }
    return run
  }

  get state(): BatchState {
    return this.#state
  }

  get progress(): BatchProgress {
    return {
      state: this.#state,
      folder: basename(this.#folder),
      totals: this.#ledger.totals,
      secondsLeft: this.#ledger.secondsLeft(this.#current?.share),
      current: this.#current,
      error: this.#error,
    }
  }

  get view(): Batch {
    return { ...this.progress, wish: this.wish, rows: this.#places.map(({ row }) => row) }
  }

  /** What {@link BatchRun.from} goes on with; null once there is nothing to go on with. */
  get record(): BatchRecord | null {
    if (this.#state === 'finished' || this.#state === 'cancelled') return null
    const inputs = this.#places.map((place) => ({
      ...{ path: place.path, place: place.place, row: place.row },
      ending: this.#ledger.ending(place) ?? null,
    }))
    const spent = this.#ledger.totals.seconds
    return { version: 1, folder: this.#folder, wish: this.wish, spent, inputs }
  }

  row(index: number): BatchRow | undefined {
    return this.#places[index]?.row
  }

  /** The file of a row, and that of its result where there is one. */
  paths(index: number): { source: string; result: string | null } | null {
    const place = this.#places[index]
    if (!place) return null
    const out = this.#ledger.ending(place)?.lines[0]?.['out']
    return { source: place.path, result: typeof out === 'string' ? out : null }
  }

  /**
   * Writes what became of each input. @returns its size
   * @throws DarkroomError `target-is-source`, `target-unwritable`, `disk-full`
   */
  async writeReport(path: string): Promise<number> {
    await this.#targets.refuseSource(path)
    return this.#ledger.write(path)
  }

  /** Begins, or goes on where it was. */
  resume(): void {
    if (this.#state !== 'paused' && this.#state !== 'interrupted') return
    this.#stop = new AbortController()
    this.#error = null
    this.#ledger.go()
    this.#enter('running')
    this.#working = this.#work(this.#stop.signal)
  }

  /** Returns once nothing is worked on; the input that was is begun anew by {@link resume}. */
  async pause(): Promise<void> {
    this.#stop.abort()
    await this.#working
  }

  /** Ends it for good; returns once nothing is worked on. */
  async cancel(): Promise<void> {
    await this.pause()
    if (this.#state !== 'finished') this.#enter('cancelled')
  }

  async #work(signal: AbortSignal): Promise<void> {
    await workThrough(
      this.#places,
      async (place, index) => {
        if (!this.#ledger.ending(place)) await this.#denoise(place, index, signal)
      },
      (data, place, index) => this.#failed(data, place, index),
    )
    this.#current = null
    this.#ledger.hold()
    this.#enter(this.#ledger.totals.left > 0 ? 'paused' : 'finished')
  }

  async #denoise(place: Place, index: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new DarkroomError('cancelled', 'cancelled')
    const begun = performance.now()
    this.#current = { row: index, share: 0 }
    this.#show(index, { state: 'running' })
    const outcome = await denoiseInput(place, this.#denoising, {
      handlers: this.#around.handlers,
      targets: this.#targets,
      follower: () => ({ signal, progress: ({ share }) => this.#progressed(index, share) }),
    })
    const seconds = outcome.state === 'done' ? (performance.now() - begun) / 1000 : 0
    const lines = linesOf(outcome, this.wish.look)
    this.#end(place, index, { state: outcome.state, seconds, lines }, shownOf(outcome))
  }

  get #denoising(): DenoiseWish {
    const { model, sigma, look, quality, keepMetadata, skipExisting } = this.wish
    const files = { bits: null, quality, keepMetadata }
    return { model, sigma, look, files, page: null, skipExisting, score: false }
  }

  /** One failed, which ended it; or all would fail alike, and it waits until someone has seen to that. */
  #failed(data: ErrorData, place: Place, index: number): void {
    const { code, message } = data
    if (code === 'cancelled') return this.#show(index, { state: 'waiting' })
    const error = withName(data)
    if (isLasting(code)) {
      this.#error = error
      return this.#show(index, { state: 'waiting' })
    }
    const lines = [{ error: { code, message } }]
    this.#end(place, index, { state: 'failed', seconds: 0, lines }, { error })
  }

  #end(place: Place, index: number, ending: Ending, more: Partial<BatchRow>): void {
    this.#ledger.end(place, ending)
    const { state, seconds } = ending
    this.#show(index, { state, seconds: state === 'done' ? seconds : null, ...more })
  }

  #show(index: number, change: Partial<BatchRow>): void {
    const place = this.#places[index]
    if (!place) return
    place.row = { ...place.row, ...change }
    this.#around.changed([index])
  }

  #progressed(row: number, share: number): void {
    this.#current = { row, share }
    this.#around.changed([])
  }

  #enter(state: BatchState): void {
    this.#state = state
    this.#around.changed([])
  }
}
