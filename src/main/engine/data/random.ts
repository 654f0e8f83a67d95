/**
 * Counter-based uniform numbers: a hash of (seed, step, purpose, index) instead of a generator with a state,
 * so that a run resumes exactly without saving anything (the idea of Salmon et al. 2011; the mixing is the
 * finaliser of MurmurHash3 by Appleby, public domain).
 */
function mix(value: number): number {
  let h = value >>> 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** What a random number is for; numbers of different purposes are independent. */
export const purposes = {
  patch: 1,
  level: 2,
  noise: 3,
  jitter: 4,
  order: 5,
  split: 6,
  augment: 7,
  subspace: 8,
  neighbour: 9,
  camera: 10,
  candidate: 11,
} as const
export type Purpose = keyof typeof purposes

/** A uniform number in [0, 1) that depends on nothing but the arguments (each a non-negative integer below 2³²). */
export function uniform(seed: number, step: number, purpose: Purpose, index: number): number {
  let h = mix(seed ^ 0x9e3779b9)
  h = mix(h ^ mix(step + 0x7f4a7c15))
  h = mix(h ^ mix(purposes[purpose] * 0x632be5ab))
  return mix(h ^ mix(index + 0x3c6ef372)) / 2 ** 32
}
