import { errorFromData, type DarkroomError } from '../../../shared/errors'
import { m } from '../../../shared/messages/compiled/messages'
import type { EngineState as EngineStateData, WindowEvents } from '../../../shared/contract'
import type { Adopt, Ask, Listen } from '../bridge'
import { BatchState } from './batch.svelte'
import { EngineState } from './engine.svelte'
import { tellWritten } from './exporting'
import { Exporter } from './exporter.svelte'
import { dropped } from './dropped'
import { GenerateState } from './generate.svelte'
import { LabState } from './lab.svelte'
import { LanguageState } from './language.svelte'
import { LibraryState } from './library.svelte'
import { MapState } from './map.svelte'
import { MeasureState } from './measure.svelte'
import { ModelsState } from './models.svelte'
import { Notices } from './notices.svelte'
import { remembered } from './cameras'
import type { Photo, PhotoSource } from './photo.svelte'
import { Photos } from './photos.svelte'
import { SettingsState } from './settings.svelte'
import { TrainState } from './train.svelte'

export type Screen =
  'denoise' | 'train' | 'generate' | 'map' | 'measure' | 'library' | 'guide' | 'settings'

export interface Bridge {
  ask: Ask
  listen: Listen
  adopt: Adopt
}

/** Everything the window knows, and what its menus, keys and buttons do. Made once, in `main.ts`. */
export class Workspace {
  screen = $state<Screen>('denoise')
  readonly settings: SettingsState
  readonly language = new LanguageState()
  readonly notices: Notices
  readonly engine: EngineState
  readonly models: ModelsState
  readonly photos: Photos
  readonly exporter: Exporter
  readonly library: LibraryState
  readonly train: TrainState
  readonly generate: GenerateState
  readonly map: MapState
  readonly measure: MeasureState
  readonly lab: LabState
  readonly batch: BatchState
  readonly ask: Ask
  readonly #bridge: Bridge
  #restartNotice: number | null = null

  constructor(bridge: Bridge, words: (error: DarkroomError) => string) {
    this.#bridge = bridge
    this.ask = bridge.ask
    this.notices = new Notices(words)
    this.settings = new SettingsState(bridge.ask, this.notices.fail)
    this.engine = new EngineState(bridge.ask)
    this.models = new ModelsState(bridge.ask)
    this.exporter = new Exporter(bridge.ask, this.settings)
    const { ask } = bridge
    const { notices, settings } = this
    this.library = new LibraryState({ ask, notices })
    this.train = new TrainState({ ask, notices, settings, library: this.library })
    this.generate = new GenerateState({
      ...{ ask, notices, library: this.library },
      map: (item, code) => {
        this.map.mark(item, code)
        this.screen = 'map'
      },
    })
    this.map = new MapState({
      ...{ ask, notices, library: this.library },
      generate: (item, anchors) => {
        this.generate.walk(item, anchors)
        this.screen = 'generate'
      },
    })
    this.measure = new MeasureState({
      ...{ ask, notices, library: this.library, train: this.train },
      goTo: () => (this.screen = 'measure'),
      seen: () => this.screen === 'measure',
    })
    this.lab = new LabState({
      ...{ ask, notices, models: this.models, library: this.library },
      photos: () => this.photos,
    })
    this.batch = new BatchState({
      ...{ ask, notices, settings },
      photos: () => this.photos,
      goTo: () => (this.screen = 'denoise'),
    })
    const around = {
      ask: bridge.ask,
      engineReady: () => this.engine.ready,
      generation: () => this.engine.generation,
      failed: this.notices.fail,
      failedAsked: this.notices.failAsked,
      chosen: ({ info: { camera }, settings: chosen }: Photo) => {
        if (!camera) return
        settings.changeSoon({ cameras: remembered(settings.current.cameras, camera, chosen) })
      },
      finished: ({ info, report }: { info: { name: string }; report: unknown }) => {
        if (report) this.notices.announcement = m.announce_denoised({ name: info.name })
      },
    }
    this.photos = new Photos(around, this.models)
  }

  /** Listens to main and learns what there is. Returns what stops the listening. */
  async start(): Promise<() => void> {
    const { listen } = this.#bridge
    const stops = [
      listen('engine.state', (state) => this.#engineChanged(state)),
      listen('settings.changed', (settings) => {
        this.settings.changed(settings)
        void this.#readLanguage()
      }),
      listen('job.progress', (event) => this.photos.find(event.photo)?.heard(event)),
      listen('job.finished', (event) => this.photos.find(event.photo)?.heard(event)),
      listen('work.progress', (event) => {
        this.generate.maker.progressed(event)
        this.map.works.progressed(event)
        this.measure.progressed(event)
        this.lab.progressed(event)
      }),
      listen('work.finished', (event) => {
        this.map.works.finished(event)
        this.measure.finished(event)
        this.lab.finished(event)
      }),
      listen('lab.changed', (run) => this.lab.changed(run)),
      listen('batch.changed', (event) => this.batch.changed(event)),
      listen('train.progress', (event) => this.train.progressed(event)),
      listen('train.epoch', (event) => this.train.epochEnded(event)),
      listen('train.preview', (event) => this.train.previewed(event)),
      listen('library.changed', ({ item }) => {
        this.library.changed(item)
        this.train.changed(item)
      }),
      listen('command', ({ command }) => this.command(command)),
      listen('files.opened', (files) => this.open(files)),
    ]
    await Promise.all([this.settings.load(), this.#readLanguage()])
    this.#engineChanged(await this.ask('engine.state', {}))
    return () => stops.forEach((stop) => stop())
  }

  open(sources: PhotoSource[]): void {
    if (sources.length === 0) return
    this.screen = 'denoise'
    this.batch.shown = false
    void this.photos.open(sources)
  }

  async chooseAndOpen(): Promise<void> {
    await this.#try(async () => this.open(await this.ask('files.chooseImages', {})))
  }

  async openSample(): Promise<void> {
    await this.#try(async () => this.open([await this.ask('files.sample', {})]))
  }

  /** Files of a drop or a paste: those on disk by their handle, a picture from the clipboard by its bytes. */
  async openFiles(files: File[]): Promise<void> {
    const source = async (file: File): Promise<PhotoSource> => {
      try {
        return await this.#bridge.adopt(file)
      } catch {
        const bytes = new Uint8Array(await file.arrayBuffer())
        return { bytes, name: file.name || m.pasted_name() }
      }
    }
    await this.#try(async () => this.open(await Promise.all(files.map(source))))
  }

  /** What a drop means depends on the screen: data to train on, models to import, photos to open. */
  async drop(files: File[], folders: ReadonlySet<File>): Promise<void> {
    await this.#try(() => dropped(this, this.#bridge.adopt, files, folders))
  }

  /** Opens the Denoise screen with a model of one's own: for the photo that is shown and those opened next. */
  async denoiseWith({ item, name }: { item: string; name: string }): Promise<void> {
    await this.#try(async () => {
      await this.models.load()
      const model = this.models.find(item) ?? this.models.find(name)
      this.photos.preferred = model?.card.name ?? null
      if (model) this.photos.active?.change({ model: model.card.name })
      this.screen = 'denoise'
      this.batch.shown = false
    })
  }

  async export(photo: Photo): Promise<void> {
    await this.#try(async () => {
      const written = await this.exporter.run(photo)
      if (!written) return
      tellWritten(this, written.file, () => m.export_done({ name: written.name }))
    })
  }

  command(command: WindowEvents['command']['command']): void {
    const { active } = this.photos
    switch (command) {
      case 'open':
        void this.chooseAndOpen()
        break
      case 'export':
        if (active?.exportable) void this.export(active)
        break
      case 'undo':
        this.#undoable?.undo()
        break
      case 'redo':
        this.#undoable?.redo()
        break
      case 'settings':
      case 'about':
        this.screen = 'settings'
        break
      case 'paste': // the menu's own role pastes; the page hears of it by its `paste` event
        break
    }
  }

  /** What is undone and redone: that of the screen that is shown, never a photo that is hidden. */
  get #undoable() {
    if (this.screen === 'generate') return this.generate
    return this.screen === 'denoise' && !this.batch.shown ? this.photos.active : null
  }

  #engineChanged(state: EngineStateData): void {
    const isNew = this.engine.enter(state)
    if (state.state === 'restarting') this.#engineLost()
    if (state.state === 'failed') this.#engineFailed(state)
    if (!isNew) return
    void this.#try(() => this.models.load()).then(() => this.photos.modelsLoaded())
    void this.#try(() => this.train.engineReady())
    this.map.engineReady()
    this.measure.engineReady()
    void this.batch.engineReady()
    if (this.engine.generation > 1) void this.photos.reopen()
  }

  #engineLost(): void {
    this.photos.lost()
    this.train.lost()
    this.map.lost()
    this.measure.lost()
    this.lab.lost()
    this.batch.lost()
    if (this.#restartNotice !== null) this.notices.dismiss(this.#restartNotice)
    this.#restartNotice = this.notices.add({
      kind: 'information',
      text: () => (this.engine.ready ? m.engine_restarted() : m.engine_lost()),
    })
  }

  #engineFailed({ error }: EngineStateData): void {
    this.photos.lost()
    this.train.lost()
    this.map.lost()
    this.measure.lost()
    this.lab.lost()
    this.batch.lost()
    if (this.#restartNotice !== null) this.notices.dismiss(this.#restartNotice)
    if (error) this.notices.failAsked(errorFromData(error))
  }

  async #readLanguage(): Promise<void> {
    await this.#try(async () => {
      this.language.current = (await this.ask('app.info', {})).language
    })
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.notices.failAsked(error)
    }
  }
}
