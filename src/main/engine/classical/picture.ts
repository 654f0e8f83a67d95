/** What the classical methods work on, and how they share the engine with others. */
import { mirror } from '../imaging/tiles'
import type { Pace } from '../work/pace'

/** Interleaved values, `channels` a pixel, white at 1. */
export interface Picture {
  data: Float32Array
  width: number
  height: number
  channels: 1 | 3
}

/**
 * A method: the picture and its noise's σ (white at 1) → new values of the same shape, not clipped.
 * @throws DarkroomError `cancelled`
 */
export type Method = (noisy: Picture, sigma: number, pace: Pace) => Promise<Float32Array>

/** Milliseconds between breaths: a request that waits is answered soon. */
const patience = 25

/** The steps of a calculation, with turns for others in between. */
export class Turns {
  readonly #pace: Pace
  readonly #steps: number
  #done = 0
  #since = performance.now()

  constructor(pace: Pace, steps: number) {
    this.#pace = pace
    this.#steps = steps
  }

  /** To be awaited after each step, which should not take longer than 25 ms. @throws DarkroomError `cancelled` */
  async next(): Promise<void> {
    this.#done++
    if (performance.now() - this.#since < patience) return
    this.#pace.report?.(Math.min(1, this.#done / this.#steps))
    await this.#pace.breathe()
    this.#since = performance.now()
  }
}

/** Where a place beyond the edge is taken from: mirrored without repeating the edge, or the nearest pixel. */
const places = {
  mirror,
  nearest: (place: number, length: number) => Math.min(length - 1, Math.max(0, place)),
}

/** The picture with `margin` pixels more on each side. */
export function withMargin(
  { data, width, height, channels }: Picture,
  margin: number,
  edge: keyof typeof places,
): Picture {
  const wide = { width: width + 2 * margin, height: height + 2 * margin }
  const result = new Float32Array(wide.width * wide.height * channels)
  const columns = Int32Array.from({ length: wide.width }, (_, x) => places[edge](x - margin, width))
  let at = 0
  for (let y = 0; y < wide.height; y++) {
    const row = places[edge](y - margin, height) * width
    for (let x = 0; x < wide.width; x++) {
      const from = (row + (columns[x] as number)) * channels
      for (let channel = 0; channel < channels; channel++)
        result[at++] = data[from + channel] as number
    }
  }
  return { data: result, ...wide, channels }
}

/** One channel as values of its own. */
export const channelOf = ({ data, channels }: Picture, channel: number): Float32Array =>
  Float32Array.from(
    { length: data.length / channels },
    (_, i) => data[i * channels + channel] as number,
  )
