/** Sets of points of a map, by their place in it. */
import type { LatentMap } from '../../../shared/latent'

/** How often each label is among points, the most frequent first. */
export function labelCounts(
  { labels }: Pick<LatentMap, 'labels'>,
  points: ArrayLike<number>,
): { label: number; count: number }[] {
  const counts = new Map<number, number>()
  for (let i = 0; labels && i < points.length; i += 1) {
    const label = labels[points[i] ?? 0] ?? 0
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || a.label - b.label)
}

/** Adds a point to a selection, or takes it out. Ascending. */
export function toggled(points: Int32Array, point: number): Int32Array {
  const others = points.filter((each) => each !== point)
  return others.length < points.length
    ? others
    : Int32Array.from([...points, point]).sort((a, b) => a - b)
}

/** The value below which a share of the values lies. */
export function quantile(values: Float32Array, share: number): number {
  if (values.length === 0) return 0
  const sorted = values.slice().sort()
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0
}
