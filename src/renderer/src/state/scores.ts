/** Anomaly scores in order, so that every threshold's counts are at hand while it is dragged. */
import type { CaseScores } from '../../../shared/latent'

/** Images by what they are and by what a threshold says of them. */
export interface Confusion {
  /** Anomalies above the threshold. */
  found: number
  /** Anomalies at or below it. */
  missed: number
  /** Normal images above it. */
  falseAlarms: number
  /** Normal images at or below it. */
  passed: number
  /** found / (found + falseAlarms); null where nothing is above. */
  precision: number | null
  /** found / (found + missed); null where there are no anomalies. */
  recall: number | null
  /** falseAlarms / (falseAlarms + passed); null where there are no normal images. */
  falseAlarmRate: number | null
}

/** One image of a case. */
export interface ScoredImage {
  /** Its place in the test images. */
  index: number
  score: number
  anomaly: boolean
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

export class RankedScores {
  readonly count: number
  readonly anomalies: number
  /** Ascending. */
  readonly #scores: Float32Array
  readonly #truth: Uint8Array
  readonly #indices: Int32Array
  /** Anomalies among the first `i`. */
  readonly #anomaliesBefore: Int32Array

  constructor({ scores, truth, indices }: CaseScores) {
    const order = Int32Array.from(scores, (_, place) => place)
    order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
    this.count = scores.length
    this.#scores = Float32Array.from(order, (place) => scores[place] ?? 0)
    this.#truth = Uint8Array.from(order, (place) => truth[place] ?? 0)
    this.#indices = Int32Array.from(order, (place) => indices[place] ?? 0)
    this.#anomaliesBefore = new Int32Array(this.count + 1)
    for (const [place, is] of this.#truth.entries())
      this.#anomaliesBefore[place + 1] = (this.#anomaliesBefore[place] ?? 0) + is
    this.anomalies = this.#anomaliesBefore[this.count] ?? 0
  }

  get least(): number {
    return this.#scores[0] ?? 0
  }

  get largest(): number {
    return this.#scores[this.count - 1] ?? 0
  }

  /** The score that a share (0–1) of all images does not exceed. */
  quantile(share: number): number {
    const place = Math.ceil(share * this.count) - 1
    return this.#scores[Math.min(Math.max(place, 0), this.count - 1)] ?? 0
  }

  /** How many images score at most so much. */
  atMost(threshold: number): number {
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#scores[middle] ?? 0) <= threshold) low = middle + 1
      else high = middle
    }
    return low
  }

  /** What a threshold says: images above it are called anomalies. */
  confusion(threshold: number): Confusion {
    const below = this.atMost(threshold)
    const missed = this.#anomaliesBefore[below] ?? 0
    const found = this.anomalies - missed
    const passed = below - missed
    const falseAlarms = this.count - below - found
    return {
      ...{ found, missed, falseAlarms, passed },
      precision: ratio(found, found + falseAlarms),
      recall: ratio(found, this.anomalies),
      falseAlarmRate: ratio(falseAlarms, falseAlarms + passed),
    }
  }

  /** The images just below and just above a threshold, the nearest first. */
  around(threshold: number, most: number): { below: ScoredImage[]; above: ScoredImage[] } {
    const at = this.atMost(threshold)
    const places = (from: number, step: 1 | -1) =>
      Array.from({ length: most }, (_, offset) => from + step * offset)
        .filter((place) => place >= 0 && place < this.count)
        .map((place) => this.#image(place))
    return { below: places(at - 1, -1), above: places(at, 1) }
  }

  /**
   * Shares of the normal and of the anomalous images in `bins` equal steps from `from` to `to`; what lies outside is
   * in the first and the last.
   */
  histogram(from: number, to: number, bins: number): { normal: number[]; anomalous: number[] } {
    const normal = Array.from({ length: bins }, () => 0)
    const anomalous = [...normal]
    const width = (to - from) / bins || 1
    const [ofNormal, ofAnomalous] = [this.count - this.anomalies, this.anomalies]
    for (const [place, score] of this.#scores.entries()) {
      const bin = Math.min(Math.max(Math.floor((score - from) / width), 0), bins - 1)
      if (this.#truth[place] === 1) anomalous[bin] = (anomalous[bin] ?? 0) + 1 / ofAnomalous
      else normal[bin] = (normal[bin] ?? 0) + 1 / ofNormal
    }
    return { normal, anomalous }
  }

  #image(place: number): ScoredImage {
    return {
      index: this.#indices[place] ?? 0,
      score: this.#scores[place] ?? 0,
      anomaly: this.#truth[place] === 1,
    }
  }
}
