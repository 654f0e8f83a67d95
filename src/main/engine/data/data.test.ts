import { describe, expect, it } from 'vitest'
import { reduce, samplePatches, type TrainingPhoto } from './photoPatches'
import { uniform } from './random'

describe('counter-based numbers', () => {
  it('are uniform, and independent between steps, purposes and indices', () => {
    const draws = Array.from({ length: 20_000 }, (_, i) => uniform(1, i, 'patch', 0))
    const mean = draws.reduce((a, b) => a + b) / draws.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
    const tenths = new Array<number>(10).fill(0)
    draws.forEach(
      (value) => (tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] as number) + 1),
    )
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200)
    const other = draws.map((_, i) => uniform(1, i, 'level', 0))
    const neighbour = draws.map((_, i) => uniform(1, i, 'patch', 1))
    for (const series of [other, neighbour, draws.slice(1).concat(0.5)]) {
      const correlation =
        draws.reduce((sum, value, i) => sum + (value - 0.5) * ((series[i] as number) - 0.5), 0) /
        draws.length /
        (1 / 12)
      expect(Math.abs(correlation)).toBeLessThan(0.04)
    }
  })

  it('are the same for the same arguments on every machine', () => {
    expect(uniform(1, 2, 'patch', 3)).toBe(uniform(1, 2, 'patch', 3))
    expect(uniform(1, 2, 'patch', 3)).not.toBe(uniform(2, 2, 'patch', 3))
    expect([uniform(0, 0, 'patch', 0), uniform(7, 9, 'noise', 4)].map((v) => v.toFixed(9)))
      .toMatchInlineSnapshot(`
      [
        "0.004963944",
        "0.798997381",
      ]
    `)
  })
})

const photo = (
  width: number,
  height: number,
  channels: number,
  value: (x: number, y: number, c: number) => number,
): TrainingPhoto => ({
  name: 'test',
  width,
  height,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    return value(pixel % width, Math.floor(pixel / width), i % channels)
  }),
})

describe('photos', () => {
  it('are reduced by area average, the remainder cut off', () => {
    const small = reduce(
      photo(5, 4, 1, (x, y) => x * 10 + y),
      2,
      1,
    )
    expect([small.width, small.height]).toEqual([2, 2])
    expect([...small.data]).toEqual([6, 26, 8, 28].map((v) => v)) // (0 + 10 + 1 + 11) / 4 = 5.5 → 6
  })

  it('give patches that lie inside them, the same for the same step', () => {
    const photos = [
      photo(20, 30, 3, (x, y, c) => (c === 0 ? x : c === 1 ? y : 200)),
      photo(16, 16, 3, () => 100),
    ]
    const batch = samplePatches(photos, 3, 6, 8, 1, 5)
    expect(batch.length).toBe(6 * 8 * 8 * 3)
    expect(samplePatches(photos, 3, 6, 8, 1, 5)).toEqual(batch)
    expect(samplePatches(photos, 3, 6, 8, 1, 6)).not.toEqual(batch)
    for (let b = 0; b < 6; b++) {
      const pixels = Array.from({ length: 64 }, (_, i) =>
        [0, 1, 2].map((c) => Math.round((batch[(b * 64 + i) * 3 + c] as number) * 255)),
      )
      const blue = new Set(pixels.map((p) => p[2]))
      expect(blue.size).toBe(1) // one photo
      if (blue.has(200)) {
        // every pixel once, from an 8 × 8 square
        expect(new Set(pixels.map((p) => `${p[0]},${p[1]}`)).size).toBe(64)
        const xs = pixels.map((p) => p[0] as number)
        expect(Math.max(...xs) - Math.min(...xs)).toBe(7)
      }
    }
  })

  it('give the more detailed of several places, in other colours and exposures, where that is asked for', () => {
    const smooth = photo(64, 64, 3, () => 100)
    const rough = photo(64, 64, 3, (x, y, c) => ((x + y) % 2) * 100 + c)
    const isRough = (batch: Float32Array): number =>
      Array.from({ length: 200 }, (_, b) => batch.slice(b * 192, (b + 1) * 192)).filter(
        (patch) => new Set(patch).size > 1,
      ).length
    const share = (candidates: number): number =>
      isRough(samplePatches([smooth, rough], 3, 200, 8, 1, 1, { candidates })) / 200
    expect(share(1)).toBeGreaterThan(0.4)
    expect(share(1)).toBeLessThan(0.6)
    expect(share(3)).toBeGreaterThan(0.8) // 1 − 1/8

    const colours = photo(16, 16, 3, (_x, _y, c) => 50 + 50 * c)
    const firsts = samplePatches([colours], 3, 60, 8, 1, 1, { shuffle: true, exposure: [0.5, 1] })
    const orders = new Set<string>()
    for (let b = 0; b < 60; b++) {
      const pixel = [...firsts.slice(b * 192, b * 192 + 3)]
      const gain = (pixel.reduce((sum, value) => sum + value) * 255) / 300
      expect(gain).toBeGreaterThan(0.49)
      expect(gain).toBeLessThan(1.01)
      orders.add(pixel.map((value) => Math.round((value * 255) / gain)).join())
    }
    expect(orders.size).toBe(6)
  })
})
