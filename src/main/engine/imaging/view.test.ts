import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { rowsOf } from '../codec/rows'
import { picture, planesOf } from './testing/pictures'
import { renderDifference, renderView } from './view'

const grey = (width: number, values: number[], alpha: number[] | null = null): Planes => ({
  width,
  height: values.length / width,
  channels: 1,
  bits: 8,
  data: Uint8Array.from(values),
  alpha: alpha && Uint8Array.from(alpha),
})
const whole = ({ width, height }: Planes) => ({ x: 0, y: 0, width, height })
/** The red values and those of A of RGBA. */
const redOf = (pixels: Uint8Array): number[] => Array.from(pixels.filter((_, i) => i % 4 === 0))
const alphaOf = (pixels: Uint8Array): number[] => Array.from(pixels.filter((_, i) => i % 4 === 3))

const photo = planesOf(picture(60, 40, 3), 60, 40, 3)

describe('a view at 100 %', () => {
  it('is the pixels themselves, opaque', () => {
    const rgb: Planes = {
      ...grey(2, [0, 0]),
      channels: 3,
      data: Uint8Array.of(1, 2, 3, 250, 251, 252),
    }
    expect([...renderView(rgb, whole(rgb), 2, 1)]).toEqual([1, 2, 3, 255, 250, 251, 252, 255])
  })

  it('is the region asked for', () => {
    const planes = grey(3, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    const pixels = renderView(planes, { x: 1, y: 1, width: 2, height: 2 }, 2, 2)
    expect(redOf(pixels)).toEqual([5, 6, 8, 9])
    expect([...pixels.subarray(0, 4)]).toEqual([5, 5, 5, 255])
  })

  it('rounds 16 bits by v / 257', () => {
    const planes: Planes = {
      ...grey(5, [0, 0, 0, 0, 0]),
      bits: 16,
      data: Uint16Array.of(0, 128, 129, 257 * 200, 65535),
    }
    expect(redOf(renderView(planes, whole(planes), 5, 1))).toEqual([0, 0, 1, 200, 255])
  })

  it('puts the alpha into A and keeps the colours', () => {
    const planes = grey(3, [10, 99, 255], [255, 128, 1])
    const pixels = renderView(planes, whole(planes), 3, 1)
    expect(redOf(pixels)).toEqual([10, 99, 255])
    expect(alphaOf(pixels)).toEqual([255, 128, 1])
  })
})

describe('a smaller view', () => {
  it('is the average of the pixels covered', () => {
    const planes = grey(4, [0, 10, 100, 101, 20, 30, 102, 105])
    expect(redOf(renderView(planes, whole(planes), 2, 1))).toEqual([15, 102])
  })

  it('counts parts of pixels by their area', () => {
    const planes = grey(3, [0, 90, 240])
    // each output pixel covers one and a half: (0 + 90/2)/1.5 and (90/2 + 240)/1.5
    expect(redOf(renderView(planes, whole(planes), 2, 1))).toEqual([30, 190])
    const column: Planes = { ...planes, width: 1, height: 3 }
    expect(redOf(renderView(column, whole(column), 1, 2))).toEqual([30, 190])
  })

  it('keeps the mean of a photo, in every channel and depth', () => {
    for (const bits of [8, 16] as const) {
      const planes = planesOf(picture(60, 40, 3), 60, 40, 3, bits)
      const pixels = renderView(planes, whole(planes), 17, 11)
      for (let channel = 0; channel < 3; channel++) {
        const mean = (values: ArrayLike<number>, step: number): number => {
          let sum = 0
          for (let i = channel; i < values.length; i += step) sum += values[i] as number
          return sum / (values.length / step)
        }
        const scale = bits === 8 ? 1 : 257
        expect(Math.abs(mean(pixels, 4) - mean(planes.data, 3) / scale)).toBeLessThan(0.3)
      }
    }
  })

  it('weights colours by their opacity', () => {
    const planes = grey(2, [200, 40], [255, 0])
    const pixels = renderView(planes, whole(planes), 1, 1)
    expect(redOf(pixels)).toEqual([200]) // what is transparent does not shine through
    expect(alphaOf(pixels)).toEqual([128])
  })
})

describe('a larger view', () => {
  it('up to 200 % lies between the pixels', () => {
    const planes = grey(2, [0, 100])
    expect(redOf(renderView(planes, whole(planes), 4, 2))).toEqual([0, 25, 75, 100, 0, 25, 75, 100])
  })

  it('above 200 % shows the pixels', () => {
    const planes = grey(2, [7, 9, 11, 13])
    const rows = [7, 7, 7, 9, 9, 9]
    const lower = [11, 11, 11, 13, 13, 13]
    expect(redOf(renderView(planes, whole(planes), 6, 6))).toEqual([
      ...[...rows, ...rows, ...rows],
      ...[...lower, ...lower, ...lower],
    ])
  })

  it('of one pixel is that pixel', () => {
    const pixel = { x: 5, y: 6, width: 1, height: 1 }
    const [red, green, blue] = photo.data.subarray((6 * 60 + 5) * 3)
    const pixels = renderView(photo, pixel, 3, 2)
    for (let i = 0; i < 6; i++) {
      expect([...pixels.subarray(4 * i, 4 * i + 4)]).toEqual([red, green, blue, 255])
    }
  })
})

// At 300 %, 150 %, 100 % and 50 %: the left half and the right half, side by side, are the whole.
it.each([3, 1.5, 1, 0.5])('regions rendered apart fit together at zoom %d', (zoom) => {
  const [width, height] = [20 * zoom, 40 * zoom]
  const left = renderView(photo, { x: 8, y: 0, width: 20, height: 40 }, width, height)
  const right = renderView(photo, { x: 28, y: 0, width: 20, height: 40 }, width, height)
  const both = renderView(photo, { x: 8, y: 0, width: 40, height: 40 }, 2 * width, height)
  for (let y = 0; y < height; y++) {
    const row = both.subarray(y * width * 8, (y + 1) * width * 8)
    expect(row.subarray(0, width * 4)).toEqual(left.subarray(y * width * 4, (y + 1) * width * 4))
    expect(row.subarray(width * 4)).toEqual(right.subarray(y * width * 4, (y + 1) * width * 4))
  }
})

describe('a difference', () => {
  it('is |a − b| times the gain, opaque and not above white', () => {
    const [a, b] = [grey(4, [10, 10, 0, 255], [9, 9, 9, 9]), grey(4, [10, 14, 3, 0])]
    const pixels = renderDifference(rowsOf(a), rowsOf(b), 4, whole(a), 4, 1)
    expect(redOf(pixels)).toEqual([0, 16, 12, 255])
    expect(alphaOf(pixels)).toEqual([255, 255, 255, 255])
  })

  it('is taken before it is made smaller, so that noise does not average out', () => {
    const [a, b] = [grey(2, [90, 110]), grey(2, [100, 100])]
    expect(redOf(renderDifference(rowsOf(a), rowsOf(b), 2, whole(a), 1, 1))).toEqual([20])
  })

  it('has the same gain at 16 bits', () => {
    const deep = (value: number): Planes => ({
      ...grey(1, [0]),
      bits: 16,
      data: Uint16Array.of(value),
    })
    const pixels = renderDifference(
      rowsOf(deep(257 * 9)),
      rowsOf(deep(257 * 5)),
      8,
      whole(deep(0)),
      1,
      1,
    )
    expect(redOf(pixels)).toEqual([32])
  })

  it('of pictures that do not match is an error', () => {
    const [a, b] = [grey(2, [1, 2]), grey(1, [1])]
    expect(() => renderDifference(rowsOf(a), rowsOf(b), 1, whole(a), 2, 1)).toThrow(
      'Expected pictures of the same size',
    )
  })
})
