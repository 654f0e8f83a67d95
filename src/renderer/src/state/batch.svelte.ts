import { automatic } from '../../../shared/automaticModel'
import type { Batch, BatchProgress, BatchRow, BatchWish } from '../../../shared/batch'
import type { FileHandle, WindowEvents } from '../../../shared/contract'
import { m } from '../../../shared/messages/compiled/messages'
import { patternFault, type PatternFault } from '../../../shared/resultNames'
import type { Ask } from '../bridge'
import { exportTo } from './exporting'
import type { Notices } from './notices.svelte'
import type { Photos } from './photos.svelte'
import { choiceKey, initialPhotoSettings, lookOf } from './photoSettings'
import type { SettingsState } from './settings.svelte'

interface BatchAround {
  ask: Ask
  notices: Notices
  settings: SettingsState
  photos: () => Photos
  /** Shows the screen that the batch is on. */
  goTo: () => void
}

/** What is set for a batch; quality and metadata are those of every export. */
export type BatchChoice = Omit<BatchWish, 'quality' | 'keepMetadata'>

/** The batch: what it is to be while it is set up, and how far it is once it was started. */
export class BatchState {
  /** The Denoise screen shows the batch instead of the photo. */
  shown = $state(false)
  /** Photos and folders to denoise. */
  entries = $state.raw<readonly FileHandle[]>([])
  /** Where results go. */
  folder = $state.raw<FileHandle | null>(null)
  choice = $state.raw<BatchChoice>({
    ...{ model: automatic, sigma: null, look: lookOf(initialPhotoSettings) },
    ...{ pattern: '{name}', format: null, skipExisting: true },
  })
  /** Null while a batch is set up. */
  progress = $state.raw<BatchProgress | null>(null)
  /** What it works on, or would. */
  rows = $state.raw<readonly BatchRow[]>([])
  /** It is being handed to the engine. */
  starting = $state(false)
  /** What the batch that was started is done with. */
  #wish: BatchWish | null = null
  /** The photo settings that were taken over last. */
  #taken = ''
  /** Changes told before the request that began it was answered. */
  #early: WindowEvents['batch.changed'][] = []
  readonly #around: BatchAround

  constructor(around: BatchAround) {
    this.#around = around
  }

  /** It goes on, or can. */
  get open(): boolean {
    const state = this.progress?.state
    return state === 'running' || state === 'paused' || state === 'interrupted'
  }

  /** What is wrong with the pattern of names. */
  get fault(): PatternFault | null {
    return patternFault(this.choice.pattern, this.choice.model)
  }

  get canStart(): boolean {
    return this.rows.length > 0 && this.folder !== null && this.fault === null && !this.starting
  }

  /** 0–1 of the whole. */
  get share(): number {
    if (!this.progress) return 0
    const { totals, current } = this.progress
    return (totals.files - totals.left + (current?.share ?? 0)) / Math.max(1, totals.files)
  }

  change(patch: Partial<BatchChoice>): void {
    this.choice = { ...this.choice, ...patch }
  }

  /** Shows it, with the settings of the photo that was looked at, where they are others than the last time. */
  show(): void {
    const photos = this.#around.photos()
    const photo = photos.active
    const key = photo ? choiceKey(photo.settings) : this.#taken
    if (photo && key !== this.#taken && !this.progress) {
      const { model, sigma } = photo.settings
      this.change({ model: model ?? automatic, sigma, look: lookOf(photo.settings) })
    }
    this.#taken = key
    this.shown = true
    this.#around.goTo()
  }

  /** Adds photos and folders to what is set up; not to one that goes on. */
  async add(entries: readonly FileHandle[]): Promise<void> {
    if (entries.length === 0 || this.starting || this.open) return this.show()
    if (this.progress) this.clear()
    this.show()
    const isKnown = (wanted: string) => this.entries.some(({ file }) => file === wanted)
    this.entries = [...this.entries, ...entries.filter(({ file }) => !isKnown(file))]
    await this.#try(async () => {
      const files = this.entries.map(({ file }) => file)
      this.rows = await this.#around.ask('batch.find', { files })
    })
  }

  async addPhotos(): Promise<void> {
    await this.#try(async () => this.add(await this.#around.ask('files.chooseImages', {})))
  }

  async addFolder(): Promise<void> {
    await this.#try(async () => {
      const chosen = await this.#around.ask('files.chooseFolder', { use: 'photos' })
      if (chosen) await this.add([chosen])
    })
  }

  async chooseTarget(): Promise<void> {
    await this.#try(async () => {
      const chosen = await this.#around.ask('files.chooseFolder', { use: 'results' })
      this.folder = chosen ?? this.folder
    })
  }

  /** Sets up another. */
  clear(): void {
    this.progress = null
    this.entries = []
    this.rows = []
  }

  async start(): Promise<void> {
    const { folder } = this
    if (!this.canStart || !folder) return
    const { exportQuality: quality, keepMetadata } = this.#around.settings.current
    const wish = { ...this.choice, quality, keepMetadata }
    this.starting = true
    await this.#try(async () => {
      const files = this.entries.map(({ file }) => file)
      this.#take(await this.#around.ask('batch.start', { files, folder: folder.file, wish }))
    })
    this.starting = false
  }

  pause = (): Promise<void> => this.#try(() => this.#around.ask('batch.pause', {}))
  resume = (): Promise<void> => this.#try(() => this.#around.ask('batch.resume', {}))
  cancel = (): Promise<void> => this.#try(() => this.#around.ask('batch.cancel', {}))
  reveal = (row: number): Promise<void> =>
    this.#try(() => this.#around.ask('batch.reveal', { row }))

  /** Opens a row's photo beside the others, with the settings of the batch: the same pixels as its result. */
  async openRow(row: number): Promise<void> {
    await this.#try(async () => {
      const photos = this.#around.photos()
      const source = await this.#around.ask('batch.source', { row })
      const known = () =>
        photos.list.find(({ source: of }) => 'file' in of && of.file === source.file)
      if (!known()) await photos.open([source])
      const photo = known()
      if (!photo) return // it failed to open, which was told
      photos.select(photo)
      if (this.#wish) {
        const { model, sigma, look } = this.#wish
        photo.change({ model, sigma, ...look })
      }
      this.shown = false
    })
  }

  async saveReport(): Promise<void> {
    await exportTo(this.#around, { suggestedName: 'batch.json', kind: 'json' }, ({ file }) =>
      this.#around.ask('batch.report', { file }),
    )
  }

  changed(event: WindowEvents['batch.changed']): void {
    if (this.starting) this.#early.push(event)
    else if (this.progress) this.#apply(event)
  }

  /** A new engine is there: what the last one left is offered. */
  async engineReady(): Promise<void> {
    await this.#try(async () => {
      const batch = await this.#around.ask('batch.read', {})
      if (!batch) return
      this.#take(batch)
      if (batch.state !== 'interrupted') return
      const { files, left } = batch.totals
      this.#around.notices.add({
        kind: 'information',
        text: () => m.batch_offer({ files, left }),
        action: { label: m.batch_offer_show, run: () => this.show() },
      })
    })
  }

  /** The engine ended. */
  lost(): void {
    if (this.open && this.progress)
      this.progress = { ...this.progress, state: 'interrupted', current: null }
  }

  #take({ rows, wish, ...progress }: Batch): void {
    this.#wish = wish
    this.rows = rows
    this.progress = progress
    for (const event of this.#early.splice(0)) this.#apply(event)
  }

  #apply({ rows, ...progress }: WindowEvents['batch.changed']): void {
    const before = this.progress?.state
    this.progress = progress
    if (rows.length > 0) {
      const all = [...this.rows]
      for (const { index, row } of rows) all[index] = row
      this.rows = all
    }
    if (progress.state === 'finished' && before !== 'finished')
      this.#around.notices.announcement = m.batch_finished(progress.totals)
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#around.notices.failAsked(error)
    }
  }
}
