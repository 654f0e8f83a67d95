import { describe, expect, it } from 'vitest'
import { byTones, levelText, sigmaAt } from '../../../shared/noiseCurve'
import { fitCurve, type Reading } from './noiseCurve'
import { estimateNoise, estimateNoiseFloat } from './noiseLevel'
import { picture, planesOf, withNoise, withSignalNoise } from './testing/pictures'

const side = 320
const grey = picture(side, side, 1)
const colour = picture(side, side, 3)
const certain = (sigma: number): Reading => ({ variance: sigma ** 2, freedom: 1000 })

describe('a curve from readings', () => {
  it('is none where they agree, where there is but one, and where there is nothing but rounding', () => {
    expect(fitCurve([5, 5.3, 4.8, 5, 5, 5.1, 5.2, 4.9].map(certain))).toBeNull()
    expect(fitCurve([certain(5), ...Array<Reading>(7).fill(null)])).toBeNull()
    expect(fitCurve([0, 0.1, 0.3, 0.4, 0, 0, 0.2, 0].map(certain))).toBeNull()
  })

  it('goes through what is known well, and on from there where nothing is known', () => {
    const readings = [null, certain(20), certain(16), null, certain(10), certain(8), null, null]
    const curve = fitCurve(readings) as number[]
    for (const [range, sigma] of [20, 16, 10, 8].entries())
      expect(Math.abs((curve[[1, 2, 4, 5][range] as number] as number) / sigma - 1)).toBeLessThan(
        0.1,
      )
    expect(curve[0]).toBeCloseTo(curve[1] as number, 6)
    expect(curve[3]).toBeCloseTo(Math.sqrt((curve[2] as number) * (curve[4] as number)), 6)
    for (const range of [6, 7]) expect(curve[range]).toBeCloseTo(curve[5] as number, 6)
  })

  it('leans on its neighbours where a reading is uncertain', () => {
    const doubtful: Reading = { variance: 30 ** 2, freedom: 5 }
    const curve = fitCurve([
      ...[20, 18, 16, 14].map(certain),
      doubtful,
      ...[10, 9, 8].map(certain),
    ]) as number[]
    expect(curve[4]).toBeGreaterThan(10)
    expect(curve[4]).toBeLessThan(15)
  })
})

it('σ at a brightness is that of its range at the middle, linear between, constant beyond', () => {
  const level = [10, 20, 40]
  const at = [0, 42.5, 85, 127.5, 212.5, 255, 300, -20].map((luma) => sigmaAt(level, luma))
  expect(at).toEqual([10, 10, 15, 20, 40, 40, 40, 10])
  expect(sigmaAt(7, 99)).toBe(7)
})

it('shadows, mid-tones and highlights are three ranges of a level', () => {
  expect(byTones([10, 20, 40])).toEqual([10, 20, 40])
  expect(byTones([10, 16, 12, 14, 16, 20, 22, 28])).toEqual([15, 15, 23])
  expect([levelText(6), levelText([4, 6.5, 9])]).toEqual(['6.0', '4/6.5/9'])
})

describe('noise by brightness', () => {
  const middles = Array.from({ length: 8 }, (_, range) => ((range + 0.5) * 255) / 8)

  it.each([
    ['a grey file', grey, 1, 8, 1.5, 9],
    ['a grey file with a curve that lifts the shadows', grey, 1, 8, -1.2, 330],
    ['a colour file of 16 bits', colour, 3, 16, 1.5, 9],
  ] as const)('of variance a·x + b is found in %s', (_, values, channels, bits, a, b) => {
    const noisy = withSignalNoise(values, a, b, 21)
    const { sigma, byBrightness } = estimateNoise(planesOf(noisy, side, side, channels, bits))
    const found = byBrightness as number[]
    for (const range of [2, 3, 4, 5, 6]) {
      const expected = Math.sqrt(a * (middles[range] as number) + b)
      expect(Math.abs((found[range] as number) / expected - 1)).toBeLessThan(0.12)
    }
    const mean = values.reduce((sum, value) => sum + a * value + b, 0) / values.length
    expect(Math.abs(sigma / Math.sqrt(mean) - 1)).toBeLessThan(0.06)
  })

  it.each([5, 15, 25, 50])(
    'is one and the same for white noise of σ %i, clipped or not',
    (sigma) => {
      for (const [values, channels] of [
        [grey, 1],
        [colour, 3],
      ] as const) {
        const noisy = withNoise(values, sigma, 30 + sigma)
        expect(estimateNoise(planesOf(noisy, side, side, channels)).byBrightness).toBeNull()
        const floats = Float32Array.from(noisy, (value) => value / 255)
        expect(estimateNoiseFloat(floats, side, side, channels).byBrightness).toBeNull()
      }
    },
  )

  it('is not told of clean pictures', () => {
    expect(estimateNoise(planesOf(grey, side, side, 1)).byBrightness).toBeNull()
    expect(estimateNoise(planesOf(colour, side, side, 3)).byBrightness).toBeNull()
  })
})
