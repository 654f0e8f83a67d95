import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { FileHandle, WindowEvents } from '../../../shared/contract'
import { errorFromData, type DarkroomError } from '../../../shared/errors'
import {
  suitedRecipes,
  type MeasureKind,
  type MeasureReport,
  type MeasureRequest,
  type MeasureSummary,
  type WorkPhase,
} from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import type { Ask } from '../bridge'
import { AnomalyLook } from './anomalyLook.svelte'
import { exportTo } from './exporting'
import type { LibraryState } from './library.svelte'
import { AnomalyForm, fits, ItemForm, type ItemKind } from './measureForms.svelte'
import type { Notices } from './notices.svelte'
import type { TrainState } from './train.svelte'

export interface MeasureAround {
  ask: Ask
  notices: Notices
  library: LibraryState
  train: TrainState
  /** Goes to the Measure screen. */
  goTo: () => void
  /** Whether the Measure screen is what is looked at. */
  seen: () => boolean
}

export const measureKinds = ['anomaly', 'compress', 'features', 'likelihood'] as const

/** A measurement that goes on, or waits for its turn. */
export interface MeasureWork {
  job: string
  request: MeasureRequest
  /** The model or the recipe, for the status bar. */
  name: string
  /** Null while it waits. */
  phase: WorkPhase | null
  share: number
  secondsLeft: number | null
  detail: string | null
  cancelling: boolean
}

/** A report that was read; of anomalies, with what is looked at in it. */
export interface OpenReport {
  report: MeasureReport
  look: AnomalyLook | null
}

/** How long a deleted report can be brought back. */
export const undoMilliseconds = 10_000

/** The Measure screen: what is measured, what was, and what is looked at. */
export class MeasureState {
  page = $state.raw<MeasureKind>('anomaly')
  /** Newest first. */
  reports = $derived.by(() => this.#listed.filter(({ id }) => !this.#leaving.has(id)))
  loaded = $state(false)
  works = $state.raw<readonly MeasureWork[]>([])
  /** A measurement is being handed to the engine. */
  starting = $state(false)
  /** What ended the last measurement of a kind, while its form is still as it was. */
  readonly failures = new SvelteMap<MeasureKind, DarkroomError>()
  anomaly = $state.raw<AnomalyForm | null>(null)
  readonly forms: Readonly<Record<ItemKind, ItemForm>>
  /** The report that a page shows; null: its form. A page that was never opened has none. */
  readonly shown = new SvelteMap<MeasureKind, string | null>()
  readonly summary = $derived.by(
    () => this.reports.find(({ id }) => id === this.shown.get(this.page)) ?? null,
  )
  readonly open = $derived.by(() =>
    this.summary ? (this.#read.get(this.summary.id) ?? null) : null,
  )
  /** What goes on or waits for the page that is shown. */
  readonly work = $derived.by(
    () => this.works.find(({ request }) => request.kind === this.page) ?? null,
  )
  /** The name of the file being written. */
  writing = $state.raw<string | null>(null)
  readonly around: MeasureAround
  #listed = $state.raw<readonly MeasureSummary[]>([])
  readonly #read = new SvelteMap<string, OpenReport>()
  /** Deleted, as long as that can be undone. */
  readonly #leaving = new SvelteSet<string>()
  /** Ends that were told before the request that began them was answered. */
  readonly #early = new SvelteMap<string, WindowEvents['work.finished']>()

  constructor(around: MeasureAround) {
    this.around = around
    const form = (kind: ItemKind) => new ItemForm(kind, around.library)
    this.forms = {
      compress: form('compress'),
      features: form('features'),
      likelihood: form('likelihood'),
    }
  }

  /** An engine became ready, which knows nothing of what the last one was asked. */
  engineReady(): void {
    this.anomaly?.setup.again()
  }

  /** The screen is looked at: the reports of this and earlier sessions are listed the first time. */
  async enter(): Promise<void> {
    if (!this.loaded) await this.#try(() => this.#load())
    this.go(this.page)
  }

  /** Goes to a page: to its newest report the first time, afterwards to what was looked at there. */
  go(page: MeasureKind): void {
    this.page = page
    this.#prepare()
    const newest = this.reports.find(({ request }) => request.kind === page)
    if (!this.shown.has(page) && newest) this.show(newest)
  }

  /** Opens the form of the page, for another measurement. */
  begin(): void {
    this.shown.set(this.page, null)
    this.#prepare()
  }

  show({ id, request }: Pick<MeasureSummary, 'id' | 'request'>): void {
    this.page = request.kind
    this.shown.set(request.kind, id)
    if (!this.#read.has(id)) void this.#try(() => this.#readReport(id))
  }

  /** A model to be measured, from another screen. */
  choose(item: string): void {
    const found = this.around.library.find(item)
    if (!found) return
    const suited = (kind: MeasureKind) => kind !== 'anomaly' && fits(found, kind)
    const fallback = suited('likelihood') ? 'likelihood' : 'compress'
    this.page = suited(this.page) ? this.page : fallback
    for (const form of Object.values(this.forms)) form.choose(item)
    this.begin()
  }

  /** Starts what the form of the page says. */
  async start(): Promise<void> {
    const { page } = this
    const form = page === 'anomaly' ? this.anomaly : this.forms[page]
    const request = form?.canStart ? form.request() : null
    if (!form || !request || this.starting) return
    const name = form instanceof AnomalyForm ? form.setup.name : (form.item?.name ?? '')
    this.starting = true
    this.failures.delete(page)
    await this.#try(async () => {
      const { job } = await this.around.ask('measure.start', { measure: request })
      const waiting = { phase: null, share: 0, secondsLeft: null, detail: null, cancelling: false }
      this.works = [...this.works, { job, request, name, ...waiting }]
      this.shown.set(page, null)
      const early = this.#early.get(job)
      if (early) this.finished(early)
    })
    this.#early.clear()
    this.starting = false
  }

  async cancel(job: string): Promise<void> {
    this.#change(job, { cancelling: true })
    await this.#try(() => this.around.ask('job.cancel', { job }))
  }

  /** Away from the list at once; from the disk once it can no longer be undone. */
  remove({ id, model, request }: MeasureSummary): void {
    const { notices, ask } = this.around
    this.#leaving.add(id)
    if (this.shown.get(request.kind) === id) this.shown.set(request.kind, null)
    const gone = setTimeout(() => {
      notices.dismiss(notice)
      void this.#try(async () => {
        await ask('measure.delete', { report: id })
        this.#listed = this.#listed.filter((each) => each.id !== id)
        this.#read.delete(id)
      }).finally(() => this.#leaving.delete(id))
    }, undoMilliseconds)
    const undo = () => {
      clearTimeout(gone)
      notices.dismiss(notice)
      this.#leaving.delete(id)
    }
    const notice = notices.add({
      kind: 'information',
      text: () => m.measure_deleted({ name: model }),
      action: { label: m.undo, run: undo },
    })
  }

  /** Writes a report as one file of HTML to a place that a person chooses. */
  async export({ id, model, request }: MeasureSummary): Promise<void> {
    const target = { suggestedName: `${request.kind}-${model}.html`, kind: 'html' } as const
    const write = async ({ file, name }: FileHandle): Promise<FileHandle> => {
      this.writing = name
      await this.around.ask('measure.export', { report: id, file })
      return { file, name }
    }
    await exportTo(this.around, target, write, m.measure_exported)
    this.writing = null
  }

  /** Asks for the folder that anomalies are looked for in. */
  async chooseTest(): Promise<void> {
    await this.#try(async () => {
      const chosen = await this.around.ask('files.chooseFolder', { use: 'data' })
      if (chosen && this.anomaly) this.anomaly.test = { path: chosen.file, name: chosen.name }
    })
  }

  /** A folder was dropped on the screen. */
  takeFolder(file: string, name: string): void {
    this.page = 'anomaly'
    this.begin()
    this.anomaly?.takeFolder(file, name)
  }

  progressed({ job, phase, share, secondsLeft, detail }: WindowEvents['work.progress']): void {
    this.#change(job, { phase, share, secondsLeft, detail })
  }

  finished(event: WindowEvents['work.finished']): void {
    const { job, outcome } = event
    const work = this.works.find((each) => each.job === job)
    if (!work) {
      if (this.starting) this.#early.set(job, event)
      return
    }
    this.works = this.works.filter((each) => each !== work)
    if (outcome.state === 'failed') this.#failed(work, errorFromData(outcome.error))
    if (outcome.state === 'done') void this.#try(() => this.#done(work, outcome.report))
  }

  /** The engine ended, and its work with it. */
  lost(): void {
    this.works = []
  }

  #change(job: string, change: Partial<MeasureWork>): void {
    if (!this.works.some((each) => each.job === job)) return
    this.works = this.works.map((each) => (each.job === job ? { ...each, ...change } : each))
  }

  #failed({ request }: MeasureWork, error: DarkroomError): void {
    this.failures.set(request.kind, error)
    this.around.notices.failAsked(error)
  }

  /** What was asked for is shown where its form stood; elsewhere it is offered. */
  async #done({ request, name }: MeasureWork, id: string | null): Promise<void> {
    const { notices, seen, goTo } = this.around
    await this.#load()
    const summary = this.reports.find((each) => each.id === id)
    if (!summary) return
    notices.announcement = m.measure_done({ name })
    const { kind } = request
    if (!this.shown.get(kind)) {
      this.shown.set(kind, summary.id)
      await this.#readReport(summary.id)
    }
    if (seen() && this.page === kind && this.shown.get(kind) === id) return
    const open = () => {
      this.show(summary)
      goTo()
    }
    const text = () => m.measure_done({ name })
    notices.add({ kind: 'success', text, action: { label: m.measure_open, run: open } })
  }

  async #load(): Promise<void> {
    const listed = await this.around.ask('measure.list', {})
    this.#listed = [...listed].sort((a, b) => b.created - a.created)
    this.loaded = true
  }

  async #readReport(id: string): Promise<void> {
    const report = await this.around.ask('measure.read', { report: id })
    const { ask, notices } = this.around
    const look =
      report.cases.length > 0 ? new AnomalyLook(report, { ask, failed: notices.failAsked }) : null
    this.#read.set(id, { report, look })
  }

  /** The form for anomalies, once there are recipes to choose from. */
  #prepare(): void {
    if (this.anomaly || this.page !== 'anomaly') return
    const { ask, train } = this.around
    const recipe = train.recipe(suitedRecipes['one-normal']) ?? train.recipes[0]
    if (recipe) this.anomaly = new AnomalyForm(ask, recipe, train.recipes)
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.around.notices.failAsked(error)
    }
  }
}
