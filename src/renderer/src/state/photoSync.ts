/**
 * Brings the engine to what a photo's settings ask for: adds or removes noise, starts and replaces
 * jobs, and writes what the engine reports into the photo. One step at a time, newest settings win.
 */
import type { EngineEvents } from '../../../shared/contract'
import { DarkroomError, errorFromData } from '../../../shared/errors'
import type { PhotoInfo } from '../../../shared/types'
import type { Photo, PhotoSurroundings } from './photo.svelte'
import { PhotoLook, viewFirstMilliseconds } from './photoLook'
import { denoiseKey, noiseKey, noiseOf, noNoise, type PhotoSettings } from './photoSettings'
import { overlaps } from './regions'

type Progress = EngineEvents['job.progress']
type Finished = EngineEvents['job.finished']

/** How long settings must rest before the engine is asked. */
export const settleMilliseconds = 250

export class PhotoSync {
  readonly look: PhotoLook
  readonly #photo: Photo
  readonly #around: PhotoSurroundings
  /** The noise that the engine was asked for, as a `noiseKey`. */
  #noise = noNoise
  #timer: ReturnType<typeof setTimeout> | undefined
  #working = false
  #again = false
  /** Events of a job whose start has not been answered yet. */
  #early: (Progress | Finished)[] | null = null
  #closed = false

  constructor(photo: Photo, around: PhotoSurroundings) {
    this.#photo = photo
    this.#around = around
    this.look = new PhotoLook(photo, around)
  }

  /** Looks at the settings after a while; another call starts the wait anew. */
  schedule(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.settle(), milliseconds)
  }

  /** Does now what the settings ask for. Resolves when nothing more is to be asked (a job may still run). */
  async settle(): Promise<void> {
    clearTimeout(this.#timer)
    this.#again = true
    if (this.#working) return
    this.#working = true
    try {
      while (this.#again) {
        this.#again = false
        while (this.#isHere() && (await this.#step()));
      }
    } catch (error) {
      // After the engine's death the photo is opened again and goes on by itself.
      if (this.#isHere() && !isDeath(error)) this.#photo.held = true
      this.#around.failed(error)
    } finally {
      this.#working = false
      this.#photo.addingNoise = false
    }
  }

  /** Whether the engine knows the photo: after a restart it does once the photo was opened again. */
  #isHere(): boolean {
    const { engineReady, generation } = this.#around
    return engineReady() && this.#photo.generation === generation() && !this.#closed
  }

  /**
   * Stops the running job and starts no other before it is asked for. To the window it has ended at once; the
   * engine finishes the tile it is at, and what that one changed is shown then.
   */
  async cancel(): Promise<void> {
    clearTimeout(this.#timer)
    const photo = this.#photo
    const { job } = photo
    photo.held = true
    photo.denoisedFrom = null
    if (!job?.id) return // not started yet: it is ended as soon as its name is known
    photo.job = null
    await this.#around.ask('job.cancel', { job: job.id }).catch(this.#around.failed)
    photo.tileVersion += 1
    void this.look.quality()
  }

  /** Starts again after a cancellation or failure. */
  resume(): void {
    this.#photo.held = false
    this.#photo.denoisedFrom = null
    void this.settle()
  }

  /** The engine is gone, and with it everything it held. */
  lost(): void {
    this.#photo.job = null
    this.#photo.score.clear()
    this.#early = null
    clearTimeout(this.#timer)
  }

  /** The photo was opened again in a new engine, which knows nothing of its layers. */
  reopened(info: PhotoInfo): void {
    const photo = this.#photo
    this.#noise = noNoise
    photo.denoisedFrom = null
    photo.info = info
    photo.generation = this.#around.generation()
    photo.noisyFrom = null
    this.#inputChanged()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.look.close()
  }

  /** One thing that the engine must be asked; false when all is as it should be. */
  async #step(): Promise<boolean> {
    const { settings, held, denoisedFrom } = this.#photo
    if (noiseKey(settings) !== this.#noise) {
      await this.#applyNoise()
      return true
    }
    const key = denoiseKey(settings)
    if (held || settings.model === null || key === denoisedFrom) return false
    await this.#start(key, settings.model, settings.sigma)
    return true
  }

  async #applyNoise(): Promise<void> {
    const photo = this.#photo
    const { ask } = this.#around
    const { settings } = photo
    const key = noiseKey(settings)
    const wanted = noiseOf(settings)
    const handle = { photo: photo.info.photo }
    if (photo.job?.id) await ask('job.cancel', { job: photo.job.id })
    photo.addingNoise = wanted !== null
    // Known before the answer: should it fail, the same noise is not tried again and again.
    this.#noise = key
    photo.denoisedFrom = null
    if (wanted) await ask('photo.addNoise', { ...handle, ...wanted })
    else await ask('photo.removeNoise', handle)
    photo.addingNoise = false
    photo.noisyFrom = wanted && settings
    this.#inputChanged()
    await new Promise((resolve) => setTimeout(resolve, viewFirstMilliseconds))
  }

  #inputChanged(): void {
    const photo = this.#photo
    photo.inputVersion += 1
    photo.denoised = 'none'
    photo.report = null
    photo.quality = null
    photo.score.clear()
    photo.level = null
    this.look.first()
  }

  async #start(key: string, model: string, sigma: PhotoSettings['sigma']): Promise<void> {
    const photo = this.#photo
    photo.denoisedFrom = key
    this.#early = []
    photo.report = null
    photo.score.clear()
    if (photo.denoised === 'complete') photo.denoised = 'partial'
    photo.denoisedBy = model
    photo.job = { id: '', phase: 'estimate', share: 0, secondsLeft: null }
    try {
      const { job } = await this.#around.ask('photo.denoise', {
        photo: photo.info.photo,
        model,
        sigma,
        visible: photo.visible,
      })
      photo.job = { ...photo.job, id: job }
    } catch (error) {
      photo.job = null
      throw error
    } finally {
      const early = this.#early ?? []
      this.#early = null
      for (const event of early) this.#heard(event)
    }
    if (photo.held) await this.cancel()
  }

  heard(event: Progress | Finished): void {
    if (this.#early) this.#early.push(event)
    else this.#heard(event)
  }

  #heard(event: Progress | Finished): void {
    if (event.job !== this.#photo.job?.id) return // of a job that another one has replaced
    if ('outcome' in event) this.#ended(event.outcome)
    else this.#advanced(event)
  }

  #advanced({ phase, share, secondsLeft, region }: Progress): void {
    const photo = this.#photo
    photo.job = { id: photo.job?.id ?? '', phase, share, secondsLeft }
    if (!region) return
    if (photo.denoised === 'none') photo.denoisedVersion += 1
    photo.denoised = 'partial'
    if (!photo.visible || overlaps(region, photo.visible)) photo.tileVersion += 1
  }

  #ended(outcome: Finished['outcome']): void {
    const photo = this.#photo
    photo.job = null
    switch (outcome.state) {
      case 'done':
        photo.report = outcome.report
        photo.level = outcome.report.noiseBefore
        photo.denoised = 'complete'
        photo.denoisedVersion += 1
        void this.look.thumbnail()
        void this.look.quality()
        this.#around.finished(photo)
        break
      case 'cancelled': // by the person, who holds the photo with it, or to make way for another input
        void this.look.quality()
        break
      case 'scored': // no job of ours
        break
      case 'failed':
        photo.held = true
        photo.denoisedFrom = null
        this.#around.failed(errorFromData(outcome.error))
        break
    }
  }
}

const isDeath = (error: unknown) => error instanceof DarkroomError && error.code === 'engine-lost'
