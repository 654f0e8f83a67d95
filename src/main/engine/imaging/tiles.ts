/**
 * Overlapping tiles: how an image of any size passes through a network in calls of one bounded size, without seams.
 *
 * The padded image is cut into cores. A tile reads its core and a margin around it, of which the outer part
 * (the halo) is only context and the inner part is cross-faded with the neighbour: its weight falls linearly
 * from 1 to 0 over `blend` pixels across the cut. Where the halo covers the network's reach the result equals
 * that of one large call; where it does not, the fade hides what is left.
 *
 * All places are multiples of `multiple` counted from the image's corner, since a network that unshuffles or
 * strides gives the same result only for such shifts. The plan depends on sizes alone, never on what is
 * visible or on timing, and weights are added as integers, so that the same bytes come out in any order.
 */
import type { Region } from '../../../shared/types'

export interface TileOptions {
  /** Side of what the network reads in one call, in pixels: a bound, rounded down to `multiple`. */
  tile: number
  /** Context around what is kept, in pixels: at least the network's reach for results equal to one large call. */
  halo: number
  /** Width of the cross-fade over a cut, in pixels. */
  blend: number
  /** Sides and places of tiles are multiples of this. */
  multiple: number
}

export interface Tile {
  /** What the network reads; may reach over the right and lower edge, where the image is mirrored. */
  input: Region
  /** The columns and rows of cells that it contributes to: indices into {@link Plan}'s `columns` and `rows`. */
  columns: Span
  rows: Span
}
export interface Span {
  first: number
  last: number
}

/** A stretch of one axis in which the same one or two tiles count. Fades lie where two do. */
export interface Stretch {
  start: number
  length: number
  tiles: 1 | 2
}

export interface Plan {
  width: number
  height: number
  columns: Stretch[]
  rows: Stretch[]
  tiles: Tile[]
}

interface Axis {
  stretches: Stretch[]
  parts: { start: number; length: number; cells: Span }[]
}

/** One axis of `length` pixels: the cuts, what each tile reads, and the stretches between and over the cuts. */
function planAxis(length: number, { tile, halo, blend, multiple }: TileOptions): Axis {
  const units = Math.ceil(length / multiple)
  const whole = Math.max(1, Math.floor(tile / multiple))
  const margin = Math.ceil((halo + blend / 2) / multiple)
  // Cores of half the free width can occur, and two fades must not meet in one.
  if (units > whole && (whole - 2 * margin) * multiple < 2 * (blend + multiple)) {
    throw new Error(
      `Expected tiles well above twice their margin. Received ${tile} and ${halo + blend / 2}.`,
    )
  }
  const count = units <= whole ? 1 : Math.ceil((units - 2 * margin) / (whole - 2 * margin))
  const cut = (index: number): number => margin + Math.round((index * (units - 2 * margin)) / count)
  const edges = Array.from({ length: count }, (_, index) => {
    const from = index === 0 ? 0 : cut(index) - margin
    return [from, index === count - 1 ? units : cut(index + 1) + margin] as const
  })
  // No larger than the largest needs, but one size for all.
  const size = Math.max(...edges.map(([from, to]) => to - from))
  const half = Math.floor(blend / 2)
  const stretches: Stretch[] = []
  const parts: Axis['parts'] = []
  let begin = 0
  for (let index = 0; index < count; index++) {
    const last = index === count - 1
    const end = last ? length : cut(index + 1) * multiple - half
    const start = Math.min(edges[index]?.[0] ?? 0, units - size)
    parts.push({
      start: start * multiple,
      length: size * multiple,
      cells: { first: Math.max(0, 2 * index - 1), last: last ? 2 * index : 2 * index + 1 },
    })
    stretches.push({ start: begin, length: end - begin, tiles: 1 })
    if (!last) stretches.push({ start: end, length: 2 * half, tiles: 2 })
    begin = end + 2 * half
  }
  return { stretches, parts }
}

/**
 * The tiles of an image. Every tile reads regions of one size, the same for all (so that one compiled graph
 * serves them); an image smaller than a tile is one tile of its own size, rounded up to `multiple`.
 * @throws Error when the margin leaves nothing of a tile
 */
export function planTiles(width: number, height: number, options: TileOptions): Plan {
  const across = planAxis(width, options)
  const down = planAxis(height, options)
  const tiles = down.parts.flatMap((row) =>
    across.parts.map((column) => ({
      input: { x: column.start, y: row.start, width: column.length, height: row.length },
      columns: column.cells,
      rows: row.cells,
    })),
  )
  return { width, height, columns: across.stretches, rows: down.stretches, tiles }
}

/** What a tile shows of the image: all its cells, as one region. */
export function tileRegion(plan: Plan, tile: Tile): Region {
  const axis = (stretches: Stretch[], { first, last }: Span): [number, number] => {
    const start = stretches[first]?.start ?? 0
    const end = stretches[last]
    return [start, (end?.start ?? 0) + (end?.length ?? 0) - start]
  }
  const [x, width] = axis(plan.columns, tile.columns)
  const [y, height] = axis(plan.rows, tile.rows)
  return { x, y, width, height }
}

/** Whether two regions share a pixel. */
export function overlaps(a: Region, b: Region): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** The plan's tiles, those that show a part of `visible` first, from its middle outwards; the others in their order. */
export function orderTiles(plan: Plan, visible: Region | null): Tile[] {
  if (!visible) return plan.tiles
  const middle = (region: Region): [number, number] => [
    region.x + region.width / 2,
    region.y + region.height / 2,
  ]
  const [x, y] = middle(visible)
  const ranked = plan.tiles.map((tile) => {
    const region = tileRegion(plan, tile)
    const [tileX, tileY] = middle(region)
    const distance = Math.hypot(tileX - x, tileY - y)
    return { tile, rank: overlaps(region, visible) ? distance : Infinity }
  })
  // Stable: tiles out of sight keep their order.
  return ranked.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank)).map(({ tile }) => tile)
}

/**
 * Where a place outside an axis of `length` is mirrored to, without repeating the edge: −1 → 1, length → length − 2.
 * An axis of one pixel repeats it.
 */
export function mirror(place: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const inside = ((place % period) + period) % period
  return inside < length ? inside : period - inside
}
