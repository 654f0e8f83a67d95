/** The rows of the table: points in an order, and the few of them that are in sight. */
import type { LatentMap } from '../../../../shared/latent'

export type SortBy = 'index' | 'label' | 'error' | 'x' | 'y'
export interface Order {
  by: SortBy
  descending: boolean
}

export function ordered(
  { indices, labels, errors, places, count }: LatentMap,
  visible: (point: number) => boolean,
  { by, descending }: Order,
): Int32Array {
  const value: Record<SortBy, (point: number) => number> = {
    index: (point) => indices[point] ?? 0,
    label: (point) => labels?.[point] ?? 0,
    error: (point) => errors[point] ?? 0,
    x: (point) => places[point * 2] ?? 0,
    y: (point) => places[point * 2 + 1] ?? 0,
  }
  const of = value[by]
  const sign = descending ? -1 : 1
  return Int32Array.from({ length: count }, (_, point) => point)
    .filter(visible)
    .sort((a, b) => sign * (of(a) - of(b)) || (indices[a] ?? 0) - (indices[b] ?? 0))
}
