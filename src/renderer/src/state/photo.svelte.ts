import type { EngineEvents } from '../../../shared/contract'
import type {
  DenoiseReport,
  ExportBits,
  Layer,
  NoiseLevel,
  PhotoInfo,
  Quality,
  Region,
} from '../../../shared/types'
import type { Ask } from '../bridge'
import { begin, record, redo, undo, type Timeline } from './history'
import { PhotoScore } from './photoScore.svelte'
import { PhotoSync, settleMilliseconds } from './photoSync'
import {
  choiceKey,
  denoiseKey,
  initialPhotoSettings,
  lookKey,
  noiseKey,
  noNoise,
  type PhotoSettings,
} from './photoSettings'

/** Where a photo came from, kept so that it can be opened again in a new engine. `page` is that of a TIFF, from 1. */
export type PhotoSource = ({ file: string; name: string } | { bytes: Uint8Array; name: string }) & {
  page?: number
}

export interface Job {
  id: string
  phase: EngineEvents['job.progress']['phase']
  /** 0–1 of the exact work. */
  share: number
  secondsLeft: number | null
}

export interface Thumbnail {
  width: number
  height: number
  pixels: Uint8Array
}

/** What a photo needs from around it. */
export interface PhotoSurroundings {
  ask: Ask
  engineReady: () => boolean
  /** Which engine it is, counted. */
  generation: () => number
  /** Something failed that the window did by itself. */
  failed: (error: unknown) => void
  /** Something failed that a person asked for. */
  failedAsked: (error: unknown) => void
  /** A person chose how to denoise the photo. */
  chosen: (photo: Photo) => void
  /** A job that a person would like to hear of has ended well. */
  finished: (photo: Photo) => void
}

let count = 0

/** An open photo: its settings with their history, and what the engine has made of it so far. */
export class Photo {
  readonly key = `photo ${++count}`
  readonly source: PhotoSource
  info: PhotoInfo
  timeline: Timeline<PhotoSettings>
  readonly settings: PhotoSettings

  /** The settings that the layer `noisy` was made with; null while there is none. */
  noisyFrom = $state.raw<PhotoSettings | null>(null)
  /** What the engine was last asked to denoise, as a `denoiseKey`; null when it must be asked again. */
  denoisedFrom = $state.raw<string | null>(null)
  /** The model that makes or made the layer `denoised`. */
  denoisedBy = $state.raw<string | null>(null)
  addingNoise = $state(false)
  denoised = $state.raw<'none' | 'partial' | 'complete'>('none')
  job = $state.raw<Job | null>(null)
  /** A job was cancelled or failed: nothing starts until it is asked for or a setting changes. */
  held = $state(false)
  report = $state.raw<DenoiseReport | null>(null)
  level = $state.raw<NoiseLevel | null>(null)
  quality = $state.raw<{ noisy: Quality; denoised: Quality | null } | null>(null)
  thumbnail = $state.raw<Thumbnail | null>(null)
  /** Which layer is exported, of a photo that noise was added to. */
  exportOfNoisy = $state.raw<Layer>('denoised')
  /** The depth of an exported file; null is that of the file it came from. */
  exportBits = $state.raw<ExportBits | null>(null)

  /** The layers chosen for the two sides of the viewer; null leaves the choice to it. */
  compare = $state.raw<{ first: Layer | null; second: Layer | null }>({ first: null, second: null })

  /** Raised whenever the pixels of the input or of the denoised layer become others. */
  inputVersion = $state(0)
  denoisedVersion = $state(0)
  /** Raised with every tile that can be seen. */
  tileVersion = $state(0)
  /** The engine that it is open in. */
  generation: number
  /** What the viewer shows of it. */
  visible: Region | null = null

  readonly sync: PhotoSync
  readonly score: PhotoScore

  readonly #around: PhotoSurroundings

  constructor(
    source: PhotoSource,
    info: PhotoInfo,
    model: string | null,
    around: PhotoSurroundings,
  ) {
    this.source = source
    this.generation = around.generation()
    this.info = $state.raw(info)
    this.timeline = $state.raw(begin({ ...initialPhotoSettings, model }))
    this.settings = $derived(this.timeline.present)
    this.sync = new PhotoSync(this, around)
    this.score = new PhotoScore(this, around)
    this.#around = around
  }

  /** Noise was added, so that `original` is known to be the clean truth. */
  get noisy(): boolean {
    return this.noisyFrom !== null
  }

  /** Noise is set that is not there yet, or is there no longer: whatever is made now would be of another input. */
  get noisePending(): boolean {
    const made = this.noisyFrom ? noiseKey(this.noisyFrom) : noNoise
    return !this.held && made !== noiseKey(this.settings)
  }

  /** The layer that the denoiser reads. */
  get input(): Layer {
    return this.noisy ? 'noisy' : 'original'
  }

  get layers(): Layer[] {
    const layers: Layer[] = this.noisy ? ['original', 'noisy'] : ['original']
    return this.denoised === 'none' ? layers : [...layers, 'denoised']
  }

  /** The layer that is exported. */
  get exportLayer(): Layer {
    return this.noisy ? this.exportOfNoisy : 'denoised'
  }

  /** Whether that layer is there, whole and made with the settings of now. */
  get exportable(): boolean {
    if (this.noisyFrom && this.exportLayer === 'noisy')
      return noiseKey(this.noisyFrom) === noiseKey(this.settings)
    return this.denoised === 'complete' && this.denoisedFrom === denoiseKey(this.settings)
  }

  get canUndo(): boolean {
    return this.timeline.past.length > 0
  }

  get canRedo(): boolean {
    return this.timeline.future.length > 0
  }

  /** Sets something; several quick changes of the same field are one step back. */
  change(patch: Partial<PhotoSettings>): void {
    const field = Object.keys(patch).join()
    this.#enter(record(this.timeline, { ...this.settings, ...patch }, field, Date.now()))
  }

  undo(): void {
    this.#enter(undo(this.timeline))
  }

  redo(): void {
    this.#enter(redo(this.timeline))
  }

  /** The model that is used before anyone chose one; no step in the history. */
  setDefaultModel(model: string): void {
    this.timeline = { ...this.timeline, present: { ...this.settings, model } }
  }

  /** What the engine tells of the photo's jobs. */
  heard(event: EngineEvents['job.progress'] | EngineEvents['job.finished']): void {
    this.sync.heard(event)
    this.score.heard(event)
  }

  #enter(timeline: Timeline<PhotoSettings>): void {
    const before = this.settings
    this.timeline = timeline
    const after = timeline.present
    if (choiceKey(before) !== choiceKey(after)) this.#around.chosen(this)
    if (denoiseKey(before) !== denoiseKey(after)) {
      this.held = false
      this.sync.schedule(settleMilliseconds)
    }
    if (lookKey(before) !== lookKey(after)) this.sync.look.qualitySoon()
  }
}
