import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { errorText } from '../../../shared/messages'
import { crc32 } from '../codec/png/chunks'
import { gaussianField } from '../noise'
import { decodeCodes, encodeCodes } from './codeFile'
import { codeNumber, mostBits, newModel, RangeDecoder, RangeEncoder } from './rangeCoder'

describe('the range coder', () => {
  it('gives back every number, whatever they are', () => {
    const numbers = fc.array(
      fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 22), max: 2 ** 22 })),
      { maxLength: 400 },
    )
    fc.assert(
      fc.property(numbers, (values) => {
        const encoder = new RangeEncoder()
        const seen = newModel()
        values.forEach((value) => codeNumber(encoder, seen, value))
        const decoder = new RangeDecoder(encoder.finish())
        const model = newModel()
        expect(values.map(() => codeNumber(decoder, model, 0))).toEqual(values)
      }),
    )
  })

  it('comes near the entropy of what it codes', () => {
    const values = [...gaussianField(50_000, 3)].map((value) => Math.round(2 * value))
    const counts = new Map<number, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    const entropy = [...counts.values()].reduce(
      (sum, count) => sum - (count / values.length) * Math.log2(count / values.length),
      0,
    )
    const encoder = new RangeEncoder()
    const model = newModel()
    values.forEach((value) => codeNumber(encoder, model, value))
    const bits = (8 * encoder.finish().length) / values.length
    expect(bits).toBeGreaterThan(entropy)
    expect(bits).toBeLessThan(1.04 * entropy)
  })
})

describe('a file of codes', () => {
  const codes = gaussianField(300, 1)
  const quantiser = { middles: Float32Array.of(0, 1, -1), steps: Float32Array.of(0.1, 0.5, 2) }
  const file = encodeCodes(codes, quantiser)

  it('has every number within half a step, and is the same each time', () => {
    decodeCodes(file, 'x').forEach((value, i) => {
      const step = quantiser.steps[i % 3] as number
      expect(Math.abs(value - (codes[i] as number))).toBeLessThanOrEqual(step / 2 + 1e-5)
    })
    expect(encodeCodes(codes, quantiser)).toEqual(file)
    expect(encodeCodes(decodeCodes(file, 'x'), quantiser)).toEqual(file)
  })

  const refusal = (bytes: Uint8Array): unknown => {
    try {
      decodeCodes(bytes, 'x.ldc')
      return null
    } catch (error) {
      return error
    }
  }
  const refused = (reason: string) =>
    expect.objectContaining({ code: 'data-damaged', params: { file: 'x.ldc', reason } }) as unknown

  it('is refused by name when it is another kind of file, cut off, changed or lies about itself', () => {
    expect(refusal(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toEqual(refused('codes-magic'))
    expect(refusal(new Uint8Array())).toEqual(refused('codes-short'))
    expect(refusal(file.subarray(0, 3))).toEqual(refused('codes-short'))
    expect(refusal(file.subarray(0, 13))).toEqual(refused('codes-short'))
    expect(refusal(file.subarray(0, -1))).toEqual(refused('codes-checksum'))
    const changes: [number, number][] = [
      [4, 0xff], // other counts, up to four thousand millions
      [7, 0xff],
      [8, 4], // other numbers of latents
      [9, 0xff],
      [17, 0xff], // the step's sign and exponent
    ]
    for (const [at, byte] of changes)
      expect(refusal(sealed(changed(file, at, byte))), `byte ${at}`).toEqual(
        refused('codes-absurd'),
      )
    const longer = new Uint8Array(file.length + 1)
    longer.set(file)
    expect(refusal(sealed(longer))).toEqual(refused('codes-absurd'))
  })

  it('with any bytes changed, or cut anywhere, is refused and nothing else', () => {
    const at = fc.nat(file.length - 1)
    const change = fc.tuple(at, fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(change, ([place, mask]) => {
        const error = refusal(changed(file, place, (file[place] as number) ^ mask))
        expect(error).toMatchObject({ code: 'data-damaged' })
      }),
    )
    fc.assert(
      fc.property(at, (length) => {
        expect(refusal(file.subarray(0, length))).toMatchObject({ code: 'data-damaged' })
      }),
    )
  })

  it('whose checksum fits all the same is refused or read, and never asks for more than its bytes can hold', () => {
    const bytes = fc.array(fc.tuple(fc.nat(file.length - 5), fc.nat(255)), { minLength: 1 })
    fc.assert(
      fc.property(bytes, (changes) => {
        const wild = file.slice()
        for (const [place, byte] of changes) wild[place] = byte
        const error = refusal(sealed(wild))
        if (error) expect(error).toMatchObject({ code: 'data-damaged' })
        else
          expect(decodeCodes(sealed(wild), 'x').length).toBeLessThanOrEqual(mostBits(wild.length))
      }),
    )
  })

  it('of one number over and over is as short as a stream becomes, and is still read', () => {
    const same = new Float32Array(200_000)
    const once = { middles: Float32Array.of(0), steps: Float32Array.of(1) }
    expect(decodeCodes(encodeCodes(same, once), 'x')).toEqual(same)
  })

  it('says what is wrong and what to do, in both languages', () => {
    for (const reason of ['codes-magic', 'codes-short', 'codes-checksum', 'codes-absurd']) {
      const error = new DarkroomError('data-damaged', '', { file: 'x.ldc', reason })
      for (const locale of ['en', 'zh-Hans'] as const) {
        const text = errorText(error, locale)
        expect(text).toContain('x.ldc')
        expect(text).not.toContain(reason)
      }
    }
  })
})

const changed = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  const copy = bytes.slice()
  copy[at] = byte
  return copy
}

/** The same bytes with a checksum that fits: somebody meant it. */
const sealed = (bytes: Uint8Array): Uint8Array => {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(crc32(copy.subarray(0, -4)), copy.length - 4)
  return new Uint8Array(copy)
}
