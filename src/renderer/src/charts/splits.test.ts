import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { doublingSplits, linearSplits, logarithmicSplits } from './splits'

describe('logarithmic scales', () => {
  test('round numbers of a decade where there is room, fewer where there is not', () => {
    expect(logarithmicSplits(90, 600, 8)).toEqual([100, 150, 200, 300, 500])
    expect(logarithmicSplits(90, 600, 3)).toEqual([100, 200, 500])
    expect(logarithmicSplits(0.0008, 0.12, 6)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1])
  })

  test('equal distances within a small part of a decade', () => {
    expect(logarithmicSplits(103, 112, 4)).toEqual([105, 110])
  })

  test('always in range, in order, and not closer than there is room for', () => {
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    const factor = fc.double({ min: 1.05, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(positive, factor, fc.integer({ min: 2, max: 12 }), (least, times, most) => {
        const largest = least * times
        const splits = logarithmicSplits(least, largest, most)
        expect(splits.every((value) => value >= least * 0.999 && value <= largest * 1.001)).toBe(
          true,
        )
        expect(splits).toEqual([...splits].sort((a, b) => a - b))
        expect(splits.length).toBeLessThanOrEqual(most + 2)
      }),
    )
  })
})

test('linear scales: multiples of 1, 2, 5', () => {
  expect(linearSplits(0, 1, 4)).toEqual([0, 0.5, 1])
  expect(linearSplits(3, 97, 5)).toEqual([20, 40, 60, 80])
})

test('sizes: powers of two', () => {
  expect(doublingSplits(1.8, 70)).toEqual([2, 4, 8, 16, 32, 64])
})
