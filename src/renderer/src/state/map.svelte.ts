import { SvelteSet } from 'svelte/reactivity'
import type { Anchor, DataPart, LatentMap, MapRequest, Projection } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import type { LibraryItem } from '../../../shared/training'
import type { Ask } from '../bridge'
import { isTrainedAutoencoder, latentOf } from './autoencoders'
import { exportTo } from './exporting'
import type { LibraryState } from './library.svelte'
import { CloseLook } from './mapCloseLook.svelte'
import { MapPictures } from './mapPictures.svelte'
import { toggled } from './mapSelection'
import { MapWorks, type Made } from './mapWorks.svelte'
import type { Notices } from './notices.svelte'
import { PosteriorsShown } from './posteriors.svelte'

export interface MapAround {
  ask: Ask
  notices: Notices
  library: LibraryState
  /** Opens the Generate screen with a model and codes to walk between. */
  generate: (item: string, anchors: Anchor[]) => void
}

const bundledItem = 'digits-vae-2d'
const seed = 0
/** As many images of a selection are shown, and can go to Generate. */
const mostShown = 60
const mostAnchors = 16

/** What the Map screen shows. */
export class MapState {
  item = $state.raw<string | null>(null)
  part = $state.raw<DataPart>('test')
  most = $state.raw(10_000)
  projection = $state.raw<Projection>('codes')
  colour = $state.raw<'label' | 'error'>('label')
  view = $state.raw<'map' | 'table'>('map')
  tool = $state.raw<'move' | 'lasso'>('move')
  /** Labels that are not shown. */
  readonly hidden = new SvelteSet<number>()
  /** Images with a smaller error are not shown while the colour is the error. */
  leastError = $state.raw(0)
  /** Points of the map, ascending. */
  selected = $state.raw<Int32Array>(new Int32Array())
  hovered = $state.raw<number | null>(null)
  readonly pictures: MapPictures
  /** What is looked at closely. */
  readonly near: CloseLook
  /** Of the model that is mapped. */
  readonly posteriors: PosteriorsShown
  readonly around: MapAround
  readonly works: MapWorks
  readonly models = $derived.by(() => this.around.library.items.filter(isTrainedAutoencoder))
  readonly model = $derived.by(() => this.around.library.find(this.item))
  readonly latent = $derived(latentOf(this.model))
  readonly projections = $derived.by((): Projection[] =>
    this.latent === 2 ? ['codes', 'umap', 'pixels-pca'] : ['pca', 'umap', 'pixels-pca'],
  )
  readonly #current = $derived.by(() => this.#of(this.projection))
  /** The map that is shown: the one asked for, or the last one while that is being made. */
  readonly map = $derived.by((): LatentMap | null => this.#current?.map ?? this.#shown)
  #shown = $state.raw<LatentMap | null>(null)
  #wantsAgain = false
  /** Of the model when it was chosen. */
  #version = ''

  constructor(around: MapAround) {
    this.around = around
    this.pictures = new MapPictures(around.ask, around.notices.fail)
    this.works = new MapWorks({
      ...{ ask: around.ask, notices: around.notices },
      made: () => this.#current && this.#show(this.#current),
      gaveUp: ({ projection }) => this.#back(projection),
    })
    this.posteriors = new PosteriorsShown(around, () => this.item)
    this.near = new CloseLook({
      ...{ ask: around.ask, notices: around.notices, pictures: this.pictures },
      source: () => (this.item === null ? null : { item: this.item, part: this.part }),
      shown: () => this.map,
      job: () => this.#current?.job ?? null,
      decodable: () => (this.#current?.map.decodable ? this.#current.job : null),
    })
  }

  get bundled(): LibraryItem | null {
    return this.models.find(({ item }) => item === bundledItem) ?? this.models[0] ?? null
  }

  /** What is known of each projection of these points. */
  figures(projection: Projection): LatentMap | null {
    return this.#of(projection)?.map ?? null
  }

  #request(projection: Projection): MapRequest {
    const { item, part, most } = this
    return { item: item ?? '', part, projection, most, seed }
  }

  #of(projection: Projection): Made | null {
    return this.works.of(this.#request(projection))
  }

  /** Maps a model's data, by its two latents or by principal components. */
  choose(item: string): void {
    const version = versionOf(this.around.library.find(item))
    const trained = this.item === item && this.#version !== version
    this.#version = version
    if (trained) {
      this.works.forget() // it has learned since
      this.pictures.forget()
    }
    if (this.item !== item || trained || !this.map) {
      this.item = item
      this.posteriors.forget()
      this.#leavePoints()
      this.projection = this.latent === 2 ? 'codes' : 'pca'
    }
    void this.start()
  }

  /** Maps a model's data and marks a code among it. */
  mark(item: string, code: Float32Array): void {
    this.choose(item)
    this.view = 'map'
    this.near.mark(code)
  }

  /** Other points of the same model. */
  choosePoints(change: { part?: DataPart; most?: number }): void {
    this.part = change.part ?? this.part
    this.most = change.most ?? this.most
    this.#leavePoints()
    void this.start()
  }

  chooseProjection(projection: Projection): void {
    this.projection = projection
    if (this.near.opened?.kind === 'place') this.near.close() // elsewhere on another map, or nowhere
    void this.start()
  }

  /** Whether codes have a spread that can be drawn: variational models by their two latents. */
  get hasPosteriors(): boolean {
    return this.model?.kind === 'variational' && this.map?.request.projection === 'codes'
  }

  #leavePoints(): void {
    this.#shown = null
    this.hidden.clear()
    this.leastError = 0
    this.selected = new Int32Array()
    this.hovered = null
    this.near.close()
  }

  /** Shows the map that the choices speak of; makes it if there is none yet. */
  async start(): Promise<void> {
    if (!this.item) return
    this.pictures.use({ item: this.item, part: this.part })
    if (this.#current) {
      this.#show(this.#current)
      await this.works.cancel()
    } else await this.works.make(this.#request(this.projection))
  }

  /** Back to what is shown, from an arrangement that does not come. */
  #back(asked: Projection): void {
    if (this.#shown && !this.#current && asked === this.projection)
      this.projection = this.#shown.request.projection
  }

  #show({ map }: Made): void {
    this.#shown = map
    if (!map.labels) this.colour = 'error'
    if (this.near.opened?.kind === 'point' && this.near.opened.point >= map.count) this.near.close()
    void this.near.locate()
  }

  /** The engine ended, and its work and its maps with it. */
  lost(): void {
    this.#wantsAgain ||= this.works.making !== null || this.map !== null
    this.works.lost()
  }

  /** A new engine: what was shown is made again, so that it can be asked about places. */
  engineReady(): void {
    if (!this.#wantsAgain) return
    this.#wantsAgain = false
    void this.start()
  }

  hover(point: number | null): void {
    this.hovered = point
    const index = point === null ? undefined : this.map?.indices[point]
    if (index !== undefined) this.pictures.glance(index)
  }

  select(points: Int32Array): void {
    this.selected = points
    const { map } = this
    if (!map) return
    this.around.notices.announcement = m.map_selected({ count: points.length.toLocaleString('en') })
    void this.pictures.load([...this.shownOfSelection])
  }

  toggle(point: number): void {
    this.select(toggled(this.selected, point))
  }

  /** Numbers of the first selected images. */
  get shownOfSelection(): number[] {
    const { map } = this
    return map ? Array.from(this.selected.subarray(0, mostShown), (i) => map.indices[i] ?? 0) : []
  }

  get anchorsOfSelection(): Anchor[] {
    return this.shownOfSelection
      .slice(0, mostAnchors)
      .map((index) => ({ kind: 'data', part: this.part, index }))
  }

  sendToGenerate(anchors: Anchor[]): void {
    if (this.item && anchors.length > 0) this.around.generate(this.item, anchors)
  }

  /** Writes the codes of all images of the part, on the map or not. */
  async exportCodes(format: 'csv' | 'npy'): Promise<void> {
    const { item, part, model, around } = this
    if (!item || !model) return
    const target = { suggestedName: `${model.name}-${part}-codes.${format}`, kind: format }
    await exportTo(around, target, ({ file }) =>
      around.ask('latent.exportCodes', { item, part, format, file }),
    )
  }

  toggleLabel(label: number): void {
    if (!this.hidden.delete(label)) this.hidden.add(label)
  }

  /** Only this label; all of them again when it was the only one. */
  onlyLabel(label: number): void {
    const count = this.map?.labelNames?.length ?? 0
    const alone = !this.hidden.has(label) && this.hidden.size === count - 1
    this.hidden.clear()
    for (let other = 0; other < count && !alone; other += 1)
      if (other !== label) this.hidden.add(other)
  }

  /** Whether a point is among those that the legend leaves. */
  isVisible(point: number): boolean {
    const { map } = this
    if (!map) return false
    if (this.colour === 'error') return (map.errors[point] ?? 0) >= this.leastError
    return !this.hidden.has(map.labels?.[point] ?? -1)
  }
}

/** Another one when a model has learned more. */
const versionOf = (item: LibraryItem | null): string => String(item?.progress?.best?.epoch ?? '')
