import { describe, expect, it } from 'vitest'
import { fillWords } from './philox'

const wordsOf = (seed: number, part: number, start: number, count: number): number[] => {
  const words = new Uint32Array(count)
  fillWords(words, { seed, part }, start)
  return [...words]
}

describe('Philox4x32-10', () => {
  it('gives the known answers of its authors (Random123, kat_vectors)', () => {
    expect(wordsOf(0, 0, 0, 4)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
  })

  it('gives a part of a stream the same words as the whole', () => {
    const whole = wordsOf(7, 1, 0, 103)
    expect(wordsOf(7, 1, 40, 63)).toEqual(whole.slice(40))
  })

  it('tells seeds, parts and positions beyond 2³² apart', () => {
    const first = [
      wordsOf(7, 0, 0, 1),
      wordsOf(8, 0, 0, 1),
      wordsOf(7 + 2 ** 40, 0, 0, 1),
      wordsOf(7, 1, 0, 1),
      wordsOf(7, 0, 2 ** 36, 1),
    ]
    expect(new Set(first.flat()).size).toBe(first.length)
  })
})
