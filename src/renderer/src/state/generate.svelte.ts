import type {
  Anchor,
  Gallery,
  GalleryExport,
  GalleryKind,
  GalleryPictures,
  LatentFacts,
  Origin,
  WalkMode,
} from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import type { LibraryItem, Pictures } from '../../../shared/training'
import type { Ask } from '../bridge'
import { Latest } from './latest'
import type { LibraryState } from './library.svelte'
import { latentOf } from './map.svelte'
import type { Notices } from './notices.svelte'

export interface GenerateAround {
  ask: Ask
  notices: Notices
  library: LibraryState
  /** Shows a model's map. */
  map: (item: string) => void
}

/** A point between two anchors of the gallery that is shown: row `pair`, from 0 to 1. */
export interface Scrub {
  pair: number
  share: number
}

const bundledItem = 'digits-vae'
/** Sliders of the traversal, the most varied latents. */
const slidersShown = 16

/** What the Generate screen shows. */
export class GenerateState {
  item = $state.raw<string | null>(null)
  facts = $state.raw<LatentFacts | null>(null)
  tab = $state.raw<GalleryKind>('sample')
  sample = $state.raw<{ count: number; seed: number; temperature: number; from: Origin }>({
    ...{ count: 64, seed: 0, temperature: 1 },
    from: 'prior',
  })
  anchors = $state.raw<readonly Anchor[]>([])
  steps = $state.raw(9)
  mode = $state.raw<WalkMode>('slerp')
  size = $state.raw(20)
  traverse = $state.raw<{ latents: number; steps: number; extent: number }>({
    ...{ latents: 10, steps: 9, extent: 3 },
  })
  /** Where a traversal and arithmetic start; null: the middle. */
  base = $state.raw<Anchor | null>(null)
  plus = $state.raw(0)
  minus = $state.raw(1)
  made = $state.raw<{ gallery: Gallery; pictures: GalleryPictures } | null>(null)
  making = $state.raw(false)
  selected = $state.raw<number | null>(null)
  scrub = $state.raw<Scrub>({ pair: 0, share: 0 })
  /** The picture of the scrubber, or of the sliders. */
  live = $state.raw<Pictures | null>(null)
  /** What the sliders show: a code, changed by hand. */
  code = $state.raw<Float32Array | null>(null)
  readonly around: GenerateAround
  readonly models = $derived.by(() => this.around.library.items.filter(isUsable))
  readonly model = $derived.by(() => this.around.library.find(this.item))
  readonly gallery = $derived.by((): Gallery | null => this.#gallery())
  readonly sliders = $derived.by(() => this.facts?.latents.slice(0, slidersShown) ?? [])
  readonly #galleries = new Latest<{ item: string; gallery: Gallery }>((wanted) =>
    this.#make(wanted),
  )
  readonly #walks = new Latest<Scrub>((scrub) => this.#walk(scrub))
  readonly #codes = new Latest<Float32Array>((code) => this.#decode(code))

  constructor(around: GenerateAround) {
    this.around = around
  }

  get bundled(): LibraryItem | null {
    return this.models.find(({ item }) => item === bundledItem) ?? this.models[0] ?? null
  }

  /** Generates with a model: samples from it, or from its mixture where it has no prior. */
  choose(item: string): void {
    if (this.item !== item) {
      this.item = item
      this.#forget()
      this.anchors = []
      this.base = null
    }
    const variational = this.around.library.find(item)?.kind === 'variational'
    this.sample = { ...this.sample, from: variational ? this.sample.from : 'mixture' }
    if (this.tab === 'manifold' && latentOf(this.model) !== 2) this.tab = 'sample'
    void this.#readFacts(item)
    this.refresh()
  }

  /** Walks between points that another screen has chosen. */
  walk(item: string, anchors: readonly Anchor[]): void {
    this.tab = anchors.length > 1 ? 'interpolate' : 'traverse'
    this.choose(item)
    this.anchors = anchors.length > 1 ? anchors : this.anchors
    this.base = anchors[0] ?? null
    this.refresh()
  }

  show(tab: GalleryKind): void {
    this.tab = tab
    this.#forget()
    this.refresh()
  }

  /** Changes settings and shows what comes of them. */
  change(settings: Partial<Pick<GenerateState, 'sample' | 'steps' | 'mode' | 'size'>>): void {
    Object.assign(this, settings)
    this.refresh()
  }

  setAnchors(anchors: readonly Anchor[]): void {
    this.anchors = anchors.slice(0, 16)
    this.scrub = { pair: 0, share: 0 }
    this.refresh()
  }

  /** Points from the user's own files. */
  async addFiles(): Promise<void> {
    try {
      const files = await this.around.ask('files.chooseImages', {})
      const added = files.map(({ file, name }) => ({ kind: 'file', path: file, name }) as const)
      if (added.length > 0) this.setAnchors([...this.anchors, ...added])
    } catch (error) {
      this.around.notices.failAsked(error)
    }
  }

  /** Another seed; the one before is one step back. */
  reroll(): void {
    const seed = (this.sample.seed + 1) % 2 ** 31
    this.change({ sample: { ...this.sample, seed } })
  }

  refresh(): void {
    const { item, gallery } = this
    if (!item || !gallery) {
      this.made = null
      return
    }
    this.making = true
    this.#galleries.ask({ item, gallery })
  }

  /** The selected picture as a point: an image of the data, or its code. */
  get point(): Anchor | null {
    const { made, selected } = this
    if (!made || selected === null) return null
    const { gallery, pictures } = made
    if (gallery.kind === 'sample') {
      const { seed, temperature, from } = gallery
      return { kind: 'sample', seed, temperature, from, index: selected }
    }
    const code = codeAt(pictures, selected)
    if (code) return { kind: 'code', code: [...code] }
    return gallery.kind === 'reconstruct' ? (gallery.anchors[selected] ?? null) : null
  }

  /** The code of the selected picture; null for one that was not decoded. */
  get selectedCode(): Float32Array | null {
    return this.made && this.selected !== null ? codeAt(this.made.pictures, this.selected) : null
  }

  select(place: number | null): void {
    const count = this.made?.pictures.pictures.count ?? 0
    this.selected = place === null ? null : Math.min(Math.max(0, place), count - 1)
  }

  addSelected(): void {
    const { point } = this
    if (point) this.anchors = [...this.anchors, point].slice(0, 16)
  }

  /** Traverses from the selected picture. */
  traverseSelected(): void {
    const { point, selectedCode } = this
    if (!point) return
    this.base = point
    this.show('traverse')
    if (selectedCode) this.slideTo(selectedCode)
  }

  /** Moves the scrubber; the picture follows as fast as the engine decodes. */
  scrubTo(scrub: Scrub): void {
    this.scrub = { ...scrub, share: Math.min(1, Math.max(0, scrub.share)) }
    this.#walks.ask(this.scrub)
  }

  /** Changes one latent by hand. */
  slide(latent: number, value: number): void {
    const { facts } = this
    if (!facts) return
    const code = Float32Array.from(this.code ?? this.#middle(facts))
    code[latent] = value
    this.slideTo(code)
  }

  /** Null: back to the middle. */
  slideTo(code: Float32Array | null): void {
    this.code = code ?? (this.facts ? this.#middle(this.facts) : null)
    if (this.code) this.#codes.ask(this.code)
  }

  /** Writes what is shown to files. */
  async export(as: GalleryExport): Promise<void> {
    const { ask, notices } = this.around
    const { item, gallery, model } = this
    if (!item || !gallery || !model) return
    try {
      const ending = as === 'frames' ? '' : '.png'
      const suggestedName = `${model.name}-${gallery.kind}${ending}`
      const kind = as === 'frames' ? 'frames' : 'png'
      const target = await ask('files.chooseTarget', { suggestedName, kind })
      if (!target) return
      const { name } = await ask('latent.export', { item, gallery, as, file: target.file })
      const reveal = () =>
        void ask('files.reveal', { file: target.file }).catch(this.around.notices.fail)
      notices.add({
        kind: 'success',
        text: () => m.export_done({ name }),
        action: { label: m.export_reveal, run: reveal },
      })
    } catch (error) {
      notices.failAsked(error)
    }
  }

  /** Shows again what an exported picture says of itself. */
  async openSheet(): Promise<void> {
    const { ask, notices } = this.around
    try {
      const [file] = await ask('files.chooseImages', {})
      if (!file) return
      const { provenance, item } = await ask('latent.provenance', { file: file.file })
      if (!item) {
        notices.add({
          kind: 'information',
          text: () => m.generate_sheet_unknown({ model: provenance.model }),
        })
        return
      }
      this.#take(provenance.gallery)
      this.choose(item)
      this.#take(provenance.gallery)
      this.refresh()
    } catch (error) {
      notices.failAsked(error)
    }
  }

  /** Settings as a gallery has them. */
  #take(gallery: Gallery): void {
    this.tab = gallery.kind
    switch (gallery.kind) {
      case 'sample': {
        const { count, seed, temperature, from } = gallery
        this.sample = { count, seed, temperature, from }
        break
      }
      case 'reconstruct':
        this.anchors = gallery.anchors
        break
      case 'interpolate':
        this.anchors = gallery.anchors
        this.steps = gallery.steps
        this.mode = gallery.mode
        break
      case 'manifold':
        this.size = gallery.size
        break
      case 'traverse':
        this.base = gallery.base
        this.traverse = {
          latents: gallery.latents,
          steps: gallery.steps,
          extent: gallery.extent,
        }
        break
      case 'arithmetic':
        this.base = gallery.base
        if (gallery.plus.kind === 'label') this.plus = gallery.plus.label
        if (gallery.minus.kind === 'label') this.minus = gallery.minus.label
        break
    }
  }

  #gallery(): Gallery | null {
    const { anchors, base } = this
    switch (this.tab) {
      case 'sample':
        return { kind: 'sample', ...this.sample }
      case 'reconstruct':
        return anchors.length > 0 ? { kind: 'reconstruct', anchors: [...anchors] } : null
      case 'interpolate': {
        const { steps, mode } = this
        return anchors.length > 1
          ? { kind: 'interpolate', anchors: [...anchors], steps, mode }
          : null
      }
      case 'manifold':
        return { kind: 'manifold', size: this.size }
      case 'traverse':
        return { kind: 'traverse', base, ...this.traverse }
      case 'arithmetic': {
        const part = this.facts?.data?.test === 0 ? 'training' : 'test'
        const label = (number: number) => ({ kind: 'label', part, label: number }) as const
        if (!this.facts?.data?.labels) return null
        return {
          kind: 'arithmetic',
          base: base ?? { kind: 'code', code: [...this.#middle(this.facts)] },
          plus: label(this.plus),
          minus: label(this.minus),
          weights: [-1, -0.5, 0, 0.5, 1, 1.5, 2],
        }
      }
    }
  }

  /** The mean code; for variational models 0. */
  #middle({ latent, latents, prior }: LatentFacts): Float32Array {
    const code = new Float32Array(latent)
    if (!prior) for (const { index, mean } of latents) code[index] = mean
    return code
  }

  async #readFacts(item: string): Promise<void> {
    try {
      const facts = await this.around.ask('latent.facts', { item })
      if (this.item !== item) return
      this.facts = facts
      if (this.tab === 'arithmetic') this.refresh()
    } catch (error) {
      this.around.notices.failAsked(error)
    }
  }

  async #make(wanted: { item: string; gallery: Gallery }): Promise<void> {
    try {
      const pictures = await this.around.ask('latent.gallery', wanted)
      if (this.item !== wanted.item || this.tab !== wanted.gallery.kind) return
      this.made = { gallery: wanted.gallery, pictures }
      if (this.selected !== null && this.selected >= pictures.pictures.count) this.selected = null
      if (wanted.gallery.kind === 'interpolate') this.scrubTo({ ...this.scrub, pair: 0 })
      if (wanted.gallery.kind === 'traverse' && !this.code) this.slideTo(baseOf(pictures))
    } catch (error) {
      this.around.notices.failAsked(error)
    } finally {
      this.making = false
    }
  }

  async #walk({ pair, share }: Scrub): Promise<void> {
    const { item, made, mode } = this
    if (!item || made?.gallery.kind !== 'interpolate') return
    const { columns } = made.pictures
    const [from, to] = [pair * columns, (pair + 1) * columns - 1].map((at) =>
      codeAt(made.pictures, at),
    )
    if (!from || !to) return
    try {
      const answer = await this.around.ask('latent.between', { item, from, to, share, mode })
      if (this.tab === 'interpolate') this.live = answer.picture
    } catch (error) {
      this.around.notices.fail(error)
    }
  }

  async #decode(codes: Float32Array): Promise<void> {
    const { item } = this
    if (!item) return
    try {
      const picture = await this.around.ask('latent.decode', { item, codes })
      if (this.item === item && this.tab === 'traverse') this.live = picture
    } catch (error) {
      this.around.notices.fail(error)
    }
  }

  #forget(): void {
    this.made = null
    this.selected = null
    this.live = null
    this.code = null
    this.scrub = { pair: 0, share: 0 }
    if (this.facts?.item !== this.item) this.facts = null
  }
}

/** A picture's code; null for one that was not decoded. */
export function codeAt({ pictures, codes }: GalleryPictures, place: number): Float32Array | null {
  const latent = codes.length / pictures.count
  const code = codes.slice(place * latent, (place + 1) * latent)
  return code.length === 0 || code.some(Number.isNaN) ? null : code
}

/** The code that a traversal starts from: each row changes one latent, which another row has as it was. */
function baseOf(pictures: GalleryPictures): Float32Array | null {
  const [code, other] = [codeAt(pictures, 0), codeAt(pictures, pictures.columns)]
  const changed = pictures.rows[0]?.latent
  if (!code || changed === undefined || changed === null) return null
  if (other) code[changed] = other[changed] ?? 0
  return code
}

/** Autoencoders that have learned something. */
function isUsable({ kind, progress }: LibraryItem): boolean {
  if (kind === 'photo-denoiser' || kind === 'denoiser') return false
  return progress === null || progress.best !== null || progress.epoch > 0
}
