/** One run being trained: from its file, through the loop, back into its file. */
import type { Emit } from '../../../shared/contract'
import { DarkroomError, errorToData } from '../../../shared/errors'
import type { LibraryItem, Preview, RunProgress, RunState } from '../../../shared/training'
import { threads } from '../runtime/environment'
import { tensorflowVersion } from '../runtime/tensorflow'
import type { Library } from '../store/library'
import type { LiveRun } from '../store/libraryHandlers'
import { previewOf, storedPreview } from '../store/previews'
import { tensorsAs, tensorsUnder, type RunFile } from '../store/runFile'
import { DivergenceGuard } from '../training/divergence'
import { breathe, train, type LoopView, type Observer, type RunMemory } from '../training/loop'
import { position, startPosition, type Position } from '../training/position'
import { Checkpoint } from './checkpoint'
import { prepare, type Places, type Prepared } from './prepare'
import { Reporter } from './reporter'

/** How a run that was asked to stop shall stand afterwards. */
export type Ending = Extract<RunState, 'paused' | 'stopped' | 'running'>

export interface ActiveRunOptions {
  library: Library
  item: string
  emit: Emit
  places: Places
}

/** Where the loop stands, from a run's file. @throws DarkroomError `model-damaged` */
function memoryOf(file: RunFile): RunMemory {
  if (file.position === null)
    return { position: { ...startPosition }, history: file.history, best: null }
  const parsed = position.safeParse(file.position)
  if (!parsed.success) {
    throw new DarkroomError('model-damaged', `${file.card.name}: its position cannot be read`, {
      file: file.card.name,
    })
  }
  const best = tensorsUnder(file.tensors, 'best')
  return { position: parsed.data, history: file.history, best: best.size > 0 ? best : null }
}

export class ActiveRun {
  readonly item: string
  readonly #options: ActiveRunOptions
  readonly #stop = new AbortController()
  #ending: Ending = 'paused'
  #file!: RunFile
  #read = false
  #memory!: RunMemory
  #prepared: Prepared | null = null
  #preview: Preview | null = null
  #state: RunState = 'running'
  #error: RunProgress['error'] = null
  #checkpoint: Checkpoint | null = null
  #loop: LoopView | null = null

  constructor(options: ActiveRunOptions) {
    this.item = options.item
    this.#options = options
  }

  /** Asks the run to end where it is; {@link run} returns soon after. The first to ask decides how. */
  end(ending: Ending): void {
    if (this.#stop.signal.aborted) return
    this.#ending = ending
    this.#stop.abort()
  }

  /** The run as it is now, ahead of its file; null before it was read. */
  get live(): LiveRun | null {
    if (!this.#read) return null
    return {
      progress: this.#progress,
      history: this.#memory.history,
      preview: this.#preview ?? previewOf(this.#file),
    }
  }

  /** Writes a checkpoint while training goes on, and returns once it is on disk. */
  async save(): Promise<void> {
    if (this.#loop) await this.#checkpoint?.saveNow(this.#loop)
  }

  /**
   * Trains until the end, or until asked to end. Never throws: what went wrong is the item's state.
   * The caller holds the item's lock.
   */
  async run(): Promise<LibraryItem> {
    const { library, item } = this.#options
    try {
      this.#file = await library.read(item)
      this.#memory = memoryOf(this.#file)
      this.#read = true
      const state = await this.#train()
      return await this.#close(state, null)
    } catch (error) {
      return await this.#fail(error)
    } finally {
      this.#prepared?.task.close()
    }
  }

  async #train(): Promise<RunState> {
    const { emit, places } = this.#options
    const reporter = new Reporter(emit, this.item, () => this.#progress)
    const { signal } = this.#stop
    const onPhase = (phase: 'data' | 'compile'): void => reporter.phase(phase)
    const prepared = await this.#prepare(onPhase, places, signal)
    if (!prepared) return this.#ending
    const { task } = prepared
    const last = tensorsUnder(this.#file.tensors, 'last')
    if (last.size > 0) task.assign(last)
    else task.start()
    this.#file = { ...this.#file, card: this.#cardOf(prepared) }
    await breathe()

    const loop: LoopView = { task, config: this.#file.config.training, memory: this.#memory }
    this.#loop = loop
    this.#checkpoint = new Checkpoint({
      save: () => {
        reporter.phase('save')
        return this.#save('running')
      },
    })
    const outcome = await train(
      loop,
      [new DivergenceGuard(loop), reporter, this.#previewer(), this.#checkpoint],
      signal,
    )
    const ended = outcome === 'finished' && (await this.#compare(prepared, reporter, signal))
    reporter.phase('save')
    return ended ? 'finished' : this.#ending
  }

  /** False when the run was asked to end meanwhile: it compares when it goes on. */
  async #compare(
    { compare, task }: Prepared,
    reporter: Reporter,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (!compare) return true
    reporter.phase('compare')
    try {
      const comparison = await compare(this.#memory.best ?? task.read('weights'), signal)
      if (comparison) this.#file = { ...this.#file, card: { ...this.#file.card, comparison } }
      return true
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }

  /** Null when the run was asked to end meanwhile. */
  async #prepare(
    onPhase: (phase: 'data' | 'compile') => void,
    places: Places,
    signal: AbortSignal,
  ): Promise<Prepared | null> {
    try {
      this.#prepared = await prepare(this.#file.config, { ...places, signal, onPhase })
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
    return signal.aborted ? null : this.#prepared
  }

  #previewer(): Observer {
    const { emit } = this.#options
    return {
      epoch: (_loop, { epoch }) => {
        this.#preview = (this.#prepared as Prepared).preview(epoch)
        emit('train.preview', { item: this.item, epoch })
      },
    }
  }

  get #progress(): RunProgress {
    const { epochs } = this.#file.config.training
    const { epoch, step, seconds, best } = this.#memory.position
    const perEpoch = this.#prepared?.task.stepsPerEpoch
    return {
      state: this.#state,
      epoch,
      epochs,
      step,
      steps: perEpoch === undefined ? this.#file.progress.steps : epochs * perEpoch,
      seconds,
      best: best && { epoch: best.epoch, loss: best.loss },
      error: this.#error,
    }
  }

  #cardOf({ card, parameters }: Prepared): RunFile['card'] {
    return { ...this.#file.card, data: card, parameters, tensorflow: tensorflowVersion, threads }
  }

  /** The run's file as it is now; the tensors are read at once, the rest is written while others work. */
  #save(state: RunState, error: RunProgress['error'] = null): Promise<void> {
    this.#state = state
    this.#error = error
    const { library, item } = this.#options
    const { position: at, history, best } = this.#memory
    const shown = this.#preview ? storedPreview(this.#preview) : keptPreview(this.#file)
    const tensors = new Map([
      ...tensorsAs('best', best ?? new Map()),
      ...tensorsAs(
        'last',
        this.#loop?.task.read('all') ?? tensorsUnder(this.#file.tensors, 'last'),
      ),
      ...shown.tensors,
    ])
    const file: RunFile = {
      config: this.#file.config,
      card: this.#file.card,
      progress: this.#progress,
      history,
      validation: at.best?.losses ?? null,
      position: jsonOf(at),
      preview: shown.preview,
      tensors,
    }
    this.#file = file
    return library.write(item, file)
  }

  async #close(state: RunState, error: RunProgress['error']): Promise<LibraryItem> {
    await this.#checkpoint?.settle()
    await this.#save(state, error)
    return this.#options.library.item(this.item)
  }

  /** Keeps the last good state. When even that cannot be written (a full disk), the last checkpoint stays as it is. */
  async #fail(error: unknown): Promise<LibraryItem> {
    const data = errorToData(error)
    const { library, item } = this.#options
    if (this.#read) {
      const written = await this.#save('failed', data).then(
        () => true,
        () => false,
      )
      const found = await library.item(item)
      return written ? found : { ...found, progress: this.#progress }
    }
    const found = await library.item(item)
    return found.progress
      ? { ...found, progress: { ...found.progress, state: 'failed', error: data } }
      : found
  }
}

const jsonOf = (value: Position): RunFile['position'] =>
  JSON.parse(JSON.stringify(value)) as RunFile['position']

/** The preview that a file already has. */
function keptPreview({ preview, tensors }: RunFile): {
  preview: RunFile['preview']
  tensors: RunFile['tensors']
} {
  const pictures = [...tensors].filter(([name]) => name.startsWith('preview/'))
  return { preview, tensors: new Map(pictures) }
}
