import { describe, expect, it } from 'vitest'
import { clippedMoments, visibleShares } from './clippedNormal'
import { estimateNoise, estimateNoiseFloat } from './noiseLevel'
import { normals, picture, planesOf, withNoise } from './testing/pictures'

const side = 320
const grey = picture(side, side, 1)
const colour = picture(side, side, 3)

/** |found/σ − 1| in percent. */
const error = (found: number, sigma: number): number => Math.abs(found / sigma - 1) * 100

describe.each([5, 15, 25, 50])('white noise of σ %i', (sigma) => {
  const bound = sigma < 15 ? 8 : 3

  it('is found in a grey file, clipped and rounded', () => {
    const planes = planesOf(withNoise(grey, sigma, 1), side, side, 1)
    expect(error(estimateNoise(planes).sigma, sigma)).toBeLessThan(bound)
  })

  it('is found in a colour file of 16 bits, in every channel', () => {
    const planes = planesOf(withNoise(colour, sigma, 2), side, side, 3, 16)
    const { sigma: overall, perChannel } = estimateNoise(planes)
    expect(perChannel).toHaveLength(3)
    for (const found of [overall, ...perChannel]) expect(error(found, sigma)).toBeLessThan(bound)
  })

  it('is found in floats that are not clipped', () => {
    const data = Float32Array.from(withNoise(grey, sigma, 3), (value) => value / 255)
    expect(error(estimateNoiseFloat(data, side, side, 1).sigma, sigma)).toBeLessThan(bound)
  })
})

it('reads each channel on its own', () => {
  const normal = normals(4)
  const noisy = colour.map((value, i) => value + [6, 12, 24][i % 3]! * normal())
  const { sigma, perChannel } = estimateNoise(planesOf(noisy, side, side, 3))
  expect(error(perChannel[0]!, 6)).toBeLessThan(8)
  expect(error(perChannel[1]!, 12)).toBeLessThan(5)
  expect(error(perChannel[2]!, 24)).toBeLessThan(5)
  const [red, green, blue] = perChannel as [number, number, number]
  expect(sigma).toBeCloseTo(Math.sqrt((red * red + green * green + blue * blue) / 3), 1)
})

it('finds noise that is the same in all channels, as in a grey photo saved as RGB', () => {
  const noisy = withNoise(grey, 20, 5)
  const values = Float64Array.from(
    { length: 3 * noisy.length },
    (_, i) => noisy[Math.floor(i / 3)]!,
  )
  const level = estimateNoise(planesOf(values, side, side, 3))
  expect(error(level.sigma, 20)).toBeLessThan(3)
  expect(level.shared).toBe(true)
})

it('says that channels share nothing where each has its own noise, or where there is only texture', () => {
  const own = estimateNoise(planesOf(withNoise(colour, 20, 5), side, side, 3))
  expect(own.shared).toBe(false)
  expect(estimateNoise(planesOf(colour, side, side, 3)).shared).toBe(false)
  expect(estimateNoise(planesOf(withNoise(grey, 20, 5), side, side, 1)).shared).toBe(false)
})

describe('clean files read at most 1', () => {
  it('a picture with texture, grey and in colour', () => {
    expect(estimateNoise(planesOf(grey, side, side, 1)).sigma).toBeLessThanOrEqual(1)
    expect(estimateNoise(planesOf(colour, side, side, 3)).sigma).toBeLessThanOrEqual(1)
  })

  it('one even value, black, and white', () => {
    for (const value of [0, 77, 255]) {
      const even = new Float64Array(64 * 64 * 3).fill(value)
      expect(estimateNoise(planesOf(even, 64, 64, 3))).toEqual({
        sigma: 0,
        perChannel: [0, 0, 0],
        correlated: false,
        shared: false,
        impulses: null,
        byBrightness: null,
      })
    }
  })

  it('a drawing: sharp black marks on even grey', () => {
    const drawing = Float64Array.from({ length: 128 * 128 }, (_, i) => (i % 37 < 3 ? 0 : 200))
    drawing.fill(200, 0, 128 * 20)
    expect(estimateNoise(planesOf(drawing, 128, 128, 1)).sigma).toBe(0)
  })
})

it('does not take black borders or what is overexposed for a clean photo', () => {
  const noisy = withNoise(grey, 15, 6)
  const bordered = noisy.map((value, i) => {
    const y = Math.floor(i / side)
    return y < 70 ? 0 : y > 280 ? 255 : value
  })
  expect(error(estimateNoise(planesOf(bordered, side, side, 1)).sigma, 15)).toBeLessThan(5)
})

it('reads a channel that is empty as 0, and the others still', () => {
  const noisy = withNoise(colour, 15, 7).map((value, i) => (i % 3 === 2 ? 0 : value))
  const { perChannel } = estimateNoise(planesOf(noisy, side, side, 3))
  expect(perChannel[2]).toBe(0)
  expect(error(perChannel[0]!, 15)).toBeLessThan(3)
})

it('copes with tiny images', () => {
  expect(estimateNoise(planesOf([9, 200], 2, 1, 1))).toEqual({
    sigma: 0,
    perChannel: [0],
    correlated: false,
    shared: false,
    impulses: null,
    byBrightness: null,
  })
  const { sigma } = estimateNoise(
    planesOf(withNoise(new Float64Array(256).fill(128), 20, 8), 16, 16, 1),
  )
  expect(error(sigma, 20)).toBeLessThan(25)
})

describe('clipped normal noise', () => {
  it('has the known moments of a half-clipped normal at black', () => {
    // y = max(0, σn): mean σ/√(2π), variance σ²(1/2 − 1/(2π))
    const { mean, deviation } = clippedMoments(0, 20, 255)
    expect(mean).toBeCloseTo(20 / Math.sqrt(2 * Math.PI), 4)
    expect(deviation).toBeCloseTo(20 * Math.sqrt(0.5 - 1 / (2 * Math.PI)), 4)
  })

  it('is all there in the middle of the range, and vanishes at its ends', () => {
    const shares = visibleShares(10)
    expect(shares[128]).toBeCloseTo(1, 5)
    expect(shares[4]).toBeCloseTo(0.5838, 2) // the mean 3.99 belongs to an unclipped 0
    expect(shares[0]).toBeLessThan(0.1)
    expect(shares[251]).toBeCloseTo(shares[4]!, 3)
  })
})
