import { automatic } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import type { PhotoInfo } from '../../../shared/types'
import type { Ask } from '../bridge'
import type { ModelsState } from './models.svelte'
import { Photo, type PhotoSource, type PhotoSurroundings } from './photo.svelte'
import { viewFirstMilliseconds } from './photoLook'

/** The open photos, and which of them is shown. */
export class Photos {
  list = $state.raw<Photo[]>([])
  active = $state.raw<Photo | null>(null)
  /** The name of the file being opened. */
  opening = $state<string | null>(null)
  /** The model that photos opened from now on get, where it fits. */
  preferred: string | null = null
  readonly #around: PhotoSurroundings
  readonly #models: ModelsState
  #queue: Promise<void> = Promise.resolve()

  constructor(around: PhotoSurroundings, models: ModelsState) {
    this.#around = around
    this.#models = models
  }

  get #ask(): Ask {
    return this.#around.ask
  }

  /** Opens files one after another; the first that opens is shown. One that fails is named and does not stop the others. */
  open(sources: PhotoSource[]): Promise<void> {
    this.#queue = this.#queue.then(() => this.#openAll(sources))
    return this.#queue
  }

  async #openAll(sources: PhotoSource[]): Promise<void> {
    let first = true
    for (const source of sources) {
      this.opening = source.name
      try {
        const photo = await this.#openOne(source)
        this.list = [...this.list, photo]
        if (first) this.select(photo)
        first = false
      } catch (error) {
        this.#around.failedAsked(error)
      }
    }
    this.opening = null
  }

  async #openOne(source: PhotoSource): Promise<Photo> {
    const info = await this.#askOpen(source)
    const photo = new Photo(source, info, this.defaultModel(info.channels), this.#around)
    photo.sync.look.first()
    return photo
  }

  /** An engine that dies meanwhile may have had other reasons: once more, in the next one, before the file is blamed. */
  async #askOpen(source: PhotoSource): Promise<PhotoInfo> {
    const page = source.page === undefined ? {} : { page: source.page }
    const open = () => this.#ask('photo.open', { source: asked(source), ...page })
    try {
      return await open()
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'engine-lost') return await open()
      throw error
    }
  }

  select(photo: Photo): void {
    this.active = photo
    photo.sync.schedule(viewFirstMilliseconds)
  }

  /** Another page of a photo's file, from 1: the one that is open already, or opened beside it. */
  openPage({ source }: Photo, page: number): Promise<void> {
    const open = this.list.find((one) => one.info.page === page && sameFile(one.source, source))
    if (!open) return this.open([{ ...source, page }])
    this.select(open)
    return Promise.resolve()
  }

  /** The one `by` places further in the strip, without going round. */
  step(by: 1 | -1): void {
    const index = this.active ? this.list.indexOf(this.active) : -1
    const next = this.list[index + by]
    if (next) this.select(next)
  }

  async close(photo: Photo): Promise<void> {
    this.#remove(photo)
    await this.#ask('photo.close', { photo: photo.info.photo }).catch(this.#around.failed)
  }

  find(id: string): Photo | undefined {
    return this.list.find(({ info }) => info.photo === id)
  }

  /** Models became known: photos opened before that get theirs. */
  modelsLoaded(): void {
    for (const photo of this.list) {
      const model = this.defaultModel(photo.info.channels)
      if (photo.settings.model === null && model !== null) photo.setDefaultModel(model)
    }
    if (this.active) void this.active.sync.settle()
  }

  lost(): void {
    for (const photo of this.list) photo.sync.lost()
  }

  /** Opens everything again in a new engine, the one that is shown first. */
  reopen(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#reopenAll())
    return this.#queue
  }

  async #reopenAll(): Promise<void> {
    const { active, list } = this
    for (const photo of active ? [active, ...list.filter((one) => one !== active)] : list) {
      if (photo.generation === this.#around.generation()) continue // opened after the restart
      this.opening = photo.info.name
      try {
        photo.sync.reopened(await this.#askOpen(photo.source))
        if (photo === this.active) photo.sync.schedule(viewFirstMilliseconds)
      } catch (error) {
        this.#around.failed(error)
        const died = error instanceof DarkroomError && error.code === 'engine-lost'
        if (!died) this.#remove(photo) // its file is gone or unreadable now, which has been told
      }
    }
    this.opening = null
  }

  #remove(photo: Photo): void {
    const index = this.list.indexOf(photo)
    photo.sync.close()
    this.list = this.list.filter((other) => other !== photo)
    if (this.active !== photo) return
    this.active = null
    const neighbour = this.list[Math.min(index, this.list.length - 1)]
    if (neighbour) this.select(neighbour)
  }

  /** The model for a photo of so many channels that nobody chose one for. */
  defaultModel(channels: 1 | 3): string | null {
    const fitting = this.#models.fitting(channels)
    const preferred = fitting.find(({ card }) => card.name === this.preferred)
    if (preferred) return preferred.card.name
    return this.#models.chosen(automatic, channels, 'independent')
      ? automatic
      : (fitting[0]?.card.name ?? null)
  }
}

/** What the contract asks of a source: a handle, or bytes with their name. */
function sameFile(a: PhotoSource, b: PhotoSource): boolean {
  if ('file' in a) return 'file' in b && a.file === b.file
  return 'bytes' in b && a.bytes === b.bytes
}

function asked(source: PhotoSource) {
  return 'file' in source ? { file: source.file } : { bytes: source.bytes, name: source.name }
}
