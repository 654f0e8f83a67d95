import { SvelteMap } from 'svelte/reactivity'
import type { FileHandle, WindowEvents } from '../../../shared/contract'
import { m } from '../../../shared/messages/compiled/messages'
import type {
  LibraryItem,
  Recipe,
  RecipeName,
  RunConfig,
  RunProgress,
} from '../../../shared/training'
import type { Ask } from '../bridge'
import { freeName } from './configEdits'
import { withAt } from './configFields'
import type { LibraryState } from './library.svelte'
import type { Notices } from './notices.svelte'
import { RunState } from './run.svelte'
import type { SettingsState } from './settings.svelte'
import { RunSetup } from './setup.svelte'
import { StepState, type StepSource } from './step.svelte'
import { SweepState } from './sweep.svelte'

export type TrainTab = 'run' | 'step' | 'sweep' | 'compare'
export type TrainPlace = 'recipes' | 'setup' | 'run'

interface Surroundings {
  ask: Ask
  notices: Notices
  settings: SettingsState
  library: LibraryState
}

/** An item that was trained here: it has a configuration and stands somewhere. */
export type Run = LibraryItem & { config: RunConfig; progress: RunProgress }
const isRun = (item: LibraryItem): item is Run =>
  item.config !== null && item.progress !== null && !item.bundled

/** The Train screen: recipes, the run that is set up, the runs there are and those that are watched. */
export class TrainState {
  recipes = $state.raw<readonly Recipe[]>([])
  tab = $state.raw<TrainTab>('run')
  place = $state.raw<TrainPlace>('recipes')
  setup = $state.raw<RunSetup | null>(null)
  shown = $state.raw<string | null>(null)
  /** Runs whose curves are laid over each other, in the order of choosing. */
  compared = $state.raw<readonly string[]>([])
  /** A run is being started. */
  starting = $state(false)
  readonly watched = new SvelteMap<string, RunState>()
  readonly runs = $derived.by(() => this.#library.items.filter(isRun))
  /** What the stage shows: a run that is gone makes way for the recipes. */
  readonly stage = $derived<TrainPlace>(
    this.place === 'run' && !this.runs.some(({ item }) => item === this.shown)
      ? 'recipes'
      : this.place,
  )
  readonly overlaid = $derived(this.runs.filter(({ item }) => this.compared.includes(item)))
  readonly active = $derived(this.runs.find(({ item }) => item === this.shown) ?? null)
  readonly activeRun = $derived(this.active ? (this.watched.get(this.active.item) ?? null) : null)
  readonly running = $derived(
    this.runs.find((run) => this.progressOf(run).state === 'running') ?? null,
  )
  /** What a step is looked at of, and what a sweep starts from: what is set up, else the run that is shown. */
  readonly baseConfig = $derived(
    this.stage === 'setup' && this.setup ? this.setup.config : (this.active?.config ?? null),
  )
  readonly baseName = $derived(
    this.stage === 'setup' && this.setup ? this.setup.name : (this.active?.name ?? ''),
  )
  readonly stepSource = $derived.by<StepSource | null>(() => {
    if (this.stage === 'setup' && this.setup) return { config: this.setup.config }
    return this.active ? { item: this.active.item } : null
  })
  readonly step: StepState
  readonly sweep: SweepState
  readonly #around: Surroundings
  readonly #library: LibraryState

  constructor(around: Surroundings) {
    this.#around = around
    this.#library = around.library
    this.step = new StepState(around.ask)
    this.sweep = new SweepState(this, around.ask, around.notices)
  }

  /** An engine became ready: what it knows is asked for anew, and the last run is shown again. */
  async engineReady(): Promise<void> {
    if (this.recipes.length === 0) this.recipes = await this.#around.ask('recipes.list', {})
    await this.#library.load()
    this.setup?.again()
    for (const run of this.watched.values()) if (run.loaded) void run.load(true)
    if (this.place === 'recipes' && this.shown === null) this.#showLast()
  }

  lost(): void {
    for (const run of this.watched.values()) run.lost()
  }

  /** Where a run stands: what it told last, or what its file says. */
  progressOf(run: Run): RunProgress {
    return this.watched.get(run.item)?.progress ?? run.progress
  }

  show(item: string): void {
    this.shown = item
    this.place = 'run'
    this.#closeSetup()
    void this.#watch(item).load()
    if (this.#around.settings.current.runShown !== item)
      this.#around.settings.change({ runShown: item })
  }

  showRecipes(): void {
    this.tab = 'run'
    this.place = 'recipes'
    this.#closeSetup()
  }

  toggleCompared(item: string): void {
    const has = this.compared.includes(item)
    this.compared = has ? this.compared.filter((each) => each !== item) : [...this.compared, item]
    if (!has) void this.#watch(item).load()
  }

  recipe(name: RecipeName): Recipe | null {
    return this.recipes.find((recipe) => recipe.name === name) ?? null
  }

  /** Opens a recipe to be looked at and changed before it starts. */
  setUp({ name, config }: Recipe): void {
    this.#openSetup(new RunSetup(this.#around.ask, config, this.#free(name), name))
  }

  /** The same configuration once more, to be changed before it starts. */
  setUpCopy({ config, name }: Run): void {
    this.#openSetup(new RunSetup(this.#around.ask, config, this.#free(name), null))
  }

  /** Asks for the folder or file that the run is to be trained on. */
  async chooseData(setup: RunSetup): Promise<void> {
    const { data } = setup.config
    if (!('path' in data)) return
    const chosen = await this.#choose(data.kind)
    if (chosen) setup.setData({ ...data, path: chosen.file, name: chosen.name })
  }

  async chooseLabels(setup: RunSetup): Promise<void> {
    const { data } = setup.config
    const chosen = await this.#choose('idx')
    if (chosen && data.kind === 'idx') setup.setData({ ...data, labels: chosen.file })
  }

  /** Starts a recipe as it is. */
  startRecipe({ name, config }: Recipe): Promise<LibraryItem | null> {
    return this.start(config, this.#free(name))
  }

  async startSetup(): Promise<void> {
    const { setup } = this
    if (!setup?.canStart) return
    setup.starting = true
    const started = await this.start(setup.config, setup.name.trim())
    setup.starting = false
    if (started && this.setup === setup) this.#closeSetup()
  }

  /** The same run with one number changed. */
  startChanged({ config, name }: Run, path: string, value: unknown): Promise<LibraryItem | null> {
    return this.start(withAt(config, path, value), this.#free(name))
  }

  /** Adds a run to the library and shows it; null when that failed, which is told. */
  async start(
    config: RunConfig,
    name: string,
    group: string | null = null,
  ): Promise<LibraryItem | null> {
    this.starting = true
    try {
      const started = await this.#around.ask('train.start', { config, name, group })
      this.#library.put(started)
      this.#around.notices.announcement = m.train_status({ name: started.name })
      if (group === null) {
        this.tab = 'run'
        this.show(started.item)
      }
      return started
    } catch (error) {
      this.#around.notices.failAsked(error)
      return null
    } finally {
      this.starting = false
    }
  }

  pause = (item: string) => this.#order('train.pause', item)
  resume = (item: string) => this.#order('train.resume', item)
  stop = (item: string) => this.#order('train.stop', item)

  progressed(event: WindowEvents['train.progress']): void {
    this.#watch(event.item).progressed(event)
  }

  epochEnded({ item, record }: WindowEvents['train.epoch']): void {
    this.#watch(item).epochEnded(record)
  }

  previewed({ item }: WindowEvents['train.preview']): void {
    this.#library.forgetPreview(item)
    this.#watch(item).previewed(item === this.shown)
  }

  /** An item of the library changed; a run that has ended is read once more, whole. */
  changed(item: LibraryItem | null): void {
    if (!item) return
    const run = this.watched.get(item.item)
    if (!run) return
    const before = run.progress?.state
    run.changed(item)
    const state = item.progress?.state
    if (before !== 'running' || state === 'running') return
    if (run.loaded) void run.load(true)
    if (state === 'finished')
      this.#around.notices.announcement = m.train_announce_finished({ name: item.name })
    if (state === 'failed')
      this.#around.notices.announcement = m.train_announce_failed({ name: item.name })
  }

  /** Into the trash; what was shown makes way for another run. */
  async trash(run: Run): Promise<void> {
    const wasShown = run.item === this.shown
    if ((await this.#library.trash(run)) && wasShown) this.#showLast()
  }

  #free(name: string): string {
    return freeName(
      name,
      this.#library.items.map((item) => item.name),
    )
  }

  #openSetup(setup: RunSetup): void {
    this.#closeSetup()
    this.setup = setup
    this.tab = 'run'
    this.place = 'setup'
  }

  #closeSetup(): void {
    this.setup?.close()
    this.setup = null
  }

  #showLast(): void {
    const last = this.#around.settings.current.runShown
    const run = this.running ?? this.runs.find(({ item }) => item === last) ?? this.runs[0]
    if (run) this.show(run.item)
    else this.showRecipes()
  }

  #watch(item: string): RunState {
    const known = this.watched.get(item)
    if (known) return known
    const { ask, notices } = this.#around
    const run = new RunState(item, { ask, failed: notices.fail })
    this.watched.set(item, run)
    return run
  }

  #choose(kind: 'idx' | 'folder'): Promise<FileHandle | null> {
    const { ask, notices } = this.#around
    const choice =
      kind === 'folder'
        ? ask('files.chooseFolder', { use: 'data' })
        : ask('files.chooseFile', { kind })
    return choice.catch((error: unknown) => {
      notices.failAsked(error)
      return null
    })
  }

  async #order(name: 'train.pause' | 'train.resume' | 'train.stop', item: string): Promise<void> {
    await this.#around.ask(name, { item }).catch(this.#around.notices.failAsked)
  }
}
