import { describe, expect, it } from 'vitest'
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { tileOptionsFor } from './denoise'
import { paintDraft } from './draft'
import { planTiles } from './tiles'
import { stubRunner } from './testing/stubRunner'

const smooth = (width: number, height: number, channels: 1 | 3, bits: 8 | 16 = 8): Planes => {
  const white = bits === 8 ? 255 : 65535
  const data =
    bits === 8
      ? new Uint8Array(width * height * channels)
      : new Uint16Array(width * height * channels)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels)
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    data[i] = Math.round((0.5 + 0.4 * Math.sin(x / 90 + (i % channels)) * Math.cos(y / 70)) * white)
  }
  return { width, height, channels, bits, data, alpha: null }
}
const emptyLike = (source: Planes): Planes => ({ ...source, data: source.data.map(() => 0) })
const wholeOf = ({ width, height }: Planes): Region => ({ x: 0, y: 0, width, height })

describe('paintDraft', () => {
  it.each([
    [1, 8],
    [3, 16],
  ] as const)(
    'shows the visible region and leaves the rest alone (%i channels, %i bits)',
    async (channels, bits) => {
      const input = smooth(1500, 1100, channels, bits)
      const output = emptyLike(input)
      const visible = { x: 301, y: 99, width: 1111, height: 870 }
      const runner = stubRunner({ channels, radius: 0 })
      expect(await paintDraft(input, output, visible, runner, { level: 20, estimate: false })).toBe(
        true,
      )
      const white = bits === 8 ? 255 : 65535
      let [worst, outside] = [0, 0]
      for (let y = 0; y < 1100; y++) {
        for (let x = 0; x < 1500; x++) {
          const inside = x >= 301 && x < 1412 && y >= 99 && y < 969
          for (let i = (y * 1500 + x) * channels; i < (y * 1500 + x + 1) * channels; i++) {
            const value = output.data[i] as number
            if (inside) worst = Math.max(worst, Math.abs(value - (input.data[i] as number)) / white)
            else outside = Math.max(outside, value)
          }
        }
      }
      expect(outside).toBe(0)
      expect(worst).toBeLessThan(0.012)
    },
  )

  it('takes one call of the shape of the exact tiles, at the level that the reduction leaves', async () => {
    const input = smooth(2000, 1400, 1)
    const runner = stubRunner({ radius: 0 })
    await paintDraft(input, emptyLike(input), wholeOf(input), runner, {
      level: 30,
      estimate: false,
    })
    const tile = planTiles(2000, 1400, tileOptionsFor(runner)).tiles[0]?.input
    const factor = Math.max(2000 / (tile?.width ?? 0), 1400 / (tile?.height ?? 0))
    expect(runner.calls).toEqual([{ width: tile?.width, height: tile?.height, sigma: 30 / factor }])
  })

  it('estimates the level anew, between what white noise would leave and what was there', async () => {
    const input = smooth(1400, 1400, 1)
    let state = 7
    const noisy: Planes = {
      ...input,
      data: input.data.map((value) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return Math.min(
          255,
          Math.max(0, Math.round(value + (state / 2 ** 32 - 0.5) * 20 * Math.sqrt(12))),
        )
      }),
    }
    const runner = stubRunner({ radius: 0 })
    await paintDraft(noisy, emptyLike(noisy), wholeOf(noisy), runner, { level: 20, estimate: true })
    const tile = planTiles(1400, 1400, tileOptionsFor(runner)).tiles[0]?.input.width ?? 0
    const white = (20 * tile) / 1400
    expect(runner.calls[0]?.sigma).toBeGreaterThanOrEqual(white)
    expect(runner.calls[0]?.sigma).toBeLessThan(white * 1.35)
  })

  it('is left out where the exact result is one call away, and for σ 0', async () => {
    const input = smooth(1500, 1100, 1)
    const runner = stubRunner({ radius: 0 })
    const corner = { x: 0, y: 0, width: 200, height: 200 }
    expect(
      await paintDraft(input, emptyLike(input), corner, runner, { level: 9, estimate: false }),
    ).toBe(false)
    const none = { level: 0, estimate: false }
    expect(await paintDraft(input, emptyLike(input), wholeOf(input), runner, none)).toBe(false)
    expect(runner.calls).toEqual([])
  })

  it('stops when cancelled', async () => {
    const input = smooth(1500, 1100, 3)
    const stop = new AbortController()
    stop.abort()
    const runner = stubRunner({ channels: 3, radius: 0 })
    const options = { level: 9, estimate: false, signal: stop.signal }
    await expect(
      paintDraft(input, emptyLike(input), wholeOf(input), runner, options),
    ).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(runner.calls).toEqual([])
  })
})
