import { afterAll, describe, expect, it } from 'vitest'
import type { Noise } from '../../../shared/types'
import { closeCodecs } from '../codec'
import { corrupt, hashSeed } from '../noise'
import { corruptImages } from './corruptImages'

afterAll(closeCodecs)

const shape = { count: 40, width: 28, height: 20, channels: 1 as const }
const size = 28 * 20
const even = new Uint8Array(40 * size).fill(128)
const smooth = Uint8Array.from({ length: 40 * size }, (_, i) => ((i % 28) * 9 + i / size) % 256)

it('has the noise that was asked for, independent from image to image', async () => {
  const before = even.slice()
  const noisy = await corruptImages(even, shape, { kind: 'gaussian', sigma: 20 }, 3)
  expect(even).toEqual(before)
  const deviations = Array.from(noisy, (value) => value - 128)
  const variance = deviations.reduce((sum, d) => sum + d * d, 0) / deviations.length
  expect(Math.abs(Math.sqrt(variance) - 20)).toBeLessThan(0.5)
  let product = 0
  for (let i = size; i < deviations.length; i++) {
    product += (deviations[i] as number) * (deviations[i - size] as number)
  }
  expect(Math.abs(product / deviations.length / 400)).toBeLessThan(0.03)
})

describe.each([
  { kind: 'salt-pepper', share: 0.2 },
  { kind: 'jpeg', quality: 30 },
  {
    kind: 'mixed',
    parts: [
      { kind: 'gaussian', sigma: 10 },
      { kind: 'jpeg', quality: 50 },
    ],
  },
] satisfies Noise[])('$kind', (noise) => {
  it('is the same for the same seed, and for an image whatever comes after it', async () => {
    const whole = await corruptImages(smooth, shape, noise, 3)
    expect(await corruptImages(smooth, shape, noise, 3)).toEqual(whole)
    const first = { ...shape, count: 7 }
    expect(await corruptImages(smooth.subarray(0, 7 * size), first, noise, 3)).toEqual(
      whole.subarray(0, 7 * size),
    )
    if (noise.kind !== 'jpeg') {
      expect(await corruptImages(smooth, shape, noise, 4)).not.toEqual(whole)
    }
  })
})

it('does each image by itself where JPEG is part of it', async () => {
  const noise: Noise = { kind: 'jpeg', quality: 30 }
  const whole = await corruptImages(smooth, shape, noise, 3)
  const planes = { width: 28, height: 20, channels: 1, bits: 8, alpha: null } as const
  const data = smooth.subarray(5 * size, 6 * size)
  const alone = await corrupt({ ...planes, data }, noise, hashSeed(3, 'image 5'))
  expect(whole.subarray(5 * size, 6 * size)).toEqual(alone.data)
})

it('takes colour, tells its progress and can be stopped', async () => {
  const colour = { count: 3000, width: 28, height: 20, channels: 3 as const }
  const images = new Uint8Array(3000 * size * 3).fill(99)
  const noise: Noise = { kind: 'masking', share: 0.3 }
  const shares: number[] = []
  const noisy = await corruptImages(images, colour, noise, 1, {
    onProgress: (share) => void shares.push(share),
  })
  const masked = noisy.filter((value) => value === 0).length / noisy.length
  expect(Math.abs(masked - 0.3)).toBeLessThan(0.005)
  expect(noisy.every((value, i) => value === noisy[i - (i % 3)])).toBe(true)
  expect(shares.length).toBeGreaterThan(3)
  expect(shares.at(-1)).toBe(1)
  const stop = new AbortController()
  const stopped = corruptImages(images, colour, noise, 1, {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  })
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
})

it('refuses bytes that are not so many images', async () => {
  const noise: Noise = { kind: 'masking', share: 0.3 }
  await expect(corruptImages(even, { ...shape, count: 41 }, noise, 1)).rejects.toThrow(RangeError)
})
