/** Points of a map in cells, so that the one under a pointer is found without looking at all of them. */
import type { Spot } from './camera'

const cells = 128

export class PointGrid {
  readonly #places: Float32Array
  /** Where each cell's points begin in `#points`. */
  readonly #starts = new Int32Array(cells * cells + 1)
  readonly #points: Int32Array

  /** `places` [count, 2] within [−1, 1]. */
  constructor(places: Float32Array) {
    this.#places = places
    const count = places.length / 2
    for (let point = 0; point < count; point += 1) this.#add(this.#cellOf(point) + 1, 1)
    for (let cell = 0; cell < cells * cells; cell += 1) this.#add(cell + 1, this.#starts[cell] ?? 0)
    const next = this.#starts.slice()
    this.#points = new Int32Array(count)
    for (let point = 0; point < count; point += 1) {
      const cell = this.#cellOf(point)
      this.#points[next[cell] ?? 0] = point
      next[cell] = (next[cell] ?? 0) + 1
    }
  }

  #add(at: number, value: number): void {
    this.#starts[at] = (this.#starts[at] ?? 0) + value
  }

  #cellOf(point: number): number {
    const [column, row] = [this.#places[point * 2] ?? 0, this.#places[point * 2 + 1] ?? 0].map(cell)
    return (row ?? 0) * cells + (column ?? 0)
  }

  /** The nearest point that counts, within a radius; null where there is none. */
  nearest(at: Spot, radius: number, counts: (point: number) => boolean): number | null {
    let [best, least] = [-1, radius * radius]
    this.#visit(at.x - radius, at.x + radius, at.y - radius, at.y + radius, (point) => {
      const dx = (this.#places[point * 2] ?? 0) - at.x
      const dy = (this.#places[point * 2 + 1] ?? 0) - at.y
      const squared = dx * dx + dy * dy
      if (squared > least || (squared === least && best >= 0) || !counts(point)) return
      ;[best, least] = [point, squared]
    })
    return best < 0 ? null : best
  }

  /** The points that count inside a polygon, ascending; inside is what a line from it crosses the edge an odd number of times. */
  inside(polygon: readonly Spot[], counts: (point: number) => boolean): Int32Array {
    const found: number[] = []
    const [xs, ys] = [polygon.map(({ x }) => x), polygon.map(({ y }) => y)]
    const [left, right] = [Math.min(...xs), Math.max(...xs)]
    const [low, high] = [Math.min(...ys), Math.max(...ys)]
    this.#visit(left, right, low, high, (point) => {
      const spot = { x: this.#places[point * 2] ?? 0, y: this.#places[point * 2 + 1] ?? 0 }
      if (isInside(polygon, spot) && counts(point)) found.push(point)
    })
    return Int32Array.from(found).sort()
  }

  #visit(
    left: number,
    right: number,
    low: number,
    high: number,
    visit: (point: number) => void,
  ): void {
    for (let row = cell(low); row <= cell(high); row += 1)
      for (let column = cell(left); column <= cell(right); column += 1) {
        const at = row * cells + column
        for (let i = this.#starts[at] ?? 0; i < (this.#starts[at + 1] ?? 0); i += 1)
          visit(this.#points[i] ?? 0)
      }
  }
}

const cell = (value: number): number =>
  Math.min(cells - 1, Math.max(0, Math.floor(((value + 1) / 2) * cells)))

function isInside(polygon: readonly Spot[], { x, y }: Spot): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [a, b] = [polygon[i] as Spot, polygon[j] as Spot]
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}
