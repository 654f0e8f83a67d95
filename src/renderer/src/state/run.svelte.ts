import type { EngineEvents } from '../../../shared/contract'
import type { EpochRecord, LibraryItem, Preview, RunProgress } from '../../../shared/training'
import type { Ask } from '../bridge'
import { Curve } from './curve'
import { coalesced, type NextFrame } from './frames'

type Progress = EngineEvents['train.progress']

/** What a run needs from around it. */
export interface RunSurroundings {
  ask: Ask
  /** Something failed that the window did by itself. */
  failed: (error: unknown) => void
  now?: () => number
  nextFrame?: NextFrame
}

/**
 * One run as it is watched: where it stands, its curves and its pictures. Events may come before its history was read,
 * while it is read and after; each step and each epoch is shown once.
 */
export class RunState {
  readonly item: string
  progress = $state.raw<RunProgress | null>(null)
  phase = $state.raw<Progress['phase'] | null>(null)
  imagesPerSecond = $state.raw<number | null>(null)
  secondsLeft = $state.raw<number | null>(null)
  epochs = $state.raw<readonly EpochRecord[]>([])
  preview = $state.raw<Preview | null>(null)
  /** When its state was last known to be on disk, in milliseconds since 1970. */
  savedAt = $state.raw<number | null>(null)
  /** Its history was read. */
  loaded = $state(false)
  /** Raised with every change of {@link curve}. */
  version = $state(0)
  curve = new Curve()
  readonly #around: RunSurroundings
  readonly #show: () => void
  #waiting: Progress[] = []
  #records: EpochRecord[] = []
  #reading: Promise<void> | null = null
  #previewsAsked = 0
  #previewStale = false

  constructor(item: string, around: RunSurroundings) {
    this.item = item
    this.#around = around
    this.#show = coalesced(() => this.#flush(), around.nextFrame)
  }

  /** Reads what the library has of it, once; `again` reads anew, after the engine died for one. */
  load(again = false): Promise<void> {
    if (again) this.#reading = null
    else if (this.#reading && this.#previewStale) void this.#readPreview()
    this.#reading ??= this.#read()
    return this.#reading
  }

  progressed(event: Progress): void {
    this.#waiting.push(event)
    this.#show()
  }

  epochEnded(record: EpochRecord): void {
    this.#records.push(record)
    this.#show()
  }

  /** A new preview can be asked for: now, where it is seen, or when it will be. */
  previewed(seen: boolean): void {
    if (seen) void this.#readPreview()
    else this.#previewStale = true
  }

  /** Its state changed, as the library has it. */
  changed({ progress, changed }: LibraryItem): void {
    this.#flush()
    if (progress) this.progress = progress
    if (progress?.state !== 'running') {
      this.phase = null
      this.imagesPerSecond = null
      this.secondsLeft = null
    }
    this.savedAt = changed
  }

  /** The engine is gone; what runs goes on in the next one, from its last checkpoint. */
  lost(): void {
    this.phase = null
    this.imagesPerSecond = null
    this.secondsLeft = null
  }

  #flush(): void {
    const events = this.#waiting
    const records = this.#records
    this.#waiting = []
    this.#records = []
    const last = events.at(-1)
    if (last) {
      const points = events.flatMap((event) => event.points)
      if (points.length > 0) {
        this.curve.append(points)
        this.version += 1
      }
      this.progress = last.progress
      this.phase = last.phase
      this.imagesPerSecond = last.imagesPerSecond
      this.secondsLeft = last.secondsLeft
      if (events.some(({ phase }) => phase === 'save')) this.savedAt = this.#now()
      const { step } = last.progress
      if ((this.epochs.at(-1)?.step ?? 0) > step)
        this.epochs = this.epochs.filter((record) => record.step <= step)
    }
    if (records.length > 0) this.epochs = records.reduce(withEpoch, this.epochs)
  }

  async #read(): Promise<void> {
    const { ask, failed } = this.#around
    try {
      const [history] = await Promise.all([
        ask('library.history', { item: this.item }),
        this.#readPreview(),
      ])
      this.#flush()
      const read = Curve.of(history.points)
      read.extend(this.curve)
      this.curve = read
      this.epochs = this.epochs
        .filter(({ epoch }) => epoch > (history.epochs.at(-1)?.epoch ?? 0))
        .reduce(withEpoch, history.epochs as readonly EpochRecord[])
      this.version += 1
      this.loaded = true
    } catch (error) {
      this.#reading = null
      failed(error)
    }
  }

  async #readPreview(): Promise<void> {
    const { ask, failed } = this.#around
    const asked = ++this.#previewsAsked // one that is still on its way makes way for it
    this.#previewStale = false
    try {
      const preview = await ask('library.preview', { item: this.item })
      if (preview && asked === this.#previewsAsked) this.preview = preview
    } catch (error) {
      failed(error)
    }
  }

  #now(): number {
    return (this.#around.now ?? Date.now)()
  }
}

/** The records with one more; an epoch that is made again replaces itself and what came after it. */
function withEpoch(records: readonly EpochRecord[], record: EpochRecord): readonly EpochRecord[] {
  return [...records.filter(({ epoch }) => epoch < record.epoch), record]
}
