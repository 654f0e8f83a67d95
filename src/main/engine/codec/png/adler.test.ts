import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { adlerOf, adlerOfNothing, joinedAdler, valueOf } from './adler'

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => 255 - ((i * i) % 7))

describe('Adler-32', () => {
  it('has the value that is known for a word, and that zlib writes', () => {
    expect(valueOf(adlerOf(new Uint8Array(Buffer.from('Wikipedia'))))).toBe(0x11e60398)
    expect(valueOf(adlerOf(bytes))).toBe(
      deflateSync(bytes).readUInt32BE(deflateSync(bytes).length - 4),
    )
    expect(valueOf(adlerOfNothing)).toBe(1)
  })

  it.each([0, 1, 5552, 65_521, 131_043, 299_999])('of two parts, cut at %i', (cut) => {
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)].map(adlerOf)
    expect(parts.reduce(joinedAdler, adlerOfNothing)).toEqual(adlerOf(bytes))
  })
})
