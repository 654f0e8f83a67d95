import type { FileHandle } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Anchor, Gallery, GalleryPictures, LatentFacts } from '../../../shared/latent'
import type { LibraryItem } from '../../../shared/training'
import type { Ask } from '../bridge'
import { AnchorPictures } from './anchorPictures.svelte'
import { isTrainedAutoencoder, latentOf } from './autoencoders'
import { DataBrowser } from './dataBrowser.svelte'
import { baseOf, codeAt, placeCodeAt, pointAt } from './galleryCodes'
import {
  choicesOf,
  forAnotherModel,
  galleryOf,
  initialChoices,
  middleOf,
  mostAnchors,
  mostInGroup,
  usualPart,
  type GenerateChoices,
} from './generateChoices'
import { GalleryMaker } from './galleryMaker.svelte'
import { fileAnchor, GenerateFiles } from './generateFiles'
import { LivePicture } from './generateLive.svelte'
import { begin, record, redo, undo, type Timeline } from './history'
import { Latest } from './latest'
import type { LibraryState } from './library.svelte'
import type { Notices } from './notices.svelte'
import { PosteriorsShown } from './posteriors.svelte'

export interface GenerateAround {
  ask: Ask
  notices: Notices
  library: LibraryState
  /** Shows a code on its model's map. */
  map: (item: string, code: Float32Array) => void
}

const bundledItem = 'digits-vae'
/** Sliders of the traversal, the most varied latents. */
const slidersShown = 16

/** What the Generate screen shows. */
export class GenerateState {
  item = $state.raw<string | null>(null)
  facts = $state.raw<LatentFacts | null>(null)
  timeline = $state.raw<Timeline<GenerateChoices>>(begin(initialChoices))
  readonly choices = $derived(this.timeline.present)
  made = $state.raw<{ gallery: Gallery; pictures: GalleryPictures } | null>(null)
  making = $state.raw(false)
  selected = $state.raw<number | null>(null)
  readonly around: GenerateAround
  readonly models = $derived.by(() => this.around.library.items.filter(isTrainedAutoencoder))
  readonly model = $derived.by(() => this.around.library.find(this.item))
  readonly gallery = $derived.by(() => galleryOf(this.choices, this.facts))
  readonly sliders = $derived.by(() => this.facts?.latents.slice(0, slidersShown) ?? [])
  /** What the sliders show: the code they were moved to, or the one that the rows start from. */
  readonly code = $derived.by(() => {
    const { choices, made, facts } = this
    const base = made?.gallery.kind === 'traverse' ? baseOf(made.pictures) : null
    return choices.code ?? base ?? (facts && middleOf(facts))
  })
  readonly maker: GalleryMaker
  readonly live: LivePicture
  readonly files: GenerateFiles
  /** Pictures of points that were chosen. */
  readonly thumbs: AnchorPictures
  readonly browser: DataBrowser
  readonly posteriors: PosteriorsShown
  readonly #galleries = new Latest<{ item: string; gallery: Gallery }>((wanted) =>
    this.#make(wanted),
  )

  constructor(around: GenerateAround) {
    this.around = around
    this.maker = new GalleryMaker(around.ask)
    this.live = new LivePicture(this)
    this.files = new GenerateFiles(this)
    this.thumbs = new AnchorPictures(around.ask, around.notices.fail)
    this.browser = new DataBrowser(around)
    this.posteriors = new PosteriorsShown(around, () => this.item)
  }

  get bundled(): LibraryItem | null {
    return this.models.find(({ item }) => item === bundledItem) ?? this.models[0] ?? null
  }

  /** Generates with a model: samples from it, or from its mixture where it has no prior. Another one has no history yet. */
  choose(item: string): void {
    if (this.item !== item) {
      this.item = item
      this.#leave()
      this.posteriors.forget()
      this.timeline = begin(forAnotherModel(this.choices))
    }
    this.thumbs.use(item)
    const { sample, tab } = this.choices
    const variational = this.model?.kind === 'variational'
    const from = variational ? sample.from : 'mixture'
    const fitting = tab === 'manifold' && latentOf(this.model) !== 2 ? 'sample' : tab
    const present = { ...this.choices, tab: fitting, sample: { ...sample, from } }
    this.timeline = { ...this.timeline, present }
    void this.#readFacts(item)
    this.refresh()
  }

  /** Walks between points that another screen has chosen. */
  walk(item: string, anchors: readonly Anchor[]): void {
    this.choose(item)
    const base = { base: anchors[0] ?? null, code: null }
    if (anchors.length > 1) this.change({ ...base, tab: 'interpolate', anchors }, 'walk')
    else this.change({ ...base, tab: 'traverse' }, 'walk')
  }

  get canUndo(): boolean {
    return this.timeline.past.length > 0
  }

  get canRedo(): boolean {
    return this.timeline.future.length > 0
  }

  /** Chooses something and shows what comes of it; several quick changes of the same field are one step back. */
  change(patch: Partial<GenerateChoices>, field = Object.keys(patch).join()): void {
    this.#enter(record(this.timeline, { ...this.choices, ...patch }, field, Date.now()))
  }

  undo(): void {
    this.#enter(undo(this.timeline))
  }

  redo(): void {
    this.#enter(redo(this.timeline))
  }

  #enter(timeline: Timeline<GenerateChoices>): void {
    const before = { choices: this.choices, gallery: JSON.stringify(this.gallery) }
    this.timeline = timeline
    if (before.choices.tab !== this.choices.tab) this.#leave()
    if (before.gallery !== JSON.stringify(this.gallery)) this.refresh()
    else if (before.choices.code !== this.choices.code) this.live.decode()
  }

  setAnchors(anchors: readonly Anchor[]): void {
    this.live.scrub = { pair: 0, share: 0 }
    this.change({ anchors: anchors.slice(0, mostAnchors) }, `anchors ${anchors.length}`)
  }

  /** More points; what they are for is shown where nothing was for them yet. */
  addAnchors(added: readonly Anchor[]): void {
    if (added.length === 0) return
    const anchors = [...this.choices.anchors, ...added].slice(0, mostAnchors)
    const { tab } = this.choices
    if (tab === 'interpolate' || tab === 'reconstruct') this.setAnchors(anchors)
    else this.change({ anchors, tab: anchors.length > 1 ? 'interpolate' : 'reconstruct' }, 'added')
  }

  /** Whether pictures of the user's own can become points: there is a model for them. */
  get canTakeFiles(): boolean {
    return this.item !== null || this.bundled !== null
  }

  /** Pictures that were dropped become points; of the bundled model, where none was chosen yet. */
  takeFiles(files: readonly FileHandle[]): void {
    if (!this.item && this.bundled) this.choose(this.bundled.item)
    this.addAnchors(files.map(fileAnchor))
  }

  /** More pictures for a group, which is one that is chosen by hand then. */
  addToGroup(sign: 'plus' | 'minus', added: readonly Anchor[]): void {
    if (added.length === 0) return
    const group = this.choices[sign]
    const anchors = [...group.anchors, ...added].slice(0, mostInGroup)
    this.change({ [sign]: { ...group, by: 'hand', anchors } }, `${sign} ${anchors.length}`)
  }

  /** Lets images of the data be chosen, so many at most. */
  browse(title: () => string, most: number, take: (anchors: Anchor[]) => void): void {
    const { item, facts } = this
    if (!item || !facts?.data) return
    const { training, test, labels } = facts.data
    const counts = { training, test }
    this.browser.open({ item, part: usualPart(facts), counts, labels, title, most, take })
  }

  /** Another seed; the one before is one step back. */
  reroll(): void {
    const seed = (this.choices.sample.seed + 1) % 2 ** 31
    this.change({ sample: { ...this.choices.sample, seed } }, `seed ${seed}`)
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

  /** The selected picture as a point. */
  get point(): Anchor | null {
    const { made, selected } = this
    return made && selected !== null ? pointAt(made.gallery, made.pictures, selected) : null
  }

  /** The code of the selected picture; null for one that was not decoded. */
  get selectedCode(): Float32Array | null {
    return this.made && this.selected !== null ? codeAt(this.made.pictures, this.selected) : null
  }

  select(place: number | null): void {
    const count = this.made?.pictures.pictures.count ?? 0
    this.selected = place === null ? null : Math.min(Math.max(0, place), count - 1)
  }

  /** Keeps the selected picture as a point, and stays where it is. */
  addSelected(): void {
    const { point } = this
    if (point) this.setAnchors([...this.choices.anchors, point])
  }

  addSelectedTo(sign: 'plus' | 'minus'): void {
    const { point } = this
    if (point) this.addToGroup(sign, [point])
  }

  /** Traverses from the selected picture. */
  traverseSelected(): void {
    const { point } = this
    if (point) this.change({ base: point, code: null, tab: 'traverse' }, 'base')
  }

  /** Shows where the selected picture lies. */
  mapSelected(): void {
    const { item, made, selected } = this
    const code = made && selected !== null ? placeCodeAt(made.pictures, selected) : null
    if (item && code) this.around.map(item, code)
  }

  /** Changes one latent by hand. */
  slide(latent: number, value: number): void {
    if (!this.code) return
    const code = Float32Array.from(this.code)
    code[latent] = value
    this.change({ code }, `latent ${latent}`)
  }

  async #readFacts(item: string): Promise<void> {
    try {
      const facts = await this.around.ask('latent.facts', { item })
      if (this.item !== item) return
      this.facts = facts
      if (this.choices.tab === 'arithmetic') this.refresh()
    } catch (error) {
      this.around.notices.failAsked(error)
    }
  }

  async #make(wanted: { item: string; gallery: Gallery }): Promise<void> {
    try {
      const pictures = await this.maker.make(wanted)
      if (this.item !== wanted.item || this.choices.tab !== wanted.gallery.kind) return
      if (!this.gallery) return
      this.made = { gallery: wanted.gallery, pictures }
      if (this.selected !== null && this.selected >= pictures.pictures.count) this.selected = null
      this.live.galleryMade()
    } catch (error) {
      this.around.notices.failAsked(error)
      if (error instanceof DarkroomError && error.code === 'cancelled') this.#goBack(wanted)
    } finally {
      this.making = false
    }
  }

  /** Ends what the pictures wait for. */
  async cancel(): Promise<void> {
    try {
      await this.maker.cancel()
    } catch (error) {
      this.around.notices.fail(error)
    }
  }

  /** To what is shown, from what was not waited for, unless something else is wanted by now. */
  #goBack({ item, gallery }: { item: string; gallery: Gallery }): void {
    const { made } = this
    const same = item === this.item && JSON.stringify(gallery) === JSON.stringify(this.gallery)
    if (same && made) this.change(choicesOf(made.gallery), 'back')
  }

  #leave(): void {
    void this.cancel()
    this.made = null
    this.selected = null
    this.live.forget()
    if (this.facts?.item !== this.item) this.facts = null
  }
}
