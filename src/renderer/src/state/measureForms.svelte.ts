/** What a measurement is set up with, one class a kind. */
import { suitedRecipes, type AnomalyProtocol, type MeasureRequest } from '../../../shared/latent'
import type { DataSource, LibraryItem, Recipe, RecipeName } from '../../../shared/training'
import type { Ask } from '../bridge'
import { isTrainedAutoencoder } from './autoencoders'
import { anyFolder, isChosen } from './configEdits'
import type { LibraryState } from './library.svelte'
import { RunSetup } from './setup.svelte'

export type ProtocolKind = AnomalyProtocol['kind']
type Folder = Extract<DataSource, { kind: 'folder' }>

/** The name of the subfolder of normal images, unless told otherwise. */
const usualNormal = 'normal'

/** Anomalies: a recipe that is trained on normal images only, and what is normal. */
export class AnomalyForm {
  /** The recipe's configuration, its data, and what training it costs. */
  setup = $state.raw<RunSetup>() as RunSetup
  protocol = $state.raw<ProtocolKind>('one-normal')
  /** Null: each label in turn. */
  label = $state.raw<number | null>(null)
  /** The folder with normal and other images, each in subfolders. */
  test = $state.raw<{ path: string; name: string } | null>(null)
  normalLabel = $state(usualNormal)
  readonly labels = $derived.by(() => this.setup.description?.card.labels ?? null)
  /** Labels are needed and there are none. */
  readonly unlabelled = $derived.by(
    () => this.protocol !== 'folders' && this.setup.description !== null && !this.labels,
  )
  /** Why it cannot be trained; batches are made to fit the normal images, however few. */
  readonly refusal = $derived.by(() => {
    const { refusal } = this.setup
    return refusal?.code === 'batch-too-large' ? null : refusal
  })
  readonly canStart = $derived.by(() => {
    const { problems, dataChosen } = this.setup
    const ready = problems.size === 0 && dataChosen && this.refusal === null
    return ready && !this.unlabelled && this.#complete
  })
  /** How long training all of it takes, in seconds; null where it is not known. */
  readonly seconds = $derived.by(() => {
    const { forecast } = this.setup
    return forecast ? forecast.seconds * this.#share : null
  })
  readonly #ask: Ask
  readonly #recipes: readonly Recipe[]
  /** What was offered: it follows the protocol until a person chooses another one, or changes it. */
  #offered: Recipe | null

  /** @param recipe of `recipes`, the one to begin with */
  constructor(ask: Ask, recipe: Recipe, recipes: readonly Recipe[]) {
    this.#ask = ask
    this.#recipes = recipes
    this.#offered = recipe
    this.setup = new RunSetup(ask, recipe.config, recipe.name, recipe.name)
  }

  get #complete(): boolean {
    if (this.protocol !== 'folders') return true
    return this.test !== null && this.normalLabel.trim() !== ''
  }

  /** What all trainings together cost, in trainings on all of the data. */
  get #share(): number {
    const { protocol, label, labels } = this
    if (protocol === 'folders' || !labels) return 1
    const ofOne = protocol === 'one-normal' ? 1 / labels.length : 1 - 1 / labels.length
    return label === null ? ofOne * labels.length : ofOne
  }

  /** A person's choice of another recipe, on the same data. */
  setRecipe(recipe: Recipe): void {
    this.#offered = null
    this.#use(recipe)
  }

  #use({ name, config }: Recipe): void {
    const { data } = this.setup.config
    this.setup.close()
    this.setup = new RunSetup(this.#ask, { ...config, data }, name, name)
  }

  setProtocol(protocol: ProtocolKind): void {
    this.protocol = protocol
    this.#offer(suitedRecipes[protocol])
    const { data } = this.setup.config
    if (protocol === 'folders' && data.kind !== 'folder') {
      this.setup.setData({ ...anyFolder, width: 32, height: 32 })
    }
  }

  #offer(name: RecipeName): void {
    const recipe = this.#recipes.find((each) => each.name === name)
    const { data } = this.setup.config
    const asOffered = JSON.stringify({ ...this.#offered?.config, data })
    if (!recipe || !this.#offered || JSON.stringify({ ...this.setup.config, data }) !== asOffered)
      return
    if (recipe !== this.#offered) this.#use(recipe)
    this.#offered = recipe
  }

  setLabel(label: number | null): void {
    this.label = label
  }

  /** A folder was dropped: the normal images first, then those of the test. */
  takeFolder(file: string, name: string): void {
    const { data } = this.setup.config
    if (this.protocol === 'folders' && isChosen(data)) this.test = { path: file, name }
    else {
      this.setProtocol('folders')
      const folder: Folder = data.kind === 'folder' ? data : { ...anyFolder, width: 32, height: 32 }
      this.setup.setData({ ...folder, path: file, name })
    }
  }

  request(): MeasureRequest {
    const { config, recipe } = this.setup
    return { kind: 'anomaly', recipe, config, protocol: this.#protocol() }
  }

  #protocol(): AnomalyProtocol {
    const { protocol, label, normalLabel, test } = this
    if (protocol !== 'folders') return { kind: protocol, label: this.labels ? label : null }
    const { data } = this.setup.config
    const folder: Folder = data.kind === 'folder' ? data : anyFolder
    const source = { ...folder, path: test?.path ?? '', name: test?.name ?? '' }
    return { kind: 'folders', test: source, normalLabel: normalLabel.trim() }
  }
}

export type ItemKind = 'compress' | 'features' | 'likelihood'

/** A measurement of a model of the library. */
export class ItemForm {
  readonly kind: ItemKind
  /** What a person chose; what is not there any more does not count. */
  #chosen = $state.raw<string | null>(null)
  /** K of the importance-weighted estimate. */
  samples = $state(500)
  /** A second model, for the comparison under noise. */
  #against = $state.raw<string | null>(null)
  pretraining = $state(true)
  seed = $state(1)
  readonly candidates = $derived.by(() => this.#library.items.filter((it) => fits(it, this.kind)))
  readonly item = $derived.by(
    () => this.candidates.find(({ item }) => item === this.#chosen) ?? this.candidates[0] ?? null,
  )
  /** Models of the same kind of images that it can be compared with. */
  readonly rivals = $derived.by(() =>
    this.candidates.filter(
      ({ item, data }) => item !== this.item?.item && data?.hash === this.item?.data?.hash,
    ),
  )
  readonly against = $derived.by(
    () => this.rivals.find(({ item }) => item === this.#against) ?? null,
  )
  readonly canStart = $derived.by(
    () => this.item !== null && ![this.samples, this.seed].some(Number.isNaN),
  )
  readonly #library: LibraryState

  constructor(kind: ItemKind, library: LibraryState) {
    this.kind = kind
    this.#library = library
  }

  choose(item: string): void {
    this.#chosen = item
  }

  chooseAgainst(item: string | null): void {
    this.#against = item
  }

  request(): MeasureRequest | null {
    const item = this.item?.item
    if (item === undefined) return null
    const { kind, samples, pretraining, seed, against } = this
    switch (kind) {
      case 'compress':
        return { kind, item }
      case 'likelihood':
        return { kind, item, samples }
      case 'features':
        return { kind, item, against: against?.item ?? null, pretraining, seed }
    }
  }
}

/** Whether a kind of measurement can be made of an item. */
export const fits = (item: LibraryItem, of: ItemKind): boolean =>
  isTrainedAutoencoder(item) && (of !== 'likelihood' || item.kind === 'variational')
