import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { fitImage, type Target } from './fitImage'

const grey = (width: number, height: number, value: (x: number, y: number) => number): Planes => ({
  ...{ width, height, channels: 1, bits: 8, alpha: null },
  data: Uint8Array.from({ length: width * height }, (_, i) =>
    value(i % width, Math.floor(i / width)),
  ),
})
const target = (width: number, height: number, fit: Target['fit'], channels: 1 | 3 = 1) => ({
  ...{ width, height, channels, fit },
})
const rows = (image: Uint8Array, width: number): number[][] =>
  Array.from({ length: image.length / width }, (_, y) => [
    ...image.slice(y * width, (y + 1) * width),
  ])

describe('the size', () => {
  it('is kept where it fits already', () => {
    const planes = grey(8, 6, (x, y) => x * 20 + y)
    for (const fit of ['crop', 'pad', 'stretch'] as const) {
      expect(fitImage(planes, target(8, 6, fit))).toEqual(planes.data)
    }
  })

  it('shrinks by area average', () => {
    const planes = grey(
      8,
      8,
      (x, y) => (Math.floor(x / 2) + Math.floor(y / 2) * 4) * 10 + (x % 2) * 4,
    )
    const expected = Array.from({ length: 16 }, (_, i) => i * 10 + 2)
    expect([...fitImage(planes, target(4, 4, 'stretch'))]).toEqual(expected)
  })

  it('grows between the pixels', () => {
    const image = fitImage(
      grey(2, 2, (x) => x * 100),
      target(4, 4, 'stretch'),
    )
    expect(rows(image, 4)).toEqual(new Array(4).fill([0, 25, 75, 100]))
  })

  it('shrinks on one axis while it grows on the other', () => {
    const planes = grey(8, 2, (x, y) => (x % 2) * 20 + y * 100)
    const expected = [10, 35, 85, 110].map((value) => [value, value, value, value])
    expect(rows(fitImage(planes, target(4, 4, 'stretch')), 4)).toEqual(expected)
  })
})

describe('the fit', () => {
  const wide = grey(16, 8, (x) => (x < 4 ? 50 : x < 12 ? 150 : 250))

  it('crop keeps the middle, whole in the shorter side', () => {
    expect(new Set(fitImage(wide, target(4, 4, 'crop')))).toEqual(new Set([150]))
    const tall = grey(8, 16, (_, y) => (y < 4 ? 50 : y < 12 ? 150 : 250))
    expect(new Set(fitImage(tall, target(8, 8, 'crop')))).toEqual(new Set([150]))
  })

  it('pad keeps everything, with black around', () => {
    expect(rows(fitImage(wide, target(8, 8, 'pad')), 8)).toEqual([
      ...new Array<number[]>(2).fill(new Array<number>(8).fill(0)),
      ...new Array<number[]>(4).fill([50, 50, 150, 150, 150, 150, 250, 250]),
      ...new Array<number[]>(2).fill(new Array<number>(8).fill(0)),
    ])
  })

  it('stretch keeps everything and fills everything', () => {
    expect(rows(fitImage(wide, target(4, 4, 'stretch')), 4)).toEqual(
      new Array(4).fill([50, 150, 150, 250]),
    )
  })

  it('takes pictures of one pixel, and very narrow ones', () => {
    for (const fit of ['crop', 'pad', 'stretch'] as const) {
      expect(
        fitImage(
          grey(1, 1, () => 77),
          target(4, 5, fit),
        ),
      ).toHaveLength(20)
      expect(
        fitImage(
          grey(1, 900, () => 77),
          target(4, 5, fit),
        ),
      ).toHaveLength(20)
      expect(
        fitImage(
          grey(900, 1, () => 77),
          target(4, 5, fit),
        ),
      ).toHaveLength(20)
    }
  })
})

describe('colours', () => {
  const colour = (values: number[], alpha: number | null = null, bits: 8 | 16 = 8): Planes => ({
    ...{ width: 4, height: 4, channels: 3, bits },
    data: (bits === 8 ? new Uint8Array(48) : new Uint16Array(48)).map((_, i) => values[i % 3] ?? 0),
    alpha: alpha === null ? null : new Uint8Array(16).fill(alpha),
  })
  const first = (planes: Planes, channels: 1 | 3): number[] => [
    ...fitImage(planes, target(4, 4, 'crop', channels)).slice(0, channels),
  ]

  it('become grey by BT.601, and grey is repeated for three channels', () => {
    expect(first(colour([255, 0, 0]), 1)).toEqual([76])
    expect(first(colour([0, 255, 0]), 1)).toEqual([150])
    expect(first(colour([0, 0, 255]), 1)).toEqual([29])
    expect(
      first(
        grey(4, 4, () => 99),
        3,
      ),
    ).toEqual([99, 99, 99])
  })

  it('lie on black where they are transparent', () => {
    expect(first(colour([200, 100, 50], 0), 3)).toEqual([0, 0, 0])
    expect(first(colour([200, 100, 50], 51), 3)).toEqual([40, 20, 10])
  })

  it('of 16 bits are rounded to 8', () => {
    expect(first(colour([65535, 25700, 128], null, 16), 3)).toEqual([255, 100, 0])
  })
})
