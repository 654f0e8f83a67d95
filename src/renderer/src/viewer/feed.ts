/**
 * Fetches one picture after another for one place of the viewer: one request in flight, the latest
 * wish wins, and what has arrived stays to be shown until the next one is there.
 */
import type { Picture } from '../../../shared/contract'
import type { Region } from '../../../shared/types'
import { longestSide } from './geometry'
import type { Pixels, Size } from './types'

export interface Wish {
  /** Which photo: pictures of another one are dropped at once. */
  source: string
  picture: Picture
  /** Changes with everything that changes the pixels for good; see `Side`. */
  content: string
  /** Changes with every tile of a running job as well. */
  revision: string
  region: Region
  size: Size
}

export interface Held<Bitmap> {
  bitmap: Bitmap
  wish: Wish
}

export interface FeedOptions<Bitmap> {
  fetch: (wish: Wish) => Promise<Pixels>
  /** Makes the pixels drawable. */
  convert: (pixels: Pixels, wish: Wish) => Bitmap
  /** Something new can be drawn. */
  changed: () => void
  failed: (error: unknown) => void
}

/** A picture whose only change is another tile of a running job is refreshed at most this often. */
export const refreshMilliseconds = 100
const backdropSide = 1024

export class Feed<Bitmap> {
  /** The last picture that arrived. */
  current: Held<Bitmap> | null = null
  /** The whole image at a low resolution, to be seen at the edges while panning. */
  backdrop: Held<Bitmap> | null = null

  readonly #options: FeedOptions<Bitmap>
  #wish: Wish | null = null
  #whole: Size = { width: 0, height: 0 }
  #asked: Wish | null = null
  #busy = false
  #startedAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(options: FeedOptions<Bitmap>) {
    this.#options = options
  }

  /** Says what should be shown now. Cheap to call at every frame. `whole` is the size of the image. */
  want(wish: Wish, whole: Size): void {
    if (this.current && this.current.wish.source !== wish.source) this.clear()
    this.#wish = wish
    this.#whole = whole
    this.#next()
  }

  /** Whether what has arrived is what is wished, but for tiles of a running job. */
  shows(wish: Wish): boolean {
    return this.current !== null && sameButRevision(this.current.wish, wish)
  }

  /** Forgets everything; what is still on its way is dropped on arrival. */
  clear(): void {
    this.current = null
    this.backdrop = null
    this.#wish = null
    this.#asked = null
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #next(): void {
    const wish = this.#wish
    if (this.#busy || this.#timer || !wish) return
    if (this.#asked === null || !same(this.#asked, wish)) {
      const wait = this.#startedAt + refreshMilliseconds - Date.now()
      if (this.#asked && sameButRevision(this.#asked, wish) && wait > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = null
          this.#next()
        }, wait)
        return
      }
      this.#asked = wish
      void this.#fetch(wish)
    } else if (this.#needsBackdrop(wish)) {
      void this.#fetch(wholeOf(wish, this.#whole))
    }
  }

  async #fetch(wish: Wish): Promise<void> {
    this.#busy = true
    this.#startedAt = Date.now()
    try {
      const pixels = await this.#options.fetch(wish)
      if (this.#wish?.source === wish.source) this.#arrived(wish, pixels)
    } catch (error) {
      this.#options.failed(error)
    } finally {
      this.#busy = false
      this.#next()
    }
  }

  #arrived(wish: Wish, pixels: Pixels): void {
    const held = { bitmap: this.#options.convert(pixels, wish), wish }
    const isWhole = covers(wish.region, this.#whole)
    if (isWhole) this.backdrop = held
    else if (this.backdrop?.wish.content !== wish.content) this.backdrop = null
    const onlyBackdrop = wish !== this.#asked
    if (!onlyBackdrop) this.current = held
    this.#options.changed()
  }

  /** Once what is wanted has arrived and shows only a part. A failed attempt is not repeated for the same content. */
  #needsBackdrop(wish: Wish): boolean {
    if (!this.current || covers(wish.region, this.#whole)) return false
    if (this.#backdropTried === wish.content) return false
    if (this.backdrop?.wish.content === wish.content) return false
    this.#backdropTried = wish.content
    return true
  }
  #backdropTried = ''
}

const covers = (region: Region, whole: Size) =>
  region.width === whole.width && region.height === whole.height

function wholeOf(wish: Wish, whole: Size): Wish {
  const factor = Math.min(1, backdropSide / Math.max(whole.width, whole.height))
  const side = (length: number) => Math.min(longestSide, Math.max(1, Math.round(length * factor)))
  return {
    ...wish,
    region: { x: 0, y: 0, width: whole.width, height: whole.height },
    size: { width: side(whole.width), height: side(whole.height) },
  }
}

function sameButRevision(a: Wish, b: Wish): boolean {
  return (
    a.source === b.source &&
    a.content === b.content &&
    a.region.x === b.region.x &&
    a.region.y === b.region.y &&
    a.region.width === b.region.width &&
    a.region.height === b.region.height &&
    a.size.width === b.size.width &&
    a.size.height === b.size.height
  )
}

function same(a: Wish, b: Wish): boolean {
  return a.revision === b.revision && sameButRevision(a, b)
}
