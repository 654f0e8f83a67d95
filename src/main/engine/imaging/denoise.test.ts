import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { clippingCorrection } from './clippingCorrection'
import type { TileRunner } from './denoise'
import { denoiseFloats, denoisePlanes, fitRunner, tileOptionsFor } from './denoise'
import { mirror } from './tiles'
import { stubRunner } from './testing/stubRunner'

const random = (length: number, top: number, seed = 1): number[] => {
  let state = seed
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * (top + 1))
  })
}
const planes = (
  width: number,
  height: number,
  channels: 1 | 3 = 1,
  bits: 8 | 16 = 8,
  alpha = false,
): Planes => {
  const Samples = bits === 8 ? Uint8Array : Uint16Array
  const top = bits === 8 ? 255 : 65535
  return {
    width,
    height,
    channels,
    bits,
    data: Samples.from(random(width * height * channels, top)),
    alpha: alpha ? Samples.from(random(width * height, top, 2)) : null,
  }
}
const emptyLike = (source: Planes): Planes => ({ ...source, data: source.data.map(() => 0) })

/** What one single call over the whole, padded image gives. */
const untiled = (source: Planes, runner: TileRunner): Float32Array => {
  const { width, height, channels, multiple } = { ...source, multiple: runner.multiple }
  const wide = Math.ceil(width / multiple) * multiple
  const high = Math.ceil(height / multiple) * multiple
  const padded = new Float32Array(wide * high * channels)
  const white = source.bits === 8 ? 255 : 65535
  for (let i = 0; i < padded.length; i++) {
    const pixel = Math.floor(i / channels)
    const from = mirror(Math.floor(pixel / wide), height) * width + mirror(pixel % wide, width)
    padded[i] = (source.data[from * channels + (i % channels)] as number) / white
  }
  const result = runner.run(padded, high, wide, 25)
  const kept = new Float32Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    kept.set(
      result.subarray(y * wide * channels, (y * wide + width) * channels),
      y * width * channels,
    )
  }
  return kept
}
/** The largest |a − b·white|, b clipped at white. */
const largestDifference = (a: ArrayLike<number>, b: Float32Array, white: number): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs((a[i] as number) - Math.min(1, b[i] as number) * white))
  }
  return most
}
const small = { tile: 64, blend: 8 }

describe('denoisePlanes', () => {
  it('gives what one call over the whole image gives, when the halo covers what the network sees', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 190 }),
        fc.integer({ min: 1, max: 190 }),
        fc.constantFrom<[1 | 3, 8 | 16]>([1, 8], [3, 8], [3, 16]),
        async (width, height, [channels, bits]) => {
          const source = planes(width, height, channels, bits)
          const runner = stubRunner({ channels })
          const output = emptyLike(source)
          await denoisePlanes(source, output, runner, 25, { tiles: small })
          const white = bits === 8 ? 255 : 65535
          const correct = clippingCorrection(source, 25) ?? ((value: number) => value)
          const expected = untiled(source, runner).map(correct)
          // Rounding in the fade may differ by one step where a value lies half-way between two.
          expect(largestDifference(output.data, expected, white)).toBeLessThanOrEqual(0.501)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('has no seam to speak of when the halo is a little too small', async () => {
    const source = planes(300, 40)
    const runner = stubRunner({ radius: 6 })
    const output = emptyLike(source)
    await denoisePlanes(source, output, runner, 25, { tiles: { ...small, halo: 4 } })
    const expected = untiled(source, runner)
    expect(largestDifference(output.data, expected, 255)).toBeLessThan(12)
  })

  it('gives the same bytes whatever is visible', async () => {
    const source = planes(333, 222, 3)
    const [plain, seen] = [emptyLike(source), emptyLike(source)]
    await denoisePlanes(source, plain, stubRunner({ channels: 3 }), 25, { tiles: small })
    const visible = { x: 250, y: 100, width: 60, height: 90 }
    await denoisePlanes(source, seen, stubRunner({ channels: 3 }), 25, { tiles: small, visible })
    expect(seen.data).toEqual(plain.data)
  })

  it('gives the same bytes for any tile size', async () => {
    const source = planes(200, 150)
    const results = []
    for (const tile of [64, 96, 512]) {
      const output = emptyLike(source)
      await denoisePlanes(source, output, stubRunner(), 25, { tiles: { tile, blend: 0 } })
      results.push(output.data)
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
  })

  it.each([8, 16] as const)(
    'keeps every value of %i bits when the network changes nothing',
    async (bits) => {
      const source = planes(150, 130, 3, bits, true)
      const output = emptyLike(source)
      await denoisePlanes(source, output, stubRunner({ channels: 3, radius: 0 }), 25, {
        tiles: small,
      })
      expect(output.data).toEqual(source.data)
      expect(output.alpha).toEqual(source.alpha)
    },
  )

  it('tells the network the level of every place, the same in any tile', async () => {
    const source = planes(200, 150, 3)
    for (let i = 0; i < source.data.length; i++)
      source.data[i] = (source.data[i] as number) / 8 + (i % 600 < 300 ? 10 : 200)
    const told: TileRunner = {
      ...{ channels: 3, multiple: 4, radius: 0 },
      run: (noisy, _height, width, level) =>
        noisy.map((_, i) => {
          const pixel = Math.floor(i / 3)
          const [x, y] = [pixel % width, Math.floor(pixel / width)]
          return ((level as Float32Array)[(y >> 1) * (width >> 1) + (x >> 1)] as number) / 255
        }),
    }
    const results: Planes['data'][] = []
    for (const tile of [64, 96, 512]) {
      const output = emptyLike(source)
      await denoisePlanes(source, output, told, [20, 40, 80], { tiles: { tile, blend: 0 } })
      results.push(output.data)
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    const [dark, bright] = [results[0]?.[3 * 20], results[0]?.[3 * 180]]
    expect([dark, bright]).toEqual([20, 80])
  })

  it('takes a level that is the same at every brightness for one number', async () => {
    const source = planes(60, 40)
    const runner = stubRunner()
    await denoisePlanes(source, emptyLike(source), runner, [7, 7, 7])
    expect(runner.calls[0]?.sigma).toBe(7)
  })

  it('returns the input for σ 0 without asking the network', async () => {
    const source = planes(20, 20)
    const output = emptyLike(source)
    const runner = stubRunner()
    await denoisePlanes(source, output, runner, 0)
    expect(output.data).toEqual(source.data)
    expect(runner.calls).toEqual([])
  })

  it('clips and rounds what the network gives', async () => {
    const source = planes(4, 4)
    const output = emptyLike(source)
    const values = [-0.5, 1.5, 0.5 / 255 - 1e-4, 0.5 / 255 + 1e-4, ...Array<number>(12).fill(0.5)]
    const runner: TileRunner = { channels: 1, multiple: 4, run: () => Float32Array.from(values) }
    await denoisePlanes(source, output, runner, 10)
    expect([...output.data.subarray(0, 5)]).toEqual([0, 255, 0, 1, 128])
  })

  it('removes no more than a little noise, and says that all of the image has changed', async () => {
    const source = planes(40, 40)
    const seen: object[] = []
    const grey: TileRunner = {
      ...{ channels: 1, multiple: 4 },
      run: (noisy) => noisy.map(() => 0.5),
    }
    const distance = (output: Planes): number => {
      let squares = 0
      for (let i = 0; i < source.data.length; i++)
        squares += ((source.data[i] as number) - (output.data[i] as number)) ** 2
      return Math.sqrt(squares / source.data.length)
    }
    const bounded = emptyLike(source)
    await denoisePlanes(source, bounded, grey, 2, { onTile: (progress) => seen.push(progress) })
    expect(distance(bounded)).toBeLessThan(2.1) // 2, and rounding
    expect(seen.at(-1)).toMatchObject({ region: { x: 0, y: 0, width: 40, height: 40 } })
    const correlated = emptyLike(source)
    await denoisePlanes(source, correlated, grey, 2, {
      noise: { correlated: true, byBrightness: null, impulses: null },
    })
    expect(distance(correlated)).toBeGreaterThan(60)
  })

  it('passes the level on and uses one shape for a large image', async () => {
    const source = planes(300, 200)
    const runner = stubRunner()
    await denoisePlanes(source, emptyLike(source), runner, 17.5, { tiles: small })
    expect(runner.calls.length).toBeGreaterThan(10)
    expect(new Set(runner.calls.map((call) => JSON.stringify(call)))).toEqual(
      new Set(['{"width":64,"height":64,"sigma":17.5}']),
    )
  })

  it('tells each tile and lets other work have its turn between two', async () => {
    const source = planes(200, 64)
    let turns = 0
    const shares: number[] = []
    await denoisePlanes(source, emptyLike(source), stubRunner(), 5, {
      tiles: small,
      onTile: ({ done, total, region }) => {
        shares.push(done / total)
        expect(region.height).toBe(64)
        setImmediate(() => turns++)
      },
    })
    expect(shares).toEqual(Array.from({ length: shares.length }, (_, i) => (i + 1) / shares.length))
    expect(turns).toBeGreaterThanOrEqual(shares.length - 1)
  })

  it('stops within two tiles, which pass side by side, when cancelled', async () => {
    const stop = new AbortController()
    const runner = stubRunner({ before: (call) => call === 2 && stop.abort() })
    const source = planes(400, 400)
    const job = denoisePlanes(source, emptyLike(source), runner, 5, {
      tiles: small,
      signal: stop.signal,
    })
    await expect(job).rejects.toMatchObject({ code: 'cancelled' })
    expect(runner.calls).toHaveLength(4)
  })
})

describe('denoiseFloats', () => {
  it('takes values beyond white and black as they are and clips what comes out', async () => {
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 2 ? 1.4 : -0.4))
    const seen: number[] = []
    const runner: TileRunner = {
      channels: 1,
      multiple: 4,
      run: (noisy) => {
        seen.push(Math.min(...noisy), Math.max(...noisy))
        return noisy
      },
    }
    const result = await denoiseFloats(data, 64, 64, runner, 25)
    expect(seen).toEqual([Math.fround(-0.4), Math.fround(1.4)])
    expect(new Set(result)).toEqual(new Set([0, 1]))
  })

  it('does not round', async () => {
    const data = Float32Array.from({ length: 150 * 70 * 3 }, (_, i) => (i % 997) / 997)
    const runner = stubRunner({ channels: 3, radius: 0 })
    const result = await denoiseFloats(data, 150, 70, runner, 25, { tiles: small })
    expect(largestDifference(result, data, 1)).toBeLessThan(2e-7)
  })

  it('returns the clipped input for σ 0', async () => {
    const result = await denoiseFloats(Float32Array.of(-1, 0.25, 2), 3, 1, stubRunner(), 0)
    expect([...result]).toEqual([0, 0.25, 1])
  })
})

describe('fitRunner', () => {
  it('lets a grey network do colour, each channel on its own', async () => {
    const source = planes(40, 30, 3)
    const grey = stubRunner()
    const output = emptyLike(source)
    await denoisePlanes(source, output, fitRunner(grey, 3, 'grey'), 9)
    for (let channel = 0; channel < 3; channel++) {
      const pick = (data: Planes['data']): Uint8Array =>
        Uint8Array.from(data.filter((_, i) => i % 3 === channel))
      const alone: Planes = { ...source, channels: 1, data: pick(source.data) }
      const expected = emptyLike(alone)
      await denoisePlanes(alone, expected, grey, 9)
      expect(pick(output.data)).toEqual(expected.data)
    }
  })

  it('takes tiles of a third of the area, since a tile is three calls', () => {
    const grey = stubRunner()
    const area = (runner: TileRunner): number => tileOptionsFor(runner).tile ** 2
    expect(area(fitRunner(grey, 3, 'grey')) / area(grey)).toBeCloseTo(1 / 3, 2)
  })

  it('refuses a colour network for a grey image', () => {
    expect(() => fitRunner(stubRunner({ channels: 3 }), 1, 'denoise-colour')).toThrow(
      /denoise-colour is for colour/,
    )
  })

  it('leaves a network that fits alone', () => {
    const runner = stubRunner({ channels: 3 })
    expect(fitRunner(runner, 3, 'x')).toBe(runner)
  })
})

it('the halo is the reach of the network, within a bound', () => {
  expect(tileOptionsFor(stubRunner({ radius: 7 })).halo).toBe(7)
  expect(tileOptionsFor(stubRunner({ radius: 300 })).halo).toBe(32)
})
