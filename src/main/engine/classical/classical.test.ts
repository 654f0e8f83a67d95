import { describe, expect, it } from 'vitest'
import { classicalNames } from '../../../shared/lab'
import { DarkroomError } from '../../../shared/errors'
import { psnr } from '../imaging/quality'
import { join, split } from './daubechies'
import type { Picture } from './picture'
import { reference, referenceSigma } from './testing/reference'
import { classical } from '.'

const patient = { breathe: () => Promise.resolve() }
const clipped = (values: Float32Array) => values.map((value) => Math.min(1, Math.max(0, value)))

/** PSNR of scikit-image 0.26 on the same picture, as `bench/peers/classical_skimage.py` prints it: grey, colour. */
const theirs = {
  nlm: { 1: 32.7686, 3: 34.1366 },
  wavelet: { 1: 26.4591, 3: 26.7228 },
  'total-variation': { 1: 29.8112, 3: 29.6003 },
  bilateral: { 1: 28.6259, 3: 30.4177 },
  median: { 1: 26.1566, 3: 26.4376 },
}

const flat = (channels: 1 | 3, width: number, height: number): Picture => ({
  data: new Float32Array(width * height * channels).fill(0.4),
  ...{ width, height, channels },
})

describe('the classical methods', () => {
  it('are given the very picture that scikit-image was given', () => {
    for (const channels of [1, 3] as const) {
      const { clean, noisy } = reference(channels)
      expect(psnr(clean.data, noisy.data)).toBeCloseTo({ 1: 22.1447, 3: 22.1049 }[channels], 3)
    }
  })

  describe.each(classicalNames)('%s', (name) => {
    it.each([1, 3] as const)(
      'reaches what scikit-image reaches, channels: %d',
      async (channels) => {
        const { clean, noisy } = reference(channels)
        const result = await classical[name](noisy, referenceSigma / 255, patient)
        expect(Math.abs(psnr(clean.data, clipped(result)) - theirs[name][channels])).toBeLessThan(
          0.05,
        )
      },
    )

    it('leaves what is even as it is, whatever its size', async () => {
      for (const [width, height] of [
        [1, 1],
        [2, 5],
        [7, 3],
        [33, 18],
      ] as const) {
        for (const channels of [1, 3] as const) {
          const result = await classical[name](flat(channels, width, height), 0.1, patient)
          expect(result).toHaveLength(width * height * channels)
          for (const value of result) expect(value).toBeCloseTo(0.4, 5)
        }
      }
    })

    it('ends where it is when others take the turn away', async () => {
      let turns = 0
      const breathe = () => {
        turns++
        return Promise.reject(new DarkroomError('cancelled', 'cancelled'))
      }
      const large = flat(3, 700, 700)
      large.data.forEach((_, i) => (large.data[i] = ((i * 7) % 97) / 97))
      await expect(classical[name](large, 0.1, { breathe })).rejects.toThrow('cancelled')
      expect(turns).toBe(1)
    })
  })
})

describe('the wavelet transform', () => {
  it.each([3, 4, 5, 17, 32])('of %d values gives them back, and keeps their energy', (length) => {
    const data = Float64Array.from({ length: length * 6 }, (_, i) => Math.sin(i * i))
    for (const axis of ['across', 'down'] as const) {
      const size = axis === 'across' ? { width: length, height: 6 } : { width: 6, height: length }
      const [coarse, fine] = split({ data, ...size }, axis)
      const again = join(coarse, fine, axis, length)
      again.data.forEach((value, i) => expect(value).toBeCloseTo(data[i] as number, 12))
    }
  })

  it('has no detail in what is even', () => {
    const [, fine] = split({ data: new Float64Array(20).fill(3), width: 20, height: 1 }, 'across')
    for (const value of fine.data) expect(value).toBeCloseTo(0, 12)
  })
})
