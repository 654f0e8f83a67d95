import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { decodeCodes, encodeCodes } from './codeFile'
import { codeNumber, newModel, RangeDecoder, RangeEncoder } from './rangeCoder'

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

  it('is refused when a byte is another, or missing', () => {
    for (const at of [0, 5, 12, 40, file.length - 1]) {
      const changed = file.slice()
      changed[at] = (changed[at] as number) ^ 4
      expect(() => decodeCodes(changed, 'x.ldc')).toThrow(
        expect.objectContaining({
          code: 'data-damaged',
          params: { file: 'x.ldc', reason: 'checksum' },
        }),
      )
    }
    for (const length of [0, 3, 20, file.length - 1])
      expect(() => decodeCodes(file.subarray(0, length), 'x')).toThrow()
  })
})
