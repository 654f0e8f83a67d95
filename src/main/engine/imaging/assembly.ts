/** Puts the results of overlapping tiles together: the cells of one tile at once, those of several when all have come. */
import type { Region } from '../../../shared/types'
import type { Plan, Span, Stretch, Tile } from './tiles'

/**
 * Takes a finished part of the image: interleaved values, row by row, the first row at `offset` and each next one
 * `stride` further. Called once for every pixel; the values are not its own to keep.
 */
export type Sink = (region: Region, values: Float32Array, offset: number, stride: number) => void

/** Weights are whole numbers of this, so that sums do not depend on the order of the tiles. */
const one = 2 ** 24

interface Pending {
  left: number
  sums: Int32Array
}

/** The part of a fade at `offset` of `length` pixels that belongs to the tile in which it rises. */
const rising = (offset: number, length: number): number => (offset + 0.5) / length

/** Collects the tiles of one plan. Values must lie in [−100, 100]: sums are 32-bit integers. */
export class Assembly {
  readonly #plan: Plan
  readonly #channels: number
  readonly #sink: Sink
  readonly #pending = new Map<number, Pending>()

  constructor(plan: Plan, channels: number, sink: Sink) {
    this.#plan = plan
    this.#channels = channels
    this.#sink = sink
  }

  /** How many cells wait for another tile: what memory grows with. */
  get waiting(): number {
    return this.#pending.size
  }

  /** Adds what the network made of `tile.input`: [height · width · channels], interleaved. */
  add(tile: Tile, values: Float32Array): void {
    const { columns, rows } = this.#plan
    for (let row = tile.rows.first; row <= tile.rows.last; row++) {
      for (let column = tile.columns.first; column <= tile.columns.last; column++) {
        const across = columns[column] as Stretch
        const down = rows[row] as Stretch
        if (across.length === 0 || down.length === 0) continue
        if (across.tiles * down.tiles > 1) this.#blend(tile, column, row, values)
        else {
          const offset = this.#offset(tile, across.start, down.start)
          this.#sink(regionOf(across, down), values, offset, tile.input.width * this.#channels)
        }
      }
    }
  }

  #blend(tile: Tile, column: number, row: number, values: Float32Array): void {
    const across = this.#plan.columns[column] as Stretch
    const down = this.#plan.rows[row] as Stretch
    const channels = this.#channels
    const pending = this.#pendingCell(column, row, across, down)
    const horizontal = weights(across, tile.columns, column)
    const vertical = weights(down, tile.rows, row)
    let at = 0
    for (let y = 0; y < down.length; y++) {
      let from = this.#offset(tile, across.start, down.start + y)
      for (let x = 0; x < across.length; x++) {
        const weight = (vertical[y] as number) * (horizontal[x] as number) * one
        for (let channel = 0; channel < channels; channel++) {
          const sum = pending.sums[at] as number
          pending.sums[at++] = sum + Math.round(weight * (values[from++] as number))
        }
      }
    }
    if (--pending.left > 0) return
    this.#pending.delete(row * this.#plan.columns.length + column)
    const cell = Float32Array.from(pending.sums, (sum) => sum / one)
    this.#sink(regionOf(across, down), cell, 0, across.length * channels)
  }

  #pendingCell(column: number, row: number, across: Stretch, down: Stretch): Pending {
    const key = row * this.#plan.columns.length + column
    const found = this.#pending.get(key)
    if (found) return found
    const sums = new Int32Array(across.length * down.length * this.#channels)
    const made = { left: across.tiles * down.tiles, sums }
    this.#pending.set(key, made)
    return made
  }

  #offset(tile: Tile, x: number, y: number): number {
    return ((y - tile.input.y) * tile.input.width + x - tile.input.x) * this.#channels
  }
}

const regionOf = (across: Stretch, down: Stretch): Region => ({
  x: across.start,
  y: down.start,
  width: across.length,
  height: down.length,
})

/** A tile's weight at each pixel of a stretch: 1, or rising in its first stretch, or falling in its last. */
function weights({ length, tiles }: Stretch, { first }: Span, index: number): Float64Array {
  if (tiles === 1) return new Float64Array(length).fill(1)
  const rises = index === first
  return Float64Array.from({ length }, (_, offset) =>
    rises ? rising(offset, length) : 1 - rising(offset, length),
  )
}
