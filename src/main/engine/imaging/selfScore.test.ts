import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { denoisePlanes } from './denoise'
import { noiseCorrelation } from './noiseCorrelation'
import { selfScore } from './selfScore'
import { normals, picture, planesOf } from './testing/pictures'
import { stubRunner } from './testing/stubRunner'

const [width, height] = [320, 240]
const sigma = 20

function noisy(clean: Float64Array, seed: number, channels: 1 | 3 = 1): Planes {
  const normal = normals(seed)
  const values = clean.map((value) => value + sigma * normal())
  return planesOf(values, width, height, channels)
}
const even = new Float64Array(width * height).fill(128)
const clean = picture(width, height, 1)

describe('the score of hidden pixels', () => {
  it('of a network that changes nothing is that of the neighbours’ mean: σ·√(1 + 20/144)', async () => {
    const { error, interpolation, pixels } = await selfScore(
      noisy(even, 1),
      stubRunner({ radius: 0 }),
      9,
    )
    expect(error).toBe(interpolation)
    expect(Math.abs(interpolation / (sigma * Math.sqrt(1 + 20 / 144)) - 1)).toBeLessThan(0.02)
    expect(pixels).toBe((4 * width * height) / 16)
  })

  it('of one that knows the truth is the noise alone', async () => {
    const truth = stubRunner()
    const run = (values: Float32Array): Float32Array => values.map(() => 128 / 255)
    const { error } = await selfScore(noisy(even, 2), { ...truth, run }, 9)
    expect(Math.abs(error / sigma - 1)).toBeLessThan(0.02)
  })

  it('puts networks in the order of their distance from the truth', async () => {
    const input = noisy(clean, 3)
    const distances: number[] = []
    const scores: number[] = []
    for (const radius of [1, 3, 9]) {
      const runner = stubRunner({ radius })
      const output = { ...input, data: input.data.slice() }
      await denoisePlanes(input, output, runner, 9)
      distances.push(
        clean.reduce((sum, value, i) => sum + (value - (output.data[i] as number)) ** 2, 0),
      )
      scores.push((await selfScore(input, runner, 9)).error)
    }
    const order = (values: number[]): number[] =>
      [0, 1, 2].sort((a, b) => (values[a] as number) - (values[b] as number))
    expect(order(scores)).toEqual(order(distances))
  })

  it('hides pixels from the network in all channels at once, and leaves the picture as it is', async () => {
    const colour = noisy(picture(width, height, 3), 4, 3)
    const before = colour.data.slice()
    const { error, interpolation } = await selfScore(
      colour,
      stubRunner({ radius: 0, channels: 3 }),
      9,
    )
    expect(Math.abs(error - interpolation)).toBeLessThan(0.02) // where noise is clipped, that is corrected
    expect(error).toBeGreaterThan(sigma)
    expect(colour.data).toEqual(before)
  })

  it('is on the scale of 8 bits at 16 bits', async () => {
    const eight = noisy(even, 5)
    const data = Uint16Array.from(eight.data, (value) => 257 * value)
    const runner = stubRunner({ radius: 3 })
    const [a, b] = [
      await selfScore(eight, runner, 9),
      await selfScore({ ...eight, bits: 16, data }, runner, 9),
    ]
    expect(Math.abs(a.error - b.error)).toBeLessThan(0.05)
  })

  it('tells how far it is, and ends when it is cancelled', async () => {
    const shares: number[] = []
    await selfScore(noisy(even, 6), stubRunner(), 9, { onShare: (share) => shares.push(share) })
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    const signal = AbortSignal.abort()
    const cancelled = selfScore(noisy(even, 6), stubRunner(), 9, { signal })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.each([
    [1, 1],
    [3, 2],
    [7, 1],
  ])('is a number for a picture of %i × %i', async (columns, rows) => {
    const input = planesOf(new Float64Array(columns * rows).fill(50), columns, rows, 1)
    expect((await selfScore(input, stubRunner({ radius: 0 }), 9)).error).toBe(0)
  })
})

describe('the correlation of noise between pixels', () => {
  it('is about 0 for white noise, on slopes and beside texture too', () => {
    expect(noiseCorrelation(noisy(even, 7))).toBeLessThan(0.05)
    expect(noiseCorrelation(noisy(clean, 8))).toBeLessThan(0.1)
  })

  it('is that of the noise where it is averaged over neighbours', () => {
    const normal = normals(9)
    const white = Float64Array.from({ length: width * height }, () => sigma * normal())
    // Weights 1, 2, 1 across: lag 1 has 4/6 of the variance.
    const values = white.map(
      (value, i) => 128 + ((white[i - 1] ?? 0) + 2 * value + (white[i + 1] ?? 0)) / 2,
    )
    const found = noiseCorrelation(planesOf(values, width, height, 1))
    expect(found).toBeGreaterThan(0.58)
    expect(found).toBeLessThan(0.72)
  })

  it('is 0 where nothing is to be seen', () => {
    expect(noiseCorrelation(planesOf(even, width, height, 1))).toBe(0)
    expect(noiseCorrelation(planesOf(even.subarray(0, 9), 3, 3, 1))).toBe(0)
  })
})
