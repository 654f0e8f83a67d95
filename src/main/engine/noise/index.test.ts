import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import type { Noise, SimpleNoise } from '../../../shared/types'
import { closeCodecs, type Planes } from '../codec'
import { corrupt, gaussianField, hashSeed } from './index'

afterAll(closeCodecs)

/** An even image of one value; 16-bit values are given as 8-bit ones times 257. */
function even(value: number, bits: 8 | 16 = 8, channels: 1 | 3 = 1, side = 300): Planes {
  const length = side * side * channels
  const data = (bits === 8 ? new Uint8Array(length) : new Uint16Array(length)).fill(
    bits === 8 ? value : value * 257,
  )
  return { width: side, height: side, channels, bits, data, alpha: null }
}

function statistics(values: ArrayLike<number>): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += values[i] as number
    squares += (values[i] as number) ** 2
  }
  const mean = sum / values.length
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean) }
}

const shareOf = (data: ArrayLike<number>, wanted: number): number =>
  Array.from(data).filter((value) => value === wanted).length / data.length
const digest = (data: Uint8Array | Uint16Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 16)

const everyNoise: SimpleNoise[] = [
  { kind: 'gaussian', sigma: 25 },
  { kind: 'poisson', photons: 40 },
  { kind: 'salt-pepper', share: 0.1 },
  { kind: 'speckle', sigma: 60 },
  { kind: 'masking', share: 0.3 },
  { kind: 'jpeg', quality: 20 },
]
/** A gradient with colour, in which every noise changes something. */
function gradient(bits: 8 | 16): Planes {
  const planes = even(0, bits, 3, 64)
  const scale = bits === 8 ? 1 : 257
  planes.data.forEach((_, i) => (planes.data[i] = ((i * 7) % 251) * scale))
  return planes
}

describe.each(everyNoise)('$kind', (noise) => {
  it.each([8, 16] as const)(
    'changes copies, not its input, and leaves alpha, at %i bits',
    async (bits) => {
      const planes = { ...gradient(bits), alpha: new Uint8Array(64 * 64).map((_, i) => i % 256) }
      const [before, opacity] = [planes.data.slice(), planes.alpha.slice()]
      const noisy = await corrupt(planes, noise, 5)
      expect(planes.data).toEqual(before)
      expect(noisy.data).not.toEqual(before)
      expect(noisy.data).toHaveLength(before.length)
      expect(noisy.alpha).toEqual(opacity)
      expect([noisy.bits, noisy.channels, noisy.width, noisy.height]).toEqual([bits, 3, 64, 64])
    },
  )

  it('gives the same bytes for the same seed', async () => {
    const [a, b] = [await corrupt(gradient(8), noise, 5), await corrupt(gradient(8), noise, 5)]
    expect(a.data).toEqual(b.data)
  })
})

it('gives other bytes for other seeds, but for JPEG, which has no chance in it', async () => {
  for (const noise of everyNoise) {
    const [a, b] = [await corrupt(gradient(8), noise, 5), await corrupt(gradient(8), noise, 6)]
    expect(digest(a.data) === digest(b.data), noise.kind).toBe(noise.kind === 'jpeg')
  }
})

it('gives these very bytes, on every platform', async () => {
  const digests: string[] = []
  for (const noise of everyNoise.slice(0, 5)) {
    digests.push(digest((await corrupt(gradient(8), noise, 12345)).data))
  }
  expect(digests).toMatchInlineSnapshot(`
    [
      "839dbdf1bb3f92d9",
      "16f819e37c278ffa",
      "6b8bb7d4de9eea64",
      "4f3e8314650a0738",
      "2c3d15868e0a7bf6",
    ]
  `)
})

describe('gaussian', () => {
  it.each([1, 3] as const)(
    'has the wanted σ around the value, with %i channel(s)',
    async (channels) => {
      const { data } = await corrupt(even(120, 8, channels), { kind: 'gaussian', sigma: 20 }, 1)
      const { mean, deviation } = statistics(data)
      expect(mean).toBeCloseTo(120, 0)
      expect(Math.abs(deviation - 20)).toBeLessThan(0.2)
    },
  )

  it('means the 0–255 scale at 16 bits as well', async () => {
    const { data } = await corrupt(even(120, 16), { kind: 'gaussian', sigma: 20 }, 1)
    expect(Math.abs(statistics(data).deviation / 257 - 20)).toBeLessThan(0.2)
  })

  it('is clipped to the range', async () => {
    const { data } = await corrupt(even(0), { kind: 'gaussian', sigma: 20 }, 1)
    expect(shareOf(data, 0)).toBeGreaterThan(0.49) // all of the lower half, and what rounds to 0
  })

  it('is independent between neighbours and channels', async () => {
    const { data } = await corrupt(even(128, 16, 3), { kind: 'gaussian', sigma: 20 }, 1)
    for (const lag of [1, 3, 900]) {
      let product = 0
      for (let i = lag; i < data.length; i++) {
        product += ((data[i] as number) / 257 - 128) * ((data[i - lag] as number) / 257 - 128)
      }
      expect(Math.abs(product / data.length / 400)).toBeLessThan(0.01) // 4 standard errors are 0.008
    }
  })

  it('rounds the field that measurements add in float', async () => {
    const planes = even(128, 16, 3)
    const { data } = await corrupt(planes, { kind: 'gaussian', sigma: 10 }, 99)
    const field = gaussianField(planes.data.length, 99)
    for (let i = 0; i < data.length; i += 997) {
      const expected = 128 * 257 + 10 * 257 * (field[i] as number)
      expect(Math.abs((data[i] as number) - expected)).toBeLessThan(0.51)
    }
    const { mean, deviation } = statistics(field)
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(deviation - 1)).toBeLessThan(0.01)
  })
})

describe('poisson', () => {
  const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)

  // 100/255 is 0.127 in linear light: λ is 1.3 and 10 (drawn exactly), 20 and 1,270 (approximated).
  it.each([10, 79, 158, 10_000])(
    'has variance x/Λ in linear light with Λ = %i',
    async (photons) => {
      const { data } = await corrupt(even(100, 16), { kind: 'poisson', photons }, 3)
      const x = toLinear(100 / 255)
      const { mean, deviation } = statistics(Array.from(data, (value) => toLinear(value / 65535)))
      expect(mean / x).toBeCloseTo(1, 1.7)
      expect((deviation * deviation * photons) / x).toBeCloseTo(1, 1.3)
    },
  )

  it('counts whole photons: with 4 at white there are five values', async () => {
    const { data } = await corrupt(even(188), { kind: 'poisson', photons: 4 }, 3)
    expect([...new Set(data)].sort((a, b) => a - b)).toEqual([0, 137, 188, 225, 255])
    // P(0) = e^−λ with λ = 4 · 0.5029
    expect(Math.abs(shareOf(data, 0) - 0.1338)).toBeLessThan(0.005)
  })

  it('leaves black black', async () => {
    const { data } = await corrupt(even(0), { kind: 'poisson', photons: 5 }, 3)
    expect(shareOf(data, 0)).toBe(1)
  })
})

describe('salt-pepper', () => {
  it('turns a share of the pixels black or white, all channels together', async () => {
    const { data } = await corrupt(even(99, 8, 3), { kind: 'salt-pepper', share: 0.2 }, 4)
    expect(Math.abs(shareOf(data, 0) - 0.1)).toBeLessThan(0.006)
    expect(Math.abs(shareOf(data, 255) - 0.1)).toBeLessThan(0.006)
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true)
  })

  it('is salt and pepper only, or nothing, at the ends of its range', async () => {
    const all = await corrupt(even(99, 16), { kind: 'salt-pepper', share: 1 }, 4)
    expect(new Set(all.data)).toEqual(new Set([0, 65535]))
    const none = await corrupt(even(99, 16), { kind: 'salt-pepper', share: 0 }, 4)
    expect(none.data).toEqual(even(99, 16).data)
  })
})

describe('speckle', () => {
  it('has a σ in proportion to the value', async () => {
    for (const value of [40, 120]) {
      const { data } = await corrupt(even(value, 16), { kind: 'speckle', sigma: 51 }, 6)
      expect(statistics(data).deviation / 257 / (value * 0.2)).toBeCloseTo(1, 1.7)
    }
    const black = await corrupt(even(0), { kind: 'speckle', sigma: 51 }, 6)
    expect(shareOf(black.data, 0)).toBe(1)
  })
})

describe('masking', () => {
  it('sets a share of the pixels to 0 and keeps the others', async () => {
    const { data } = await corrupt(even(99, 8, 3), { kind: 'masking', share: 0.3 }, 7)
    expect(Math.abs(shareOf(data, 0) - 0.3)).toBeLessThan(0.008)
    expect(shareOf(data, 0) + shareOf(data, 99)).toBeCloseTo(1, 10)
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true)
  })
})

describe('jpeg', () => {
  it('loses more at a lower quality, keeps grey grey and even areas even', async () => {
    const photo = gradient(8)
    const loss = async (quality: number): Promise<number> => {
      const { data } = await corrupt(photo, { kind: 'jpeg', quality }, 0)
      return statistics(data.map((value, i) => Math.abs(value - (photo.data[i] as number)))).mean
    }
    expect(await loss(10)).toBeGreaterThan(await loss(95))
    const grey = await corrupt(even(77), { kind: 'jpeg', quality: 30 }, 0)
    expect(grey.channels).toBe(1)
    expect(Math.abs(statistics(grey.data).mean - 77)).toBeLessThan(3)
  })

  it('keeps 16-bit images at 16 bits', async () => {
    const { data } = await corrupt(even(200, 16, 3), { kind: 'jpeg', quality: 100 }, 0)
    expect(data).toBeInstanceOf(Uint16Array)
    expect(Math.abs((data[0] as number) / 257 - 200)).toBeLessThanOrEqual(1)
  })
})

describe('mixed', () => {
  const gaussian = { kind: 'gaussian', sigma: 25 } as const
  const masking = { kind: 'masking', share: 0.3 } as const
  const mixed = (...parts: SimpleNoise[]): Noise => ({ kind: 'mixed', parts })

  it('of one part is that part', async () => {
    const [a, b] = [
      await corrupt(gradient(8), mixed(gaussian), 2),
      await corrupt(gradient(8), gaussian, 2),
    ]
    expect(a.data).toEqual(b.data)
  })

  it('works in the given order', async () => {
    const masked = await corrupt(even(200), mixed(gaussian, masking), 2)
    const noisy = await corrupt(even(200), mixed(masking, gaussian), 2)
    expect(Math.abs(shareOf(masked.data, 0) - 0.3)).toBeLessThan(0.01)
    expect(Math.abs(shareOf(noisy.data, 0) - 0.15)).toBeLessThan(0.01) // half of the masked ones rise again
  })

  it('gives equal parts noise of their own', async () => {
    const { data } = await corrupt(even(128, 16), mixed(gaussian, gaussian), 2)
    expect(Math.abs(statistics(data).deviation / 257 - 25 * Math.SQRT2)).toBeLessThan(0.3)
  })
})

describe('hashSeed', () => {
  it('depends on the seed and the name', () => {
    expect(hashSeed(0, '01.png')).toBe(891446843)
    const seeds = [
      hashSeed(0, '01.png'),
      hashSeed(1, '01.png'),
      hashSeed(0, '02.png'),
      hashSeed(2 ** 40, '01.png'),
    ]
    expect(new Set(seeds).size).toBe(4)
  })
})
