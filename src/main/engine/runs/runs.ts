/**
 * Training runs as a service: started, queued, paused, resumed and stopped by requests, one at a time, reported by
 * events. The library's files are the truth: what is here is only what is being done with them.
 */
import type { Emit } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem, RunConfig, RunState } from '../../../shared/training'
import { threads } from '../runtime/environment'
import { tensorflowVersion } from '../runtime/tensorflow'
import type { Library } from '../store/library'
import { tensorsUnder, type RunFile } from '../store/runFile'
import { noHistory } from '../training/position'
import { ActiveRun, type Ending } from './activeRun'
import type { Places } from './prepare'

export interface RunsOptions {
  library: Library
  places: Places
}

export interface StartOptions {
  config: RunConfig
  name: string
  group: string | null
  /** The command that makes the run again, for its card. */
  command: string
}

/** A run that waits. Its lock is held from here on: no other process takes it up. */
interface Waiting {
  item: string
  emit: Emit
  release: () => Promise<void>
}

interface Active {
  run: ActiveRun
  ended: Promise<void>
}

const progressOf = (file: RunFile, state: RunState): RunFile['progress'] => ({
  ...file.progress,
  state,
  error: null,
})

function withoutState(model: string): DarkroomError {
  const reason = 'it was exported without what training needs to go on'
  return new DarkroomError('model-unsuitable', `${model}: ${reason}`, { model, reason })
}

const nothing = (): Promise<void> => Promise.resolve()

async function releasingOnFailure<T>(release: () => Promise<void>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await release()
    throw error
  }
}

export class Runs {
  readonly #options: RunsOptions
  readonly #queue: Waiting[] = []
  #active: Active | null = null
  #advancing: Promise<void> | null = null

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Adds a run to the library and starts it, or queues it behind the one that runs. A taken name gets a number. */
  async start({ config, name, group, command }: StartOptions, emit: Emit): Promise<LibraryItem> {
    const { library } = this.#options
    const file: RunFile = {
      config,
      card: {
        name,
        created: Date.now(),
        data: null,
        parameters: 0,
        measured: [],
        licence: '',
        command,
        tensorflow: tensorflowVersion,
        threads,
        group,
      },
      progress: {
        state: 'queued',
        epoch: 0,
        epochs: config.training.epochs,
        step: 0,
        steps: config.training.epochs,
        seconds: 0,
        best: null,
        error: null,
      },
      history: noHistory,
      validation: null,
      position: null,
      preview: null,
      tensors: new Map(),
    }
    const item = library.newItem()
    const release = await library.lock(item)
    const created = await releasingOnFailure(release, library.create(name, file, item))
    emit('library.changed', { item: created })
    this.#enqueue({ item, emit, release })
    return created
  }

  /**
   * Goes on with a run that was paused, stopped or failed, or that has epochs left.
   * @throws DarkroomError `item-busy` where another process has it, `item-read-only`, `model-unsuitable`
   */
  async resume(item: string, emit: Emit): Promise<void> {
    if (this.#isBusy(item)) return
    const { library } = this.#options
    const release = await library.lock(item)
    const marking = library.read(item).then(async (file) => {
      const trained = tensorsUnder(file.tensors, 'last').size > 0
      if (file.progress.step > 0 && !trained) throw withoutState(file.card.name)
      return this.#mark(item, 'queued', emit, file)
    })
    await releasingOnFailure(release, marking)
    this.#enqueue({ item, emit, release })
  }

  /** Ends a run where it is; returns once that is on disk. A run that neither runs nor waits is left as it is. */
  async end(item: string, ending: Ending, emit: Emit): Promise<void> {
    const waiting = this.#queue.findIndex((each) => each.item === item)
    if (waiting >= 0) {
      const [{ release } = { release: nothing }] = this.#queue.splice(waiting, 1)
      await this.#mark(item, ending, emit).finally(release)
    } else if (this.#active?.run.item === item) {
      this.#active.run.end(ending)
      await this.#active.ended
    }
  }

  /**
   * `paused`: ends all that runs or waits, so that it stays so. `running`: writes a checkpoint of what runs and trains
   * on. Returns once everything is on disk.
   */
  async suspend(as: 'paused' | 'running', emit: Emit): Promise<void> {
    if (as === 'running') return this.#active?.run.save()
    for (const { item } of [...this.#queue]) await this.end(item, 'paused', emit)
    if (this.#active) await this.end(this.#active.run.item, 'paused', emit)
  }

  /** Ends what runs, to go on at the next start. For the end of the engine. */
  async close(emit: Emit): Promise<void> {
    for (const { release } of this.#queue.splice(0)) await release() // they stay queued in their files
    if (this.#active) await this.end(this.#active.run.item, 'running', emit)
  }

  /** Queues what was running or waiting when an engine died, the oldest first. */
  async resumeInterrupted(emit: Emit): Promise<void> {
    const { library } = this.#options
    const interrupted = await library.interrupted()
    const order = ({ progress }: LibraryItem): number => (progress?.state === 'running' ? 0 : 1)
    interrupted.sort((a, b) => order(a) - order(b) || a.created - b.created)
    for (const found of interrupted) {
      const { item } = found
      if (this.#isBusy(item)) continue
      const release = await library.lock(item).catch(() => null) // another process was quicker
      if (!release) continue
      emit('library.changed', { item: found })
      this.#enqueue({ item, emit, release })
    }
  }

  /** The run that is being trained, if it is this one. */
  activeRun(item: string): ActiveRun | null {
    return this.#active?.run.item === item ? this.#active.run : null
  }

  /** Returns once nothing runs and nothing waits. */
  async idle(): Promise<void> {
    while (this.#advancing) await this.#advancing
  }

  #isBusy(item: string): boolean {
    return this.#active?.run.item === item || this.#queue.some((each) => each.item === item)
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting)
    this.#advancing ??= this.#advance().finally(() => (this.#advancing = null))
  }

  async #advance(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { emit } = next
      await this.#train(next).catch(() => emit('library.changed', { item: null }))
    }
  }

  /** Trains one run under its lock, and says how it ended. */
  async #train({ item, emit, release }: Waiting): Promise<void> {
    const { library, places } = this.#options
    let settle = nothing
    const ended = new Promise<void>((resolve) => (settle = () => Promise.resolve(resolve())))
    const run = new ActiveRun({ library, item, emit, places })
    this.#active = { run, ended }
    try {
      await this.#mark(item, 'running', emit)
      emit('library.changed', { item: await run.run() })
    } finally {
      await release()
      this.#active = null
      await settle()
    }
  }

  /** Writes a run's new state into its file, which is read for it unless it is at hand. */
  async #mark(item: string, state: RunState, emit: Emit, read?: RunFile): Promise<LibraryItem> {
    const { library } = this.#options
    const file = read ?? (await library.read(item))
    await library.write(item, { ...file, progress: progressOf(file, state) })
    const found = await library.item(item)
    emit('library.changed', { item: found })
    return found
  }
}
