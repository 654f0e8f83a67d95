/** Salt and pepper: with probability p a pixel becomes black (p/2) or white (p/2), all its channels together. */
import { maximumOf, type Planes } from '../codec/planes'
import { uniformOf } from './elementary'
import { inBands } from './inBands'
import type { Stream } from './philox'

/** @param share p in 0–1 */
export async function saltPepper(planes: Planes, share: number, stream: Stream): Promise<Planes> {
  const { channels } = planes
  const maximum = maximumOf(planes.bits)
  const noisy = planes.data.slice()
  await inBands(planes.width * planes.height, stream, (words, start) => {
    for (let i = 0; i < words.length; i++) {
      const u = uniformOf(words[i] as number)
      if (u >= share) continue
      const at = (start + i) * channels
      noisy.fill(u < share / 2 ? 0 : maximum, at, at + channels)
    }
  })
  return { ...planes, data: noisy }
}
