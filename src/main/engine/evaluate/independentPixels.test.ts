import { describe, expect, it } from 'vitest'
import { gaussianField } from '../noise'
import { independentPixels } from './independentPixels'

const pace = { breathe: () => Promise.resolve() }
const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

describe('independent pixels', () => {
  it('cost what their smoothed means say', async () => {
    // of two training images pixel 0 is 1 in both, pixel 1 in one: p = 3/4 and 1/2
    const training = { images: Uint8Array.of(255, 255, 255, 0), indices: all(2) }
    const shown = Uint8Array.of(255, 0, 0, 0)
    const expected = (Math.log(3 / 4) + Math.log(1 / 4)) / 2 + Math.log(1 / 2)
    expect(await independentPixels(training, shown, 2, pace)).toBeCloseTo(expected, 12)
  })

  it('are never impossible, and learn from the given images alone', async () => {
    const images = Uint8Array.of(0, 0, 255)
    const training = { images, indices: all(2) }
    const never = await independentPixels(training, Uint8Array.of(255), 1, pace)
    expect(never).toBeCloseTo(Math.log(1 / 4), 12)
  })

  it('of images drawn from the means cost the entropy of those', async () => {
    const [count, size] = [20_000, 3]
    const means = [0.1, 0.5, 0.8]
    const thresholds = [1.2816, 0, -0.8416]
    const drawn = Uint8Array.from(gaussianField(count * size, 4), (value, i) =>
      value > (thresholds[i % size] as number) ? 255 : 0,
    )
    const entropy = means.reduce((sum, p) => sum - p * Math.log(p) - (1 - p) * Math.log(1 - p), 0)
    const found = await independentPixels(
      { images: drawn, indices: all(10_000) },
      drawn,
      size,
      pace,
    )
    expect(Math.abs(-found / entropy - 1)).toBeLessThan(0.02)
  })
})
