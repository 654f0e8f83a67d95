/** Masking: every pixel is set to 0, in all its channels, with probability p; the others keep their values. */
import type { Planes } from '../codec/planes'
import { uniformOf } from './elementary'
import { inBands } from './inBands'
import type { Stream } from './philox'

/** @param share p in 0–1: the expected share of pixels that are masked */
export async function masking(planes: Planes, share: number, stream: Stream): Promise<Planes> {
  const { channels } = planes
  const masked = planes.data.slice()
  await inBands(planes.width * planes.height, stream, (words, start) => {
    for (let i = 0; i < words.length; i++) {
      const at = (start + i) * channels
      if (uniformOf(words[i] as number) < share) masked.fill(0, at, at + channels)
    }
  })
  return { ...planes, data: masked }
}
