import { describe, expect, it } from 'vitest'
import { noAugmentation, type Augmentation } from '../../../shared/training'
import { projectiveTransform } from '../runtime/kernels'
import { tf } from '../runtime/tensorflow'
import { augmentTransforms } from './augment'

const size = { width: 9, height: 7 }
const of = (config: Partial<Augmentation>, batch: number, seed = 1, step = 0): number[][] => {
  const flat = augmentTransforms({ ...noAugmentation, ...config }, size, batch, seed, step)
  return Array.from({ length: batch }, (_, i) =>
    [...(flat ?? []).slice(i * 8, i * 8 + 8)].map((value) => value + 0),
  )
}
/** The draws of one amount over many images; they lie evenly between −most and most. */
function expectUniform(draws: number[], most: number): void {
  const mean = draws.reduce((a, b) => a + b) / draws.length
  const deviation = Math.sqrt(draws.reduce((sum, d) => sum + (d - mean) ** 2, 0) / draws.length)
  expect(Math.abs(mean)).toBeLessThan(most * 0.05)
  expect(Math.abs(deviation / (most / Math.sqrt(3)) - 1)).toBeLessThan(0.05)
  expect(Math.max(...draws.map(Math.abs))).toBeLessThanOrEqual(most * 1.000001)
}

it('is null when nothing is on', () => {
  expect(augmentTransforms(noAugmentation, size, 4, 1, 0)).toBeNull()
})

it('is the same for the same arguments, other for other seeds, steps and images', () => {
  const all = { flipHorizontal: true, flipVertical: true, shift: 0.1, rotate: 20, zoom: 0.2 }
  expect(of(all, 5)).toEqual(of(all, 5))
  const rows = [...of(all, 5), ...of(all, 5, 2), ...of(all, 5, 1, 1)].map((row) => row.join())
  expect(new Set(rows).size).toBe(15)
  // these very numbers on every platform
  expect(of(all, 1)[0]?.map((v) => v.toFixed(6))).toMatchInlineSnapshot(`
    [
      "0.883019",
      "-0.304162",
      "0.980515",
      "-0.304162",
      "-0.883019",
      "7.158804",
      "0.000000",
      "0.000000",
    ]
  `)
})

describe('each change', () => {
  it('mirrors half of the images around their middle', () => {
    const flips = of({ flipHorizontal: true }, 4000)
    const mirrored = flips.filter((row) => row[0] === -1)
    expect(Math.abs(mirrored.length - 2000)).toBeLessThan(130)
    expect(mirrored[0]).toEqual([-1, 0, 8, 0, 1, 0, 0, 0])
    expect(flips.find((row) => row[0] === 1)).toEqual([1, 0, 0, 0, 1, 0, 0, 0])
    expect(of({ flipVertical: true }, 40).find((row) => row[4] === -1)?.[5]).toBe(6)
  })

  it('shifts by a share of the side', () => {
    const shifts = of({ shift: 0.25 }, 4000)
    expectUniform(
      shifts.map((row) => -(row[2] as number)),
      0.25 * size.width,
    )
    expectUniform(
      shifts.map((row) => -(row[5] as number)),
      0.25 * size.height,
    )
  })

  it('turns around the middle, which stays', () => {
    const turns = of({ rotate: 180 }, 4000)
    expectUniform(
      turns.map(([a0, a1]) => Math.atan2(a1 as number, a0 as number)),
      Math.PI,
    )
    for (const [a0, a1, a2, b0, b1, b2] of turns as [
      number,
      number,
      number,
      number,
      number,
      number,
    ][]) {
      expect(a0 * 4 + a1 * 3 + a2).toBeCloseTo(4, 5)
      expect(b0 * 4 + b1 * 3 + b2).toBeCloseTo(3, 5)
      expect(a0 * b1 - a1 * b0).toBeCloseTo(1, 5)
    }
  })

  it('enlarges and reduces by at most the share', () => {
    const zooms = of({ zoom: 0.1 }, 4000).map((row) => 1 / (row[0] as number) - 1)
    expectUniform(zooms, 0.1)
  })
})

/** What TensorFlow makes of an image by one transform. */
function transformed(image: number[], transform: number[]): number[] {
  const pixels = tf.tensor4d(image, [1, size.height, size.width, 1])
  const coefficients = tf.tensor2d(transform, [1, 8])
  return tf.tidy(() => [...projectiveTransform(pixels, coefficients).dataSync()])
}

describe("in TensorFlow's hands", () => {
  const image = Array.from({ length: 63 }, (_, i) => i + 1)

  it('a mirror is a mirror', () => {
    const mirror = of({ flipHorizontal: true }, 40).find((row) => row[0] === -1) ?? []
    const rows = Array.from({ length: 7 }, (_, y) => image.slice(y * 9, y * 9 + 9).reverse())
    expect(transformed(image, mirror)).toEqual(rows.flat())
  })

  it('a shift moves the way that it says', () => {
    const [shift = []] = of({ shift: 0.25 }, 1)
    const one = new Array<number>(63).fill(0)
    one[3 * 9 + 4] = 1
    const moved = transformed(one, shift)
    // the centre of mass moves by t
    const centre = (axis: (i: number) => number): number =>
      moved.reduce((sum, value, i) => sum + value * axis(i), 0)
    expect(centre((i) => i % 9)).toBeCloseTo(4 - (shift[2] as number), 5)
    expect(centre((i) => Math.floor(i / 9))).toBeCloseTo(3 - (shift[5] as number), 5)
  })
})
