/** What `train` tells while a run trains: lines of JSON, or a line an epoch and one that is written over. */
import type { Emit, EngineEvents } from '../shared/contract'
import { m } from '../shared/messages/compiled/messages'
import type { EpochRecord, LibraryItem } from '../shared/training'
import type { Context } from './context'

type Progress = EngineEvents['train.progress']

/** Milliseconds between two lines of progress. */
const INTERVAL = 1000

const phaseWords: Record<Progress['phase'], () => string> = {
  data: m.cli_phase_data,
  compile: m.cli_phase_compile,
  train: m.cli_phase_train,
  validate: m.cli_phase_validate,
  compare: m.cli_phase_compare,
  save: m.cli_phase_save,
}

/** A loss with as many digits as tell something. */
export const shortly = (value: number): string => value.toPrecision(5)

/** Tells of one run; {@link item} is it as it was last heard of. */
export class RunReport {
  readonly emit: Emit
  readonly #context: Context
  readonly #name: string
  #item: LibraryItem | null = null
  #told = -Infinity
  #phase: Progress['phase'] | null = null

  constructor(context: Context, name: string) {
    this.#context = context
    this.#name = name
    this.emit = (event: string, payload: unknown) => this.#hear(event, payload)
  }

  /** The run as the engine last announced it. */
  get item(): LibraryItem | null {
    return this.#item
  }

  #hear(event: string, payload: unknown): void {
    if (event === 'train.progress') this.#progress(payload as Progress)
    else if (event === 'train.epoch') this.#epoch((payload as EngineEvents['train.epoch']).record)
    else if (event === 'library.changed')
      this.#item = (payload as EngineEvents['library.changed']).item ?? this.#item
  }

  #progress({ progress, points, imagesPerSecond, secondsLeft, phase }: Progress): void {
    const now = performance.now()
    if (phase === this.#phase && now - this.#told < INTERVAL) return
    if (now - this.#told < INTERVAL && this.#context.json) return
    this.#told = now
    this.#phase = phase
    const { epoch, epochs, step, steps } = progress
    const { terminal, json } = this.#context
    if (json) {
      const loss = points.at(-1)?.loss ?? null
      const state = { phase, epoch, epochs, step, steps, loss, imagesPerSecond, secondsLeft }
      terminal.out(JSON.stringify({ event: 'progress', ...state }))
      return
    }
    const percent = steps > 0 && step > 0 ? Math.floor((100 * step) / steps) : 0
    const seconds = secondsLeft === null ? '…' : Math.ceil(secondsLeft)
    terminal.progress(
      phase === 'data' || phase === 'compile'
        ? `${this.#name}: ${phaseWords[phase]()}`
        : m.cli_run_progress({ name: this.#name, what: phaseWords[phase](), percent, seconds }),
    )
  }

  #epoch(record: EpochRecord): void {
    const { terminal, json } = this.#context
    if (json) {
      terminal.out(JSON.stringify({ event: 'epoch', ...record }))
      return
    }
    const { epoch, seconds, training, validation } = record
    const words = { epoch, loss: shortly(training.loss), seconds: seconds.toFixed(1) }
    terminal.out(
      validation
        ? m.cli_epoch_validated({ ...words, validation: shortly(validation.loss) })
        : m.cli_epoch(words),
    )
  }
}
