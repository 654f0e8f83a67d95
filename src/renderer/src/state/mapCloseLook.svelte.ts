import type { Anchor, LatentMap } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { Ask } from '../bridge'
import { Latest } from './latest'
import type { MapPictures, PictureSource } from './mapPictures.svelte'
import type { Notices } from './notices.svelte'

interface Spot {
  x: number
  y: number
}

/**
 * An image of the data, a place where there may be none, or a code that another screen sent. `point` is −1 for an image
 * that is not on the map; `nearest` is the image at whose place the code is marked where it has no place of its own.
 */
export type Opened =
  | { kind: 'point'; point: number; index: number }
  | (Spot & { kind: 'place'; picture: Pictures; code: Float32Array })
  | (Spot & { kind: 'sent'; picture: Pictures; code: Float32Array; nearest: number | null })

export interface Neighbour {
  index: number
  distance: number
}

interface Around {
  ask: Ask
  notices: Notices
  pictures: MapPictures
  source: () => PictureSource | null
  shown: () => LatentMap | null
  /** The job of the map whose places have codes. */
  decodable: () => string | null
  /** The job of the map that is shown. */
  job: () => string | null
}

const neighboursShown = 12

/** What is looked at closely on a map, with its nearest neighbours. */
export class CloseLook {
  opened = $state.raw<Opened | null>(null)
  neighbours = $state.raw<readonly Neighbour[]>([])
  readonly #around: Around
  readonly #places = new Latest<Spot>((place) => this.#decode(place))
  /** A code from another screen. */
  #sent: Float32Array | null = null

  constructor(around: Around) {
    this.#around = around
  }

  /** As an anchor for Generate. */
  get anchor(): Anchor | null {
    const source = this.#around.source()
    if (!this.opened || !source) return null
    return this.opened.kind === 'point'
      ? { kind: 'data', part: source.part, index: this.opened.index }
      : { kind: 'code', code: [...this.opened.code] }
  }

  /** A point of the map. */
  async open(point: number): Promise<void> {
    const index = this.#around.shown()?.indices[point]
    if (index !== undefined) await this.#openImage({ kind: 'point', point, index })
  }

  /** An image by its number in the data; opened even where it is not among the points. */
  async search(index: number): Promise<void> {
    const point = this.#around.shown()?.indices.indexOf(index) ?? -1
    await this.#openImage({ kind: 'point', point, index })
  }

  async #openImage(opened: Opened & { kind: 'point' }): Promise<void> {
    const { pictures } = this.#around
    this.#sent = null
    this.opened = opened
    this.neighbours = []
    await pictures.load([opened.index])
    const picture = pictures.get(opened.index)
    if (picture && this.opened === opened)
      await this.#findNeighbours(opened, picture.code, opened.index)
  }

  async #findNeighbours(opened: Opened, code: Float32Array, self: number | null): Promise<void> {
    const { ask, notices, pictures } = this.#around
    const source = this.#around.source()
    if (!source) return
    const count = neighboursShown + (self === null ? 0 : 1)
    try {
      const found = await ask('map.neighbours', { ...source, code, count })
      const list = found.indices
        .map((index, at) => ({ index, distance: found.distances[at] ?? NaN }))
        .filter(({ index }) => index !== self)
        .slice(0, neighboursShown)
      await pictures.load(list.map(({ index }) => index))
      if (this.opened === opened) this.neighbours = list
    } catch (error) {
      notices.fail(error)
    }
  }

  /** Decodes a place. While one is being decoded, only the last of those that were asked for meanwhile. */
  decode(x: number, y: number): void {
    this.#sent = null
    this.#places.ask({ x, y })
  }

  async #decode({ x, y }: Spot): Promise<void> {
    const job = this.#around.decodable()
    if (!job) return
    try {
      const { picture, code } = await this.#around.ask('map.decode', { job, x, y })
      await this.#openPlace({ kind: 'place', x, y, picture, code })
    } catch (error) {
      this.#around.notices.failAsked(error)
    }
  }

  async #openPlace(opened: Exclude<Opened, { kind: 'point' }>): Promise<void> {
    this.opened = opened
    this.neighbours = []
    if (!this.#places.waiting) await this.#findNeighbours(opened, opened.code, null)
  }

  /** Marks a code that another screen sent, as soon as there is a map; on every map that is shown from then on. */
  mark(code: Float32Array): void {
    this.close()
    this.#sent = code
    void this.locate()
  }

  /** Another map is shown: what was sent lies elsewhere on it, and what was decoded nowhere. */
  async locate(): Promise<void> {
    const [code, job] = [this.#sent, this.#around.job()]
    if (!code || !job) return
    try {
      const found = await this.#around.ask('map.locate', { job, code })
      if (this.#sent === code && this.#around.job() === job)
        await this.#openPlace({ kind: 'sent', code, ...found })
    } catch (error) {
      this.#around.notices.failAsked(error)
    }
  }

  close(): void {
    this.#sent = null
    this.opened = null
    this.neighbours = []
  }
}
