import type { WindowEvents } from '../../../shared/contract'
import type { Gallery, GalleryPictures } from '../../../shared/latent'
import type { Ask } from '../bridge'

/** How far what a gallery needs is. */
export type GalleryWork = Omit<WindowEvents['work.progress'], 'job' | 'detail'>

/** Asks for a gallery. The first of a kind may need data that is read, codes, and a mixture: that is told, and can be ended. */
export class GalleryMaker {
  /** Null while nothing is told: most galleries are there at once. */
  work = $state.raw<GalleryWork | null>(null)
  readonly #ask: Ask
  #job: string | null = null
  #count = 0

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** @throws DarkroomError `cancelled`, and what the engine does */
  async make(wanted: { item: string; gallery: Gallery }): Promise<GalleryPictures> {
    const job = `gallery ${++this.#count}`
    this.#job = job
    try {
      return await this.#ask('latent.gallery', { ...wanted, job })
    } finally {
      this.#job = null
      this.work = null
    }
  }

  progressed({ job, phase, share, secondsLeft }: WindowEvents['work.progress']): void {
    if (job === this.#job) this.work = { phase, share, secondsLeft }
  }

  /** Ends what goes on; the gallery fails with `cancelled` then. */
  async cancel(): Promise<void> {
    if (this.#job !== null) await this.#ask('job.cancel', { job: this.#job })
  }
}
