import { SvelteMap } from 'svelte/reactivity'
import type { DataPart } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { Ask } from '../bridge'
import { Latest } from './latest'
import { pictureAt } from './pictureSets'

/** An image of the data and what the model makes of it. */
export interface MapPicture {
  original: Pictures
  reconstruction: Pictures
  code: Float32Array
  error: number
}

export interface PictureSource {
  item: string
  part: DataPart
}

/** As many are kept; the ones that were asked for first are forgotten first. */
const most = 2048
/** As many are asked for at once. */
const atOnce = 64

/** Pictures of a model's data by their index, as far as they were asked for. */
export class MapPictures {
  readonly #known = new SvelteMap<number, MapPicture>()
  readonly #ask: Ask
  readonly #failed: (error: unknown) => void
  #source: PictureSource | null = null
  /** What a pointer rests on: only the last of it is worth an answer. */
  readonly #glances = new Latest<{ source: PictureSource | null; index: number }>(
    async ({ source, index }) => {
      if (source === this.#source) await this.load([index])
    },
  )

  constructor(ask: Ask, failed: (error: unknown) => void) {
    this.#ask = ask
    this.#failed = failed
  }

  /** Another model or part: what is known is of no use any more. */
  use(source: PictureSource): void {
    if (this.#source?.item === source.item && this.#source.part === source.part) return
    this.#source = source
    this.forget()
  }

  forget(): void {
    this.#known.clear()
  }

  get(index: number): MapPicture | null {
    return this.#known.get(index) ?? null
  }

  /** Asks for one picture; while another is being asked for, only the last one of those that came meanwhile. */
  glance(index: number): void {
    this.#glances.ask({ source: this.#source, index })
  }

  /** Asks for those that are not known. A failure is told, once. */
  async load(indices: readonly number[]): Promise<void> {
    const source = this.#source
    const missing = indices.filter((index) => !this.#known.has(index))
    if (!source) return
    try {
      for (let at = 0; at < missing.length; at += atOnce)
        await this.#fetch(source, missing.slice(at, at + atOnce))
    } catch (error) {
      this.#failed(error)
    }
  }

  async #fetch(source: PictureSource, indices: number[]): Promise<void> {
    const { originals, reconstructions, codes, errors } = await this.#ask('map.images', {
      ...source,
      indices,
    })
    if (source !== this.#source) return
    const width = codes.length / indices.length
    for (const [at, index] of indices.entries())
      this.#known.set(index, {
        original: pictureAt(originals, at),
        reconstruction: pictureAt(reconstructions, at),
        code: codes.slice(at * width, (at + 1) * width),
        error: errors[at] ?? NaN,
      })
    for (const oldest of [...this.#known.keys()].slice(0, -most)) this.#known.delete(oldest)
  }
}
