import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { denoisePlanes } from './denoise'
import { findImpulses, removeImpulses, withoutImpulses } from './impulses'
import { estimateNoise } from './noiseLevel'
import { normals, picture, planesOf, withNoise } from './testing/pictures'
import { stubRunner } from './testing/stubRunner'

const [width, height] = [360, 240]
const colour = picture(width, height, 3)
const clean = planesOf(colour, width, height, 3)

/** Pixels at random places made black, or black and white by halves, in all channels. */
function withImpulses(planes: Planes, share: number, white: boolean): Planes {
  const normal = normals(5)
  const noisy = { ...planes, data: planes.data.slice() }
  const maximum = planes.bits === 8 ? 255 : 65535
  for (let pixel = 0; pixel < width * height; pixel++) {
    // the phase of two normal numbers is uniform
    const place = (Math.atan2(normal(), normal()) / Math.PI + 1) / 2
    if (place >= share) continue
    const [from, to] = [pixel, pixel + 1].map((at) => at * planes.channels)
    noisy.data.fill(white && place < share / 2 ? maximum : 0, from, to)
  }
  return noisy
}
const saltPepper = (planes: Planes, share: number): Planes => withImpulses(planes, share, true)
const masking = (planes: Planes, share: number): Planes => withImpulses(planes, share, false)
const turn = (): Promise<void> => Promise.resolve()

const psnr = (a: Planes, b: Planes): number => {
  let squares = 0
  a.data.forEach((value, i) => (squares += (value - (b.data[i] as number)) ** 2))
  return 10 * Math.log10(255 ** 2 / (squares / a.data.length))
}

describe('impulses are found', () => {
  it.each([0.01, 0.05, 0.3, 0.5])('salt and pepper of a share of %f, by halves', (share) => {
    const found = findImpulses(saltPepper(clean, share))
    expect(found?.black).toBeCloseTo(share / 2, share < 0.1 ? 2 : 1)
    expect(found?.white).toBeCloseTo(share / 2, share < 0.1 ? 2 : 1)
  })

  it('masked pixels, which are only black', () => {
    const found = findImpulses(masking(clean, 0.1))
    expect(found?.black).toBeCloseTo(0.1, 2)
    expect(found?.white).toBeLessThan(0.001)
  })

  it('in grey of 16 bits, with noise besides', () => {
    const grey = planesOf(withNoise(picture(width, height, 1), 10, 3), width, height, 1, 16)
    const found = findImpulses(saltPepper(grey, 0.04))
    expect(found?.black).toBeCloseTo(0.02, 2)
    expect(found?.white).toBeCloseTo(0.02, 2)
  })
})

describe('no impulses are', () => {
  const of = (value: (x: number, y: number) => number): Planes =>
    planesOf(
      Float64Array.from({ length: width * height }, (_, i) =>
        value(i % width, Math.floor(i / width)),
      ),
      ...([width, height, 1] as const),
    )
  const shade = (x: number): number => 60 + (x * 150) / width

  it.each([15, 50, 80])('the ends of noise of σ %d that was clipped', (sigma) => {
    expect(findImpulses(planesOf(withNoise(colour, sigma, 2), width, height, 3))).toBeNull()
  })

  it('a clean picture, an even one, and one of a few pixels', () => {
    expect(findImpulses(clean)).toBeNull()
    expect(findImpulses(of(() => 255))).toBeNull()
    expect(findImpulses(planesOf([0, 255, 90, 0], 2, 2, 1))).toBeNull()
  })

  it('lines of a pixel’s width, in each direction', () => {
    for (const line of [
      (x: number) => x % 23 === 0,
      (_: number, y: number) => y % 23 === 0,
      (x: number, y: number) => (x + y) % 23 === 0,
      (x: number, y: number) => (x - y + 500) % 23 === 0,
    ])
      expect(findImpulses(of((x, y) => (line(x, y) ? 0 : shade(x))))).toBeNull()
  })

  it('a dither of black and white, and a few stars or dead pixels', () => {
    expect(findImpulses(of((x, y) => ((x * 7 + y * 13) % 16 < 9 ? 255 : 0)))).toBeNull()
    const dead = (x: number, y: number): boolean => x % 60 === 7 && y % 50 === 9
    expect(findImpulses(of((x, y) => (dead(x, y) ? 255 : shade(x))))).toBeNull()
  })
})

describe('impulses are replaced', () => {
  it.each([
    [0.02, 40],
    [0.3, 27],
    [0.5, 24],
  ])('of a share of %f so that %d dB are reached', (share, least) => {
    const noisy = saltPepper(clean, share)
    const repaired = withoutImpulses(noisy, findImpulses(noisy)!)
    expect(psnr(clean, noisy)).toBeLessThan(23)
    expect(psnr(clean, repaired)).toBeGreaterThan(least)
  })

  it('and nothing else: other values, areas of black and white, and alpha stay', () => {
    const values = colour.map((value, i) => {
      const x = Math.floor(i / 3) % width
      return x < 40 ? 0 : x > width - 40 ? 255 : value
    })
    const alpha = new Uint8Array(width * height).fill(9)
    const bordered = { ...planesOf(values, width, height, 3), alpha }
    const noisy = masking(bordered, 0.05)
    const before = noisy.data.slice()
    const repaired = withoutImpulses(noisy, findImpulses(noisy)!)
    expect(repaired.alpha).toBe(alpha)
    expect(Buffer.compare(noisy.data as Uint8Array, before as Uint8Array)).toBe(0)
    let wrong = 0
    repaired.data.forEach((value, i) => {
      const x = Math.floor(i / 3) % width
      const changed = value !== noisy.data[i]
      if (noisy.data[i] !== 0 && noisy.data[i] !== 255 && changed) wrong++
      if (x < 36 && value !== 0) wrong++
      if (x > width - 36 && value !== 255) wrong++
    })
    expect(wrong).toBe(0)
  })

  it('in turns to the same picture, and what a turn throws ends it', async () => {
    const noisy = saltPepper(clean, 0.1)
    const impulses = findImpulses(noisy)!
    let turns = 0
    const inTurns = await removeImpulses(noisy, impulses, () => Promise.resolve(void turns++))
    expect(turns).toBeGreaterThan(1)
    const atOnce = withoutImpulses(noisy, impulses)
    expect(Buffer.compare(inTurns.data as Uint8Array, atOnce.data as Uint8Array)).toBe(0)
    const stop = (): Promise<void> => Promise.reject(new Error('cancelled'))
    await expect(removeImpulses(noisy, impulses, stop)).rejects.toThrow('cancelled')
  })
})

it('the estimate is of what noise there is besides, and says how many impulses there are', () => {
  const noisy = planesOf(withNoise(colour, 15, 4), width, height, 3)
  const level = estimateNoise(saltPepper(noisy, 0.04))
  expect(level.impulses?.black).toBeCloseTo(0.02, 2)
  expect(level.sigma).toBeGreaterThan(13.5)
  expect(level.sigma).toBeLessThan(16.5)
  expect(estimateNoise(noisy).impulses).toBeNull()
})

it('the denoiser is shown the picture without them, and one told of no other noise gives just that', async () => {
  const noisy = saltPepper(clean, 0.05)
  const impulses = findImpulses(noisy)!
  const noise = { correlated: false, byBrightness: null, impulses }
  const output = { ...noisy, data: noisy.data.slice() }
  const repaired = await removeImpulses(noisy, impulses, turn)
  await denoisePlanes(noisy, output, stubRunner({ channels: 3, radius: 0 }), 20, { noise })
  expect(Buffer.compare(output.data as Uint8Array, repaired.data as Uint8Array)).toBe(0)
  output.data.set(noisy.data)
  await denoisePlanes(noisy, output, stubRunner({ channels: 3 }), 0, { noise })
  expect(Buffer.compare(output.data as Uint8Array, repaired.data as Uint8Array)).toBe(0)
})
