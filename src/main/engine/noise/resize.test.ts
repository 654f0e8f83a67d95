import { expect, it } from 'vitest'
import { resize } from './resize'

const size = (height: number, width: number) => ({ height, width })

it('keeps a constant, larger and smaller', () => {
  for (const to of [size(3, 4), size(11, 13)]) {
    const resized = resize(new Float32Array(6 * 8 * 3).fill(0.25), size(6, 8), to, 3)
    expect(resized).toHaveLength(to.height * to.width * 3)
    for (const value of resized) expect(value).toBeCloseTo(0.25, 6)
  }
})

it('is bilinear where it grows', () => {
  const twice = resize(Float32Array.of(0, 1), size(1, 2), size(1, 4), 1)
  expect([...twice]).toEqual([0, 0.25, 0.75, 1])
})

it('takes a wider triangle where it shrinks, for each channel its own, down as across', () => {
  const line = Float32Array.of(0, 10, 0, 20, 8, 30, 0, 40)
  // The weights of 4 places for the first of 2: distances 0.5, 0.5, 1.5 of a reach of 2.
  const weights = [0.75, 0.75, 0.25]
  const first = (a: number, b: number, c: number): number =>
    (weights[0]! * a + weights[1]! * b + weights[2]! * c) / 1.75
  const flat = resize(line, size(1, 4), size(1, 2), 2)
  expect(flat[0]).toBeCloseTo(first(0, 0, 8), 5)
  expect(flat[1]).toBeCloseTo(first(10, 20, 30), 5)
  expect([...resize(line, size(4, 1), size(2, 1), 2)]).toEqual([...flat])
})
