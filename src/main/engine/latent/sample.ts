/** Codes drawn at random. Number i of a seed is the same however many are drawn, and on every platform. */
import { normalOf, uniformOf } from '../noise/elementary'
import { fillWords } from '../noise/philox'

/** Tells the numbers that choose a component from those that a code is made of. */
const CHOICE = 0x40000000

/** Standard normal numbers of sample `index`: [latent]. */
export function normals(latent: number, seed: number, index: number): Float64Array {
  const words = new Uint32Array(latent)
  fillWords(words, { seed, part: index + 1 }, 0)
  return Float64Array.from(words, normalOf)
}

/** A uniform number in (0, 1) of sample `index`, independent of its normal ones. */
export function choiceOf(seed: number, index: number): number {
  const words = new Uint32Array(4)
  fillWords(words, { seed, part: (CHOICE | (index + 1)) >>> 0 }, 0)
  return uniformOf(words[0] as number)
}

/** z = T·ε, ε ~ N(0, I): [latent]. The prior of variational models at temperature T. */
export const fromPrior = (
  latent: number,
  seed: number,
  index: number,
  temperature: number,
): Float32Array => Float32Array.from(normals(latent, seed, index), (value) => temperature * value)
