import { SvelteMap } from 'svelte/reactivity'
import type { ArgsOf, FileHandle, WindowEvents, WindowRequests } from '../../../shared/contract'
import { errorFromData } from '../../../shared/errors'
import { classicalNames, type LabMethod, type LabRun } from '../../../shared/lab'
import { m } from '../../../shared/messages/compiled/messages'
import { classicalWord } from '../../../shared/messages/labWords'
import type { LibraryItem } from '../../../shared/training'
import type { Region } from '../../../shared/types'
import type { Ask } from '../bridge'
import { exportTo } from './exporting'
import type { LibraryState } from './library.svelte'
import type { ModelsState } from './models.svelte'
import type { Notices } from './notices.svelte'
import type { Photo } from './photo.svelte'
import type { Photos } from './photos.svelte'

export interface LabAround {
  ask: Ask
  notices: Notices
  models: ModelsState
  library: LibraryState
  photos: () => Photos
}

/** A method that can be chosen. */
export interface LabChoice {
  key: string
  method: LabMethod
  label: string
  /** What it needs, where that is not met. */
  note: string
}

/** A comparison that goes on, or waits for its turn. */
export interface LabWork {
  job: string
  /** The photo's name, for the status bar. */
  name: string
  photo: string
  /** What is being calculated; empty while it waits. */
  method: string
  share: number
  secondsLeft: number | null
}

type LabExport = Omit<ArgsOf<WindowRequests, 'lab.export'>, 'job' | 'file'>

/** The Lab: which methods are compared on a photo, and what came of it. */
export class LabState {
  /** The Denoise screen shows the Lab instead of the photo. */
  shown = $state(false)
  /** What removed noise is shown instead of the pictures. */
  residual = $state(false)
  /** Of the photo's visible part instead of its middle. */
  seen = $state(false)
  work = $state.raw<LabWork | null>(null)
  /** A comparison is being handed to the engine. */
  starting = $state(false)
  /** The name of the report being written. */
  writing = $state.raw<string | null>(null)
  /** The last comparison of each photo. */
  readonly #runs = new SvelteMap<string, LabRun>()
  /** Methods that someone chose or left out, by key. */
  readonly #chosen = new SvelteMap<string, boolean>()
  /** Clean pictures that were chosen, by the photo that is measured against them. */
  readonly #clean = new SvelteMap<Photo, Photo>()
  /** The input that a comparison was made of, to tell when it is another. */
  readonly #versions = new SvelteMap<string, number>()
  readonly #around: LabAround
  /** Ends that were told before the request that began them was answered. */
  readonly #early = new SvelteMap<string, WindowEvents['work.finished']>()

  constructor(around: LabAround) {
    this.#around = around
  }

  /** Our models that fit a photo, the classical methods, autoencoders of the library that remove noise. */
  choices({ info }: Photo): LabChoice[] {
    const { models, library } = this.#around
    const denoisers = models.fitting(info.channels).map(({ card }) => ({
      key: `denoiser ${card.name}`,
      method: { kind: 'denoiser', model: card.name } as const,
      label: card.title,
      note: '',
    }))
    const classical = classicalNames.map((name) => ({
      key: name,
      method: { kind: 'classical', name } as const,
      label: classicalWord(name),
      note: '',
    }))
    const autoencoders = library.items.filter(({ kind }) => kind === 'denoising')
    return [
      ...denoisers,
      ...classical,
      ...autoencoders.map((item) => ({
        key: `autoencoder ${item.item}`,
        method: { kind: 'autoencoder', item: item.item } as const,
        label: item.name,
        note: fits(item, info) ? '' : m.lab_reads({ size: sizeOf(item) }),
      })),
    ]
  }

  /** As chosen; else the models made for such photos, the classical methods, and autoencoders of the photo's size. */
  isChosen({ key, method, note }: LabChoice, { info }: Photo): boolean {
    const own =
      method.kind !== 'denoiser' ||
      this.#around.models.find(method.model)?.card.channels === info.channels
    return this.#chosen.get(key) ?? (own && note === '')
  }

  choose({ key }: LabChoice, chosen: boolean): void {
    this.#chosen.set(key, chosen)
  }

  /** Open photos that could be the clean version of one: those of its size. */
  cleanChoices(photo: Photo): Photo[] {
    const { width, height, channels } = photo.info
    return this.#around
      .photos()
      .list.filter(
        ({ info }) =>
          info !== photo.info &&
          info.width === width &&
          info.height === height &&
          info.channels === channels,
      )
  }

  cleanOf(photo: Photo): Photo | null {
    const found = this.#clean.get(photo)
    return found && this.cleanChoices(photo).includes(found) ? found : null
  }

  chooseClean(photo: Photo, clean: Photo | null): void {
    if (clean) this.#clean.set(photo, clean)
    else this.#clean.delete(photo)
  }

  runOf({ info }: Photo): LabRun | null {
    return this.#runs.get(info.photo) ?? null
  }

  /** Whether noise was added or removed since a photo's methods were compared. */
  isOutdated(photo: Photo): boolean {
    const run = this.runOf(photo)
    return run !== null && this.#versions.get(run.job) !== photo.inputVersion
  }

  async start(photo: Photo): Promise<void> {
    const methods = this.choices(photo)
      .filter((choice) => this.isChosen(choice, photo))
      .map(({ method }) => method)
    if (this.starting || this.work || methods.length === 0) return
    this.starting = true
    await this.#try(async () => {
      const { info, settings, visible, inputVersion } = photo
      const clean = this.cleanOf(photo)?.info.photo ?? null
      const region: Region | null = this.seen ? visible : null
      const wish = { photo: info.photo, clean, region, sigma: settings.sigma, methods }
      const { job } = await this.#around.ask('lab.start', wish)
      this.#versions.set(job, inputVersion)
      this.work = {
        job,
        name: info.name,
        photo: info.photo,
        method: '',
        share: 0,
        secondsLeft: null,
      }
      const early = this.#early.get(job)
      if (early) this.finished(early)
    })
    this.#early.clear()
    this.starting = false
  }

  async cancel(): Promise<void> {
    const { work } = this
    if (work) await this.#try(() => this.#around.ask('job.cancel', { job: work.job }))
  }

  /** Writes a comparison as one file of HTML to a place that a person chooses. */
  async export({ job, name: photo }: LabRun, options: LabExport): Promise<void> {
    const suggestedName = `lab-${photo.replace(/\.[^.]+$/, '')}.html`
    const write = async ({ file, name }: FileHandle): Promise<FileHandle> => {
      this.writing = name
      await this.#around.ask('lab.export', { job, ...options, file })
      return { file, name }
    }
    await exportTo(this.#around, { suggestedName, kind: 'html' }, write, m.measure_exported)
    this.writing = null
  }

  changed(run: LabRun): void {
    this.#runs.set(run.photo, run)
  }

  progressed({ job, share, secondsLeft, detail }: WindowEvents['work.progress']): void {
    if (this.work?.job !== job) return
    const name = classicalNames.find((each) => each === detail)
    const method = name ? classicalWord(name) : (detail ?? '')
    this.work = { ...this.work, method, share, secondsLeft }
  }

  finished(event: WindowEvents['work.finished']): void {
    const { job, outcome } = event
    if (this.work?.job !== job) {
      if (this.starting) this.#early.set(job, event)
      return
    }
    const { name } = this.work
    this.work = null
    if (outcome.state === 'failed') this.#around.notices.failAsked(errorFromData(outcome.error))
    if (outcome.state === 'done') this.#around.notices.announcement = m.lab_done({ name })
  }

  /** The engine ended, and with it its pictures. */
  lost(): void {
    this.work = null
    this.#runs.clear()
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#around.notices.failAsked(error)
    }
  }
}

type Size = { width: number; height: number; channels: number }

const fits = ({ data }: LibraryItem, info: Size): boolean =>
  data !== null &&
  data.width === info.width &&
  data.height === info.height &&
  data.channels === info.channels

const sizeOf = ({ data }: LibraryItem): string => (data ? `${data.width} × ${data.height}` : '–')
