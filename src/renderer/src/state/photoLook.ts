/** What is asked about a photo to be shown beside it: a thumbnail, its noise level, how near it is to the truth. */
import type { Photo, PhotoSurroundings } from './photo.svelte'
import { lookOf } from './photoSettings'

/** The picture itself is asked for first: estimates and jobs, which keep the engine busy, wait this long for it. */
export const viewFirstMilliseconds = 60
const qualityMilliseconds = 200
/** A thumbnail covers this many pixels, whatever its shape. */
const thumbnailCover = { width: 220, height: 148 }
const thumbnailLongest = 2048

export class PhotoLook {
  readonly #photo: Photo
  readonly #around: PhotoSurroundings
  #qualityTimer: ReturnType<typeof setTimeout> | undefined
  /** Counted, so that an answer that another question has overtaken is not taken. */
  #qualityTurn = 0
  #thumbnailTurn = 0

  constructor(photo: Photo, around: PhotoSurroundings) {
    this.#photo = photo
    this.#around = around
  }

  /** Of a new input: a thumbnail and how noisy it is, after the picture itself. */
  first(): void {
    setTimeout(() => {
      void this.thumbnail()
      void this.#level()
    }, viewFirstMilliseconds)
  }

  /** Quality again once the look rests. */
  qualitySoon(): void {
    clearTimeout(this.#qualityTimer)
    this.#qualityTimer = setTimeout(() => void this.quality(), qualityMilliseconds)
  }

  close(): void {
    clearTimeout(this.#qualityTimer)
  }

  async #level(): Promise<void> {
    const photo = this.#photo
    const version = photo.inputVersion
    try {
      const level = await this.#around.ask('photo.noiseLevel', { photo: photo.info.photo })
      if (photo.inputVersion === version && photo.level === null) photo.level = level
    } catch (error) {
      this.#around.failed(error)
    }
  }

  /** Only while no job runs: measuring a large photo takes seconds, in which no tile is made and no job can be cancelled. */
  async quality(): Promise<void> {
    const photo = this.#photo
    const turn = ++this.#qualityTurn
    if (!photo.noisy || photo.job) return
    try {
      const look = lookOf(photo.settings)
      const quality = await this.#around.ask('photo.quality', { photo: photo.info.photo, look })
      if (turn === this.#qualityTurn) photo.quality = quality
    } catch (error) {
      this.#around.failed(error)
    }
  }

  /** A small picture of what the photo looks like now. */
  async thumbnail(): Promise<void> {
    const photo = this.#photo
    const turn = ++this.#thumbnailTurn
    const { width, height, photo: id } = photo.info
    const cover = Math.max(thumbnailCover.width / width, thumbnailCover.height / height)
    const factor = Math.min(1, cover, thumbnailLongest / Math.max(width, height))
    try {
      const thumbnail = await this.#around.ask('photo.view', {
        photo: id,
        picture: {
          kind: 'layer',
          layer: photo.denoised === 'complete' ? 'denoised' : photo.input,
          look: lookOf(photo.settings),
        },
        region: { x: 0, y: 0, width, height },
        width: Math.max(1, Math.round(width * factor)),
        height: Math.max(1, Math.round(height * factor)),
      })
      if (turn === this.#thumbnailTurn) photo.thumbnail = thumbnail
    } catch (error) {
      this.#around.failed(error)
    }
  }
}
