import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { readCells } from './cells'
import { correlatedNoise, needed } from './correlatedNoise'
import { normals } from './testing/pictures'

const size = 256
const gaussianField = (count: number, seed: number): Float64Array => {
  const next = normals(seed)
  return Float64Array.from({ length: count }, () => next())
}
const cosine = (k: number, n: number): number =>
  k === 0 ? Math.sqrt(1 / 8) : Math.cos(((2 * n + 1) * k * Math.PI) / 16) / 2

/** Noise of σ in those frequencies of each 8 × 8 block that are below `radius`, as JPEG leaves it. */
function blockNoise(sigma: number, radius: number, seed: number): Float64Array {
  const drawn = gaussianField(size * size, seed)
  const noise = new Float64Array(size * size)
  for (let top = 0; top < size; top += 8) {
    for (let left = 0; left < size; left += 8) {
      for (let i = 0; i < 8; i++) {
        for (let j = 0; j < 8; j++) {
          if (i + j === 0 || Math.hypot(i, j) >= radius) continue
          const value = sigma * (drawn[(top + i) * size + left + j] as number)
          for (let y = 0; y < 8; y++)
            for (let x = 0; x < 8; x++)
              noise[(top + y) * size + left + x] =
                (noise[(top + y) * size + left + x] as number) + value * cosine(i, y) * cosine(j, x)
        }
      }
    }
  }
  return noise
}

const ramp = (x: number, y: number): number => 60 + x / 4 + y / 5

function planesOf(value: (x: number, y: number, at: number) => number): Planes {
  const data = Uint8Array.from({ length: size * size }, (_, at) =>
    Math.round(Math.min(255, Math.max(0, value(at % size, Math.floor(at / size), at)))),
  )
  return { width: size, height: size, channels: 1, bits: 8, data, alpha: null }
}

const readingIn = (planes: Planes) => correlatedNoise(planes, readCells(planes))
const sigmaOf = (planes: Planes): number => readingIn(planes)?.sigma ?? NaN

describe('correlated noise', () => {
  it.each([4, 8, 16])(
    'of σ %i without fine frequencies is read within a tenth, as what a denoiser needs for it',
    (sigma) => {
      const noise = blockNoise(sigma, 4.5, sigma)
      const read = sigmaOf(planesOf((x, y, at) => ramp(x, y) + (noise[at] as number)))
      expect(Math.abs(read / (needed * sigma) - 1)).toBeLessThan(0.1)
    },
  )

  it('is read where half of the picture is textured, and where the picture is colour of 16 bits', () => {
    const noise = blockNoise(8, 4.5, 3)
    const half = planesOf((x, y, at) => {
      const texture = x > size / 2 ? 40 * Math.sin(x * 1.1) * Math.sin(y * 0.9) : 0
      return ramp(x, y) + texture + (noise[at] as number)
    })
    expect(Math.abs(sigmaOf(half) / (needed * 8) - 1)).toBeLessThan(0.15)
    const colour: Planes = {
      ...half,
      ...{ channels: 3, bits: 16 },
      data: Uint16Array.from({ length: 3 * size * size }, (_, i) => {
        return (half.data[Math.floor(i / 3)] as number) * 257
      }),
    }
    expect(sigmaOf(colour)).toBeCloseTo(sigmaOf(half), 1)
  })

  it('is read at each brightness by itself, and texture at one is not', () => {
    const [weak, strong] = [blockNoise(4, 4.5, 11), blockNoise(8, 4.5, 12)]
    const halves = (textured: boolean): Planes =>
      planesOf((x, y, at) => {
        const noise = (y < size / 2 ? weak[at] : strong[at]) as number
        const fine = textured && y >= size / 2 ? 30 * Math.sin(x * 0.8 + y * 0.3) : 0
        return (y < size / 2 ? 48 : 176) + noise + fine
      })
    const sigmas = (planes: Planes) =>
      readingIn(planes)?.readings.map((reading) => reading && Math.sqrt(reading.variance))
    const read = sigmas(halves(false))
    expect(Math.abs((read?.[1] ?? NaN) / (needed * 4) - 1)).toBeLessThan(0.15)
    expect(Math.abs((read?.[5] ?? NaN) / (needed * 8) - 1)).toBeLessThan(0.15)
    expect([read?.[0], read?.[3], read?.[7]]).toEqual([null, null, null])
    expect(sigmas(halves(true))?.[5]).toBeNull()
  })

  it.each([
    ['a clean ramp', (x: number, y: number) => ramp(x, y)],
    ['smooth waves', (x: number, y: number) => 120 + 60 * Math.sin(x / 19) * Math.cos(y / 23)],
    [
      'texture here and there',
      (x: number, y: number) => 120 + 50 * Math.sin(x / 40) ** 4 * Math.sin(x) * Math.cos(y * 0.8),
    ],
  ])('is not seen in %s', (_, value) => {
    expect(readingIn(planesOf(value))).toBeNull()
  })

  it('is left to the fine frequencies where noise is white, and unread where nothing can be', () => {
    const white = gaussianField(size * size, 1)
    expect(readingIn(planesOf((x, y, at) => ramp(x, y) + 8 * (white[at] as number)))).toBeNull()
    expect(readingIn(planesOf(() => 255))).toBeNull()
    const small = planesOf(() => 128)
    expect(readingIn({ ...small, width: 16, height: 16 })).toBeNull()
  })

  it('of the low frequencies alone is taken for the steps of JPEG', () => {
    const steps = blockNoise(4, 2.5, 5)
    expect(readingIn(planesOf((x, y, at) => ramp(x, y) + (steps[at] as number)))).toBeNull()
  })
})
