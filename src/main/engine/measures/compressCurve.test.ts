import { describe, expect, it, test } from 'vitest'
import { bestOf, bytesAt, paysFrom } from './compressCurve'

const curve = [
  { bytes: 100, mse: 0.01 },
  { bytes: 400, mse: 0.0001 },
]

describe('bytes at an error', () => {
  it('lie on the curve, ends included, whatever lies above it', () => {
    for (const points of [curve, [...curve, { bytes: 300, mse: 0.009 }]]) {
      expect(bytesAt(points, 0.001)).toBeCloseTo(200, 6)
      expect(bytesAt(points, 0.01)).toBeCloseTo(100, 6)
      expect(bytesAt(points, 0.0001)).toBeCloseTo(400, 6)
    }
  })

  it('are not told where the curve was not measured', () => {
    expect(bytesAt(curve, 0.1)).toBeNull()
    expect(bytesAt(curve, 0.00001)).toBeNull()
    expect(bytesAt([], 0.1)).toBeNull()
  })
})

test('the best points have less error with more bytes, and lie below the lines between others', () => {
  const points = [
    { bytes: 4, mse: 0.1 },
    { bytes: 2, mse: 0.2 },
    { bytes: 3, mse: 0.3 },
    { bytes: 2, mse: 0.5 },
    { bytes: 1, mse: 0.6 },
  ]
  expect(bestOf(points)).toEqual([points[4], points[1], points[0]])
  const dented = [...points, { bytes: 3.9, mse: 0.19 }]
  expect(bestOf(dented)).toEqual(bestOf(points))
  // a curve of real files, straight in neither scale: every point of it counts
  const real = [0.0849, 0.0464, 0.0109, 0.0043, 0.0021, 0.0004].map((mse, i) => ({
    ...{ bytes: [0.1, 0.15, 0.38, 0.68, 1.08, 2.71][i] as number, mse },
  }))
  expect(bestOf(real)).toEqual(real)
})

test('a decoder is paid back by what each image takes less, or never', () => {
  // 1,000 images take 100,000 bytes instead of 150,000: 50 bytes an image
  expect(paysFrom(5000, 100_000, 150_000, 1000)).toBe(100)
  expect(paysFrom(5001, 100_000, 150_000, 1000)).toBe(101)
  expect(paysFrom(5000, 100_000, 100_000, 1000)).toBeNull()
  expect(paysFrom(5000, 100_000, 90_000, 1000)).toBeNull()
})
