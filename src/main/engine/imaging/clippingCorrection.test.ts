import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec/planes'
import { clippingCorrection } from './clippingCorrection'
import { normals } from './testing/pictures'

/** A flat grey picture with noise of σ, clipped and rounded as a file holds it. */
function flat(level: number, sigma: number, pixels = 40_000): Planes {
  const normal = normals(5)
  const data = Uint8Array.from({ length: pixels }, () =>
    Math.min(255, Math.max(0, Math.round(level + sigma * normal()))),
  )
  return { width: pixels, height: 1, channels: 1, bits: 8, data, alpha: null }
}
const meanOf = ({ data }: Planes): number => {
  let sum = 0
  for (const value of data) sum += value
  return sum / data.length
}

describe('correction for clipped noise', () => {
  it.each([
    [0, 25],
    [8, 25],
    [20, 25],
    [0, 50],
    [255, 25],
    [245, 25],
    [3, 5],
  ])('gives back the level %i from the mean of its clipped noise of σ %i', (level, sigma) => {
    const picture = flat(level, sigma)
    const mean = meanOf(picture)
    const corrected = (clippingCorrection(picture, sigma)?.(mean / 255) ?? NaN) * 255
    expect(Math.abs(corrected - level)).toBeLessThan(0.06 * sigma)
    expect(Math.abs(corrected - level)).toBeLessThan(Math.abs(mean - level))
  })

  it('takes the σ at black for dark values, and that at white for bright ones', () => {
    const correct = clippingCorrection(flat(0, 4), [4, 12, 12])
    expect(correct?.(2 / 255)).toBe(clippingCorrection(flat(0, 4), 4)?.(2 / 255))
    const [atWhite, other] = [flat(255, 12), flat(255, 12)]
    const bright = clippingCorrection(atWhite, [4, 4, 12])
    expect(bright?.(248 / 255)).toBe(clippingCorrection(other, 12)?.(248 / 255))
    expect(clippingCorrection(flat(0, 4), [0.2, 12, 12])).toBeNull()
  })

  it('leaves black alone where it has no noise, and still corrects white', () => {
    const both = flat(0, 20)
    both.data.fill(255, 30_000)
    const [all, bright] = [clippingCorrection(both, 20), clippingCorrection(both, 20, false)]
    expect(bright?.(8 / 255)).toBe(8 / 255)
    expect(all?.(8 / 255)).toBeLessThan(4 / 255)
    expect(bright?.(0.98)).toBe(all?.(0.98))
    expect(bright?.(0.98)).toBeGreaterThan(0.985)
    expect(clippingCorrection(flat(0, 20), 20, false)).toBeNull()
  })

  it('leaves the middle of the range as it is', () => {
    const correct = clippingCorrection(flat(0, 20), 20)
    expect(correct?.(0.45)).toBeCloseTo(0.45, 3)
  })

  it('leaves a picture alone in which nothing was clipped, and each end by itself', () => {
    expect(clippingCorrection(flat(128, 20), 20)).toBeNull()
    expect(clippingCorrection(flat(0, 20), 0)).toBeNull()
    expect(clippingCorrection(flat(0, 20), 20)?.(0.99)).toBe(0.99) // black was clipped, white was not
    expect(clippingCorrection(flat(255, 20), 20)?.(0.01)).toBe(0.01)
  })

  it('never leaves the range and never reverses an order', () => {
    const picture = flat(0, 30)
    picture.data.set(flat(255, 30, 20_000).data)
    const correct = clippingCorrection(picture, 30) ?? (() => NaN)
    let before = 0
    for (let value = 0; value <= 1; value += 0.001) {
      const corrected = correct(value)
      expect(corrected).toBeGreaterThanOrEqual(before - 1e-12)
      expect(corrected).toBeLessThanOrEqual(1)
      before = corrected
    }
  })
})
