import type { Anchor, DataPart } from '../../../shared/latent'
import type { Ask } from '../bridge'
import { MapPictures } from './mapPictures.svelte'
import type { Notices } from './notices.svelte'

type DataAnchor = Extract<Anchor, { kind: 'data' }>

/** What images of the data are chosen for. */
export interface Choice {
  item: string
  part: DataPart
  /** Images of both parts. */
  counts: Record<DataPart, number>
  /** The labels' names; null where there are none. */
  labels: readonly string[] | null
  title: () => string
  most: number
  take: (anchors: DataAnchor[]) => void
}

/** Pictures of a page: twelve columns of six. */
export const pageColumns = 12
const pageSize = pageColumns * 6

/** Looks through the images of a model's data and chooses some of them. */
export class DataBrowser {
  /** Null while it is closed. */
  choice = $state.raw<Choice | null>(null)
  part = $state.raw<DataPart>('test')
  /** Only images of this label; null: all. */
  label = $state.raw<number | null>(null)
  page = $state.raw(0)
  /** The place on the page that keys move from. */
  cursor = $state.raw(0)
  /** In the order in which they were chosen. */
  chosen = $state.raw<readonly DataAnchor[]>([])
  readonly pictures: MapPictures
  readonly #around: { ask: Ask; notices: Notices }
  /** Every image's label, once it is known. */
  #labels = $state.raw<Int32Array | null>(null)
  /** The images that the label leaves, ascending. */
  readonly #indices = $derived.by(() => {
    const count = this.choice?.counts[this.part] ?? 0
    const all = Int32Array.from({ length: count }, (_, index) => index)
    const labels = this.#labels
    return this.label === null || !labels ? all : all.filter((i) => labels[i] === this.label)
  })
  readonly count = $derived(this.#indices.length)
  readonly first = $derived(this.page * pageSize)
  readonly shown = $derived([...this.#indices.subarray(this.first, this.first + pageSize)])
  readonly pages = $derived(Math.max(1, Math.ceil(this.count / pageSize)))

  constructor(around: { ask: Ask; notices: Notices }) {
    this.#around = around
    this.pictures = new MapPictures(around.ask, around.notices.fail)
  }

  open(choice: Choice): void {
    this.choice = choice
    this.chosen = []
    this.label = null
    this.show(choice.part)
  }

  close(): void {
    this.choice = null
  }

  /** The other part of the data. What was chosen stays chosen. */
  show(part: DataPart): void {
    const { choice } = this
    if (!choice) return
    this.part = part
    this.#labels = null
    this.#turnTo(0, 0)
    this.pictures.use({ item: choice.item, part })
    this.#load()
    if (choice.labels) void this.#readLabels(choice, part)
  }

  showLabel(label: number | null): void {
    this.label = label
    this.#turnTo(0, 0)
    this.#load()
  }

  /** Another page, within those that there are. */
  turn(pages: number): void {
    const page = Math.min(this.pages - 1, Math.max(0, this.page + pages))
    if (page === this.page) return
    this.#turnTo(page, 0)
    this.#load()
  }

  /** Goes to an image by its number; one that the label hides brings all others back. */
  find(index: number): void {
    if (!this.#indices.includes(index)) this.label = null
    const place = Math.max(0, this.#indices.indexOf(Math.min(index, this.count - 1)))
    this.#turnTo(Math.floor(place / pageSize), place % pageSize)
    this.#load()
  }

  #turnTo(page: number, cursor: number): void {
    this.page = page
    this.cursor = cursor
  }

  isChosen(index: number): boolean {
    return this.chosen.some((anchor) => anchor.part === this.part && anchor.index === index)
  }

  /** Chooses an image or lets it go. Where one is wanted, it takes the place of the one before. */
  toggle(index: number): void {
    const { choice, part } = this
    if (!choice) return
    const anchor = { kind: 'data', part, index } as const
    const others = this.chosen.filter((each) => each.part !== part || each.index !== index)
    if (others.length < this.chosen.length) this.chosen = others
    else if (choice.most === 1) this.chosen = [anchor]
    else if (others.length < choice.most) this.chosen = [...others, anchor]
  }

  /** Hands over what is chosen, and closes. */
  take(): void {
    const { choice } = this
    this.close()
    choice?.take([...this.chosen])
  }

  #load(): void {
    void this.pictures.load(this.shown)
  }

  async #readLabels({ item }: Choice, part: DataPart): Promise<void> {
    const { ask, notices } = this.#around
    try {
      const { labels } = await ask('latent.labels', { item, part })
      if (this.choice?.item !== item || this.part !== part) return
      this.#labels = labels
      if (this.label !== null) this.#load()
    } catch (error) {
      notices.fail(error)
    }
  }
}
