/**
 * Philox4x32-10, a counter-based generator: ten rounds of 32-bit multiplications turn (counter, key) into
 * four words. Every word can be had on its own, in any order, so noise needs no state, and a band of a
 * photo gets the same noise as the whole. Integers only: the same bits on every platform.
 * Source: Salmon, Moraes, Dror, Shaw, 'Parallel Random Numbers: As Easy as 1, 2, 3', SC 2011.
 */

/** Multipliers and key increments of the paper. */
const [multiplierA, multiplierB] = [0xd2511f53, 0xcd9e8d57]
const [weylA, weylB] = [0x9e3779b9, 0xbb67ae85]

/** The upper 32 bits of a 32 × 32-bit product, from products of halves. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16]
  const low = Math.imul(aLow, bLow) >>> 16
  const middle = (Math.imul(aHigh, bLow) + low) >>> 0
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0
}

/** Which random numbers: `seed` is a whole number from 0 to 2⁵³ − 1, `part` tells corruptions of a mix apart. */
export interface Stream {
  seed: number
  part: number
}

/**
 * Fills `words` with the words at positions `start`, `start` + 1, … of a stream: word i is lane i mod 4 of
 * the block with counter (⌊i/4⌋ low, ⌊i/4⌋ high, part, 0) and key (seed low, seed high).
 * @param start a multiple of 4
 */
export function fillWords(words: Uint32Array, stream: Stream, start: number): void {
  const keyLow = stream.seed | 0
  const keyHigh = Math.floor(stream.seed / 2 ** 32) | 0
  for (let i = 0; i < words.length; i += 4) {
    const block = (start + i) / 4
    let [c0, c1, c2, c3] = [block | 0, Math.floor(block / 2 ** 32) | 0, stream.part | 0, 0]
    let [k0, k1] = [keyLow, keyHigh]
    for (let round = 0; round < 10; round++) {
      const [highA, highB] = [multiplyHigh(multiplierA, c0), multiplyHigh(multiplierB, c2)]
      const [lowA, lowB] = [Math.imul(multiplierA, c0), Math.imul(multiplierB, c2)]
      c0 = highB ^ c1 ^ k0
      c1 = lowB
      c2 = highA ^ c3 ^ k1
      c3 = lowA
      k0 = (k0 + weylA) | 0
      k1 = (k1 + weylB) | 0
    }
    words[i] = c0
    words[i + 1] = c1 // beyond the end of a typed array nothing is written
    words[i + 2] = c2
    words[i + 3] = c3
  }
}
