import { setImmediate } from 'node:timers/promises'
import { fillWords, type Stream } from './philox'

/** Values a band: their random words fit the cache, and a band takes a few milliseconds. */
const band = 1 << 16
/** Bands between two breaths, in which the engine answers other requests. */
const bandsABreath = 4

/**
 * Goes over positions 0 … `length` − 1 in bands: `work(words, start)` gets one random word a position.
 * Between bands other work of the engine gets its turn.
 */
export async function inBands(
  length: number,
  stream: Stream,
  work: (words: Uint32Array, start: number) => void,
): Promise<void> {
  const words = new Uint32Array(Math.min(band, length))
  for (let start = 0, bands = 0; start < length; start += band, bands++) {
    if (bands % bandsABreath === bandsABreath - 1) await setImmediate()
    const part = words.subarray(0, Math.min(band, length - start))
    fillWords(part, stream, start)
    work(part, start)
  }
}
