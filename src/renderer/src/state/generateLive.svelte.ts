import type { GalleryPictures } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { GenerateState } from './generate.svelte'
import { codeAt } from './galleryCodes'
import { Latest } from './latest'

/** A point between two anchors of the gallery that is shown: row `pair`, from 0 to 1. */
export interface Scrub {
  pair: number
  share: number
}

/** The picture that follows the scrubber or the sliders as fast as the engine decodes. */
export class LivePicture {
  scrub = $state.raw<Scrub>({ pair: 0, share: 0 })
  picture = $state.raw<Pictures | null>(null)
  readonly #generate: GenerateState
  readonly #walks = new Latest<Scrub>((scrub) => this.#walk(scrub))
  readonly #codes = new Latest<Float32Array>((code) => this.#decode(code))

  constructor(generate: GenerateState) {
    this.#generate = generate
  }

  /** Another gallery was made: both ends of the scrubber are others, or the base is. */
  galleryMade(): void {
    const { made } = this.#generate
    if (made?.gallery.kind === 'interpolate') this.scrubTo({ ...this.scrub, pair: 0 })
    if (made?.gallery.kind === 'traverse') this.decode()
  }

  scrubTo(scrub: Scrub): void {
    this.scrub = { ...scrub, share: Math.min(1, Math.max(0, scrub.share)) }
    this.#walks.ask(this.scrub)
  }

  /** Shows the code of the sliders. */
  decode(): void {
    const { code } = this.#generate
    if (code) this.#codes.ask(code)
  }

  forget(): void {
    this.picture = null
    this.scrub = { pair: 0, share: 0 }
  }

  async #walk({ pair, share }: Scrub): Promise<void> {
    const { item, made, around } = this.#generate
    if (!item || made?.gallery.kind !== 'interpolate') return
    const { mode } = made.gallery
    const [from, to] = endsOf(made.pictures, pair)
    if (!from || !to) return
    try {
      const answer = await around.ask('latent.between', { item, from, to, share, mode })
      if (this.#generate.choices.tab === 'interpolate') this.picture = answer.picture
    } catch (error) {
      around.notices.fail(error)
    }
  }

  async #decode(codes: Float32Array): Promise<void> {
    const { item, around } = this.#generate
    if (!item) return
    try {
      const picture = await around.ask('latent.decode', { item, codes })
      if (this.#generate.item === item && this.#generate.choices.tab === 'traverse')
        this.picture = picture
    } catch (error) {
      around.notices.fail(error)
    }
  }
}

function endsOf(pictures: GalleryPictures, pair: number) {
  const { columns } = pictures
  return [codeAt(pictures, pair * columns), codeAt(pictures, (pair + 1) * columns - 1)] as const
}
