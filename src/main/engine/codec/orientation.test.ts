import { describe, expect, it } from 'vitest'
import { applyOrientation } from './orientation'
import type { Planes } from './planes'

// a picture of 3 × 2 pixels, stored as
//   1 2 3
//   4 5 6
const stored: Planes = {
  width: 3,
  height: 2,
  channels: 1,
  bits: 8,
  data: Uint8Array.of(1, 2, 3, 4, 5, 6),
  alpha: Uint8Array.of(11, 12, 13, 14, 15, 16),
}

// EXIF 2.32, 4.6.4: where row 0 and column 0 of what is stored belong in the picture
const upright: Record<number, number[][]> = {
  1: [
    [1, 2, 3],
    [4, 5, 6],
  ], // row 0 at the top, column 0 at the left
  2: [
    [3, 2, 1],
    [6, 5, 4],
  ], // top, right
  3: [
    [6, 5, 4],
    [3, 2, 1],
  ], // bottom, right
  4: [
    [4, 5, 6],
    [1, 2, 3],
  ], // bottom, left
  5: [
    [1, 4],
    [2, 5],
    [3, 6],
  ], // left, top
  6: [
    [4, 1],
    [5, 2],
    [6, 3],
  ], // right, top
  7: [
    [6, 3],
    [5, 2],
    [4, 1],
  ], // right, bottom
  8: [
    [3, 6],
    [2, 5],
    [1, 4],
  ], // left, bottom
}

describe('applyOrientation', () => {
  it.each(Object.entries(upright))('turns orientation %s upright', (orientation, rows) => {
    const result = applyOrientation(stored, Number(orientation))
    expect([result.width, result.height]).toEqual([rows[0]!.length, rows.length])
    expect([...result.data]).toEqual(rows.flat())
    expect([...result.alpha!]).toEqual(rows.flat().map((value) => value + 10))
  })

  it('keeps the three channels of a pixel together', () => {
    const data = Uint16Array.of(1, 2, 3, 40, 50, 60)
    const colour = { width: 2, height: 1, channels: 3, bits: 16, data, alpha: null } as const
    const result = applyOrientation(colour, 6)
    expect(result).toEqual({ ...colour, width: 1, height: 2 })
    expect([...applyOrientation(colour, 2).data]).toEqual([40, 50, 60, 1, 2, 3])
  })

  it.each([0, 9, NaN])('leaves a picture with the orientation %s as it is', (orientation) => {
    expect(applyOrientation(stored, orientation)).toBe(stored)
  })
})
