import { SvelteMap } from 'svelte/reactivity'
import type { Anchor } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { Ask } from '../bridge'
import { pictureAt } from './pictureSets'

const keyOf = (anchor: Anchor): string => JSON.stringify(anchor)
/** As many as one gallery of originals above their reconstructions has. */
const atOnce = 64

/** Pictures of points: the image of a point that is one, otherwise what its code decodes to. */
export class AnchorPictures {
  readonly #known = new SvelteMap<string, Pictures>()
  /** What was asked for, once each. */
  #asked: readonly string[] = []
  readonly #ask: Ask
  readonly #failed: (error: unknown) => void
  #item: string | null = null

  constructor(ask: Ask, failed: (error: unknown) => void) {
    this.#ask = ask
    this.#failed = failed
  }

  /** Another model: the same point is another picture, or none. */
  use(item: string): void {
    if (this.#item === item) return
    this.#item = item
    this.#known.clear()
    this.#asked = []
  }

  get(anchor: Anchor): Pictures | null {
    return this.#known.get(keyOf(anchor)) ?? null
  }

  /** Asks for those that are not known. A failure is told. */
  async load(anchors: readonly Anchor[]): Promise<void> {
    const item = this.#item
    const missing = anchors.filter((anchor) => !this.#asked.includes(keyOf(anchor)))
    const keys = missing.map(keyOf)
    this.#asked = [...this.#asked, ...keys]
    try {
      for (let at = 0; item && at < missing.length; at += atOnce)
        await this.#fetch(item, missing.slice(at, at + atOnce))
    } catch (error) {
      this.#asked = this.#asked.filter((key) => !keys.includes(key))
      this.#failed(error)
    }
  }

  async #fetch(item: string, anchors: Anchor[]): Promise<void> {
    const gallery = { kind: 'reconstruct', anchors } as const
    const { pictures } = await this.#ask('latent.gallery', { item, gallery, job: null })
    if (item !== this.#item) return
    for (const [at, anchor] of anchors.entries())
      this.#known.set(keyOf(anchor), pictureAt(pictures, at))
  }
}
