/** Points for tests of maps: seeded, so that every run sees the same. */
import { gaussianField } from '../../noise'
import type { Points } from '../neighbours'
import type { Pace } from '../../work/pace'

export const noPause: Pace = { breathe: () => Promise.resolve() }

/** Normally distributed points [count, size]. */
export const cloud = (count: number, size: number, seed = 1): Points => ({
  values: Float32Array.from(gaussianField(count * size, seed)),
  size,
})

/** Clusters whose middles lie 12 standard deviations apart; point i belongs to cluster i mod `clusters`. */
export function clusters(count: number, size: number, clusters: number, seed = 1): Points {
  const { values } = cloud(count, size, seed)
  for (let i = 0; i < count; i++) {
    const at = i * size + (i % clusters)
    values[at] = (values[at] as number) + 12
  }
  return { values, size }
}
