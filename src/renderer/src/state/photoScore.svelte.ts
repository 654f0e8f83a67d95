import type { EngineEvents } from '../../../shared/contract'
import { errorFromData, type DarkroomError } from '../../../shared/errors'
import type { SelfScore } from '../../../shared/types'
import type { Photo, PhotoSurroundings } from './photo.svelte'

type Event = EngineEvents['job.progress'] | EngineEvents['job.finished']

/** A photo's score without a clean original, asked for by a person and forgotten with the result that it is about. */
export class PhotoScore {
  /** 0–1 while a job works on it. */
  share = $state.raw<number | null>(null)
  found = $state.raw<SelfScore | null>(null)
  /** Why there can be none. */
  invalid = $state.raw<DarkroomError | null>(null)
  readonly #photo: Photo
  readonly #around: PhotoSurroundings
  #job: string | null = null
  /** Events of a job whose start has not been answered yet. */
  #early: Event[] = []

  constructor(photo: Photo, around: PhotoSurroundings) {
    this.#photo = photo
    this.#around = around
  }

  async start(): Promise<void> {
    const { info, settings } = this.#photo
    if (settings.model === null || this.share !== null) return
    this.clear()
    this.share = 0
    try {
      const asked = { photo: info.photo, model: settings.model, sigma: settings.sigma }
      this.#job = (await this.#around.ask('photo.score', asked)).job
      for (const event of this.#early.splice(0)) this.heard(event)
    } catch (error) {
      this.clear()
      this.#around.failedAsked(error)
    }
  }

  async cancel(): Promise<void> {
    if (this.#job) {
      await this.#around.ask('job.cancel', { job: this.#job }).catch(this.#around.failed)
    }
  }

  /** Forgets everything, and a job that runs: the engine ends it when another one of the photo begins. */
  clear(): void {
    this.share = null
    this.found = null
    this.invalid = null
    this.#job = null
    this.#early = []
  }

  heard(event: Event): void {
    if (this.share === null) return
    if (this.#job === null) this.#early.push(event)
    if (event.job !== this.#job) return
    if ('share' in event) {
      this.share = event.share
      return
    }
    const { outcome } = event
    this.clear()
    if (outcome.state === 'scored') this.found = outcome.score
    if (outcome.state === 'failed') this.#failed(errorFromData(outcome.error))
  }

  #failed(error: DarkroomError): void {
    if (error.code === 'score-invalid') this.invalid = error
    else this.#around.failedAsked(error)
  }
}
