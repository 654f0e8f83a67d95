import type { Anchor, LatentMap } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { Ask } from '../bridge'
import type { MapPictures, PictureSource } from './mapPictures.svelte'
import type { Notices } from './notices.svelte'

/** An image of the data, or a place where there may be none. `point` is −1 for an image that is not on the map. */
export type Opened =
  | { kind: 'point'; point: number; index: number }
  | { kind: 'place'; x: number; y: number; picture: Pictures; code: Float32Array }

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
}

const neighboursShown = 12

/** What is looked at closely on a map, with its nearest neighbours. */
export class CloseLook {
  opened = $state.raw<Opened | null>(null)
  neighbours = $state.raw<readonly Neighbour[]>([])
  readonly #around: Around
  #placeWanted: { x: number; y: number } | null = null
  #decoding = false

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
  async decode(x: number, y: number): Promise<void> {
    this.#placeWanted = { x, y }
    if (this.#decoding) return
    this.#decoding = true
    try {
      while (this.#placeWanted) {
        const place = this.#placeWanted
        this.#placeWanted = null
        await this.#decodeOne(place)
      }
    } finally {
      this.#decoding = false
    }
  }

  async #decodeOne({ x, y }: { x: number; y: number }): Promise<void> {
    const job = this.#around.decodable()
    if (!job) return
    try {
      const { picture, code } = await this.#around.ask('map.decode', { job, x, y })
      const opened: Opened = { kind: 'place', x, y, picture, code }
      this.opened = opened
      this.neighbours = []
      if (!this.#placeWanted) await this.#findNeighbours(opened, code, null)
    } catch (error) {
      this.#around.notices.failAsked(error)
    }
  }

  close(): void {
    this.opened = null
    this.neighbours = []
  }
}
