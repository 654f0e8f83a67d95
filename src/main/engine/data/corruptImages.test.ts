import { afterAll, describe, expect, it } from 'vitest'
import type { Noise } from '../../../shared/types'
import { closeCodecs } from '../codec'
import { corrupt } from '../noise'
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

const mixed: Noise = {
  kind: 'mixed',
  parts: [
    { kind: 'gaussian', sigma: 10 },
    { kind: 'jpeg', quality: 50 },
    { kind: 'gaussian', sigma: 10 },
  ],
}

it.each<Noise>([{ kind: 'salt-pepper', share: 0.2 }, { kind: 'jpeg', quality: 30 }, mixed])(
  '$kind is the same for the same seed',
  async (noise) => {
    const noisy = await corruptImages(smooth, shape, noise, 3)
    expect(await corruptImages(smooth, shape, noise, 3)).toEqual(noisy)
    if (noise.kind !== 'jpeg') {
      expect(await corruptImages(smooth, shape, noise, 4)).not.toEqual(noisy)
    }
  },
)

it('does not depend on the images that come after, but for JPEG', async () => {
  const noise: Noise = { kind: 'salt-pepper', share: 0.2 }
  const whole = await corruptImages(smooth, shape, noise, 3)
  const first = await corruptImages(smooth.subarray(0, 7 * size), { ...shape, count: 7 }, noise, 3)
  expect(first).toEqual(whole.subarray(0, 7 * size))
})

it('works in the given order, with numbers of its own for each part', async () => {
  const gaussian = { kind: 'gaussian', sigma: 10 } as const
  const twice: Noise = { kind: 'mixed', parts: [gaussian, gaussian] }
  const noisy = await corruptImages(even, shape, twice, 3)
  const variance = noisy.reduce((sum, value) => sum + (value - 128) ** 2, 0) / noisy.length
  expect(Math.abs(variance - 200)).toBeLessThan(10)
  const masked: Noise = { kind: 'mixed', parts: [gaussian, { kind: 'masking', share: 0.3 }] }
  const last = await corruptImages(even, shape, masked, 3)
  expect(Math.abs(last.filter((value) => value === 0).length / last.length - 0.3)).toBeLessThan(
    0.02,
  )
})

describe('JPEG on sheets', () => {
  it.each([
    [1, 28, 20, 30],
    [1, 32, 32, 30],
    [3, 28, 20, 30],
    [3, 32, 32, 95],
  ] as const)(
    'takes from an image what it takes from it alone: %i channel(s), %i × %i, quality %i',
    async (channels, width, height, quality) => {
      const values = width * height * channels
      const images = Uint8Array.from({ length: 6 * values }, (_, i) => {
        const [image, pixel] = [Math.floor(i / values), Math.floor((i % values) / channels)]
        const wave = Math.sin((pixel % width) / (2 + image)) + Math.cos(pixel / width / 3)
        return 128 + 60 * wave + 6 * (i % channels)
      })
      const noise: Noise = { kind: 'jpeg', quality }
      const planes = { width, height, channels, bits: 8, alpha: null } as const
      const alone = new Uint8Array(images.length)
      for (let i = 0; i < 6; i++) {
        const data = images.subarray(i * values, (i + 1) * values)
        alone.set((await corrupt({ ...planes, data }, noise, 0)).data, i * values)
      }
      const sheet = await corruptImages(images, { count: 6, width, height, channels }, noise, 1)
      const distance = (a: Uint8Array, b: Uint8Array): number =>
        Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length)
      const [onSheet, byItself] = [distance(sheet, images), distance(alone, images)]
      expect(Math.abs(onSheet / byItself - 1)).toBeLessThan(0.05)
      expect(distance(sheet, alone)).toBeLessThan(byItself / 2)
    },
  )

  it.each([1, 3] as const)('keeps neighbours apart, with %i channel(s)', async (channels) => {
    const values = 32 * 30 * channels
    const images = new Uint8Array(9 * values)
    for (let i = 0; i < 9; i++) images.fill(i % 2 ? 230 : 20, i * values, (i + 1) * values)
    const jpeg = { kind: 'jpeg', quality: 20 } as const
    const sheet = await corruptImages(
      images,
      { count: 9, width: 32, height: 30, channels },
      jpeg,
      1,
    )
    expect(sheet.every((value, i) => Math.abs(value - (images[i] as number)) < 6)).toBe(true)
  })

  it('takes large images one at a time', async () => {
    const image = Uint8Array.from({ length: 1100 * 1000 * 2 }, (_, i) => i % 251)
    const large = { count: 2, width: 1100, height: 1000, channels: 1 as const }
    const noisy = await corruptImages(image, large, { kind: 'jpeg', quality: 30 }, 1)
    const planes = { width: 1100, height: 1000, channels: 1, bits: 8, alpha: null } as const
    const data = image.subarray(0, 1_100_000)
    const alone = await corrupt({ ...planes, data }, { kind: 'jpeg', quality: 30 }, 0)
    expect(Buffer.compare(noisy.subarray(0, 1_100_000), alone.data as Uint8Array)).toBe(0)
  })
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
