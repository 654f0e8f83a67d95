import { SvelteMap } from 'svelte/reactivity'
import type { CaseImages, MeasureReport } from '../../../shared/latent'
import type { Ask } from '../bridge'
import { RankedScores, type ScoredImage } from './scores'

/** Images on each side of the threshold that are shown. */
export const imagesAside = 10
/** How long a threshold must rest before images are asked for. */
export const imagesMilliseconds = 120

/** Images at a threshold, with what the model makes of them; pictures in the order `below`, `above`. */
export interface ImagesAround {
  below: readonly ScoredImage[]
  above: readonly ScoredImage[]
  pictures: CaseImages
}

interface Surroundings {
  ask: Ask
  failed: (error: unknown) => void
}

/** Looking at the cases of an anomaly report: scores in order, a threshold that moves, the images at it. */
export class AnomalyLook {
  readonly report: MeasureReport
  case = $state.raw(0)
  /** Null until they are read. */
  ranked = $state.raw<RankedScores | null>(null)
  /** The last that were read; the threshold may have moved on since. */
  images = $state.raw<ImagesAround | null>(null)
  /** The image that is looked at closely, by its place in the test images. */
  chosen = $state.raw<number | null>(null)
  readonly of = $derived.by(() => this.report.cases[this.case] ?? null)
  readonly fixed = $derived.by(() => this.of?.threshold ?? 0)
  readonly threshold = $derived.by(() => this.#moved.get(this.case) ?? this.fixed)
  readonly confusion = $derived.by(() => this.ranked?.confusion(this.threshold) ?? null)
  /** The same at the report's own threshold. */
  readonly fixedConfusion = $derived.by(() => this.ranked?.confusion(this.fixed) ?? null)
  /** What is drawn: all scores but the largest few, which would squeeze the others together. */
  readonly range = $derived.by(() => rangeOf(this.ranked, this.fixed))
  readonly #moved = new SvelteMap<number, number>()
  readonly #known = new SvelteMap<number, RankedScores>()
  readonly #around: Surroundings
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = ''

  constructor(report: MeasureReport, around: Surroundings) {
    this.report = report
    this.#around = around
    void this.showCase(0)
  }

  /** Shows one of the cases: a label, trained and scored by itself. */
  async showCase(index: number): Promise<void> {
    this.case = index
    this.images = null
    this.chosen = null
    this.ranked = this.#known.get(index) ?? null
    if (!this.of) return
    if (!this.ranked) await this.#read(index)
    this.#imagesSoon(0)
  }

  /** Moves the threshold of the case that is shown. */
  setThreshold(threshold: number): void {
    if (!Number.isFinite(threshold)) return
    this.#moved.set(this.case, threshold)
    this.#imagesSoon(imagesMilliseconds)
  }

  /** Back to the report's own. */
  reset(): void {
    this.#moved.delete(this.case)
    this.#imagesSoon(0)
  }

  async #read(index: number): Promise<void> {
    try {
      const scores = await this.#around.ask('measure.scores', {
        report: this.report.id,
        case: index,
      })
      const ranked = new RankedScores(scores)
      this.#known.set(index, ranked)
      if (this.case === index) this.ranked = ranked
    } catch (error) {
      this.#around.failed(error)
    }
  }

  #imagesSoon(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#readImages(), milliseconds)
  }

  async #readImages(): Promise<void> {
    if (!this.ranked) return
    const { below, above } = this.ranked.around(this.threshold, imagesAside)
    const indices = [...below, ...above].map(({ index }) => index)
    const key = `${this.case} ${indices.join()}`
    if (indices.length === 0 || (key === this.#asked && this.images)) return
    this.#asked = key
    try {
      const pictures = await this.#around.ask('measure.images', {
        report: this.report.id,
        case: this.case,
        indices,
      })
      if (key !== this.#asked) return
      this.images = { below, above, pictures }
      if (!indices.includes(this.chosen ?? -1)) this.chosen = indices[0] ?? null
    } catch (error) {
      if (key !== this.#asked) return
      this.#asked = ''
      this.#around.failed(error)
    }
  }
}

function rangeOf(ranked: RankedScores | null, fixed: number): { from: number; to: number } {
  if (!ranked || ranked.count === 0) return { from: 0, to: 1 }
  const to = Math.max(ranked.quantile(0.995), fixed)
  const from = Math.min(ranked.least, fixed)
  const margin = (to - from || Math.abs(to) || 1) * 0.02
  return { from: from - margin, to: to + margin }
}
