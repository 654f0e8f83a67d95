/** The one binarisation of test images. */
import { uniformOf } from '../noise/elementary'
import { fillWords } from '../noise/philox'

/** Words that are drawn at once; a multiple of 4. */
const WORDS = 1 << 16

/**
 * Each value 255 with the probability value/255, else 0: a test set binarised once. What a value becomes depends on it,
 * its place and the seed alone, on every platform.
 * @param seed a whole number from 0 to 2⁵³ − 1
 */
export function binarisedOnce(bytes: Uint8Array, seed: number): Uint8Array {
  const drawn = new Uint8Array(bytes.length)
  const words = new Uint32Array(WORDS)
  for (let start = 0; start < bytes.length; start += WORDS) {
    fillWords(words, { seed, part: 0 }, start)
    const end = Math.min(bytes.length, start + WORDS)
    for (let i = start; i < end; i++) {
      const u = uniformOf(words[i - start] as number)
      if (u < (bytes[i] as number) / 255) drawn[i] = 255
    }
  }
  return drawn
}
