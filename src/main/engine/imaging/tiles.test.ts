import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tile, TileOptions } from './tiles'
import { mirror, orderTiles, planTiles, tileRegion } from './tiles'
import { Assembly } from './assembly'

const options: TileOptions = { tile: 64, halo: 8, blend: 8, multiple: 4 }
const anySize = fc.integer({ min: 1, max: 400 })
const anyOptions = fc
  .record({
    multiple: fc.constantFrom(1, 2, 4, 8),
    halo: fc.integer({ min: 0, max: 20 }),
    blend: fc.constantFrom(0, 2, 8, 16),
    room: fc.integer({ min: 50, max: 100 }),
  })
  .map(({ multiple, halo, blend, room }) => ({
    multiple,
    halo,
    blend,
    tile: 2 * (halo + blend) + room,
  }))

describe('planTiles', () => {
  it('takes one tile of its own size, rounded up, for an image that fits', () => {
    const plan = planTiles(30, 61, options)
    expect(plan.tiles.map((tile) => tile.input)).toEqual([{ x: 0, y: 0, width: 32, height: 64 }])
    expect(plan.columns).toEqual([{ start: 0, length: 30, tiles: 1 }])
  })

  it('cuts 100 pixels in two with a fade of 8 over the cut, from tiles of 64', () => {
    const plan = planTiles(100, 10, options)
    expect(plan.tiles.map(({ input }) => [input.x, input.width])).toEqual([
      [0, 64],
      [36, 64],
    ])
    const [left, fade, right] = plan.columns
    expect(fade).toEqual({ start: 48, length: 8, tiles: 2 })
    expect(left).toEqual({ start: 0, length: 48, tiles: 1 })
    expect(right).toEqual({ start: 56, length: 44, tiles: 1 })
  })

  it('covers every pixel once, gives each its halo, and keeps to one size and to multiples', () => {
    fc.assert(
      fc.property(anySize, anySize, anyOptions, (width, height, wanted) => {
        const plan = planTiles(width, height, wanted)
        for (const [stretches, length] of [
          [plan.columns, width] as const,
          [plan.rows, height] as const,
        ]) {
          let place = 0
          for (const stretch of stretches) {
            expect(stretch.start).toBe(place)
            expect(stretch.length).toBeGreaterThanOrEqual(0)
            place += stretch.length
          }
          expect(place).toBe(length)
        }
        for (const tile of plan.tiles) {
          const { input } = tile
          expect(
            [input.x, input.y, input.width, input.height].map((n) => n % wanted.multiple),
          ).toEqual([0, 0, 0, 0])
          expect([input.width, input.height]).toEqual([
            plan.tiles[0]?.input.width,
            plan.tiles[0]?.input.height,
          ])
          expect(Math.max(input.width, input.height)).toBeLessThanOrEqual(wanted.tile)
          const shown = tileRegion(plan, tile)
          // Context on each side: the halo, or up to the image's own edge.
          expect(input.x).toBeLessThanOrEqual(Math.max(0, shown.x - wanted.halo))
          expect(input.y).toBeLessThanOrEqual(Math.max(0, shown.y - wanted.halo))
          expect(input.x + input.width).toBeGreaterThanOrEqual(
            Math.min(width, shown.x + shown.width + wanted.halo),
          )
          expect(input.y + input.height).toBeGreaterThanOrEqual(
            Math.min(height, shown.y + shown.height + wanted.halo),
          )
        }
      }),
      { numRuns: 100 },
    )
  })

  it('reads no more than a margin beyond the padded image', () => {
    const plan = planTiles(103, 99, options)
    expect(Math.max(...plan.tiles.map(({ input }) => input.x + input.width))).toBe(104)
    expect(Math.max(...plan.tiles.map(({ input }) => input.y + input.height))).toBe(100)
  })

  it('refuses tiles that their margin would fill', () => {
    expect(() => planTiles(200, 200, { ...options, halo: 26 })).toThrow(/Expected tiles well above/)
    expect(planTiles(64, 64, { ...options, halo: 26 }).tiles).toHaveLength(1)
  })
})

describe('Assembly', () => {
  const constant = (tile: Tile, value: number, channels: number): Float32Array =>
    new Float32Array(tile.input.width * tile.input.height * channels).fill(value)

  it('gives each pixel once, weights adding up to one, in any order of the tiles, bit for bit', () => {
    fc.assert(
      fc.property(anySize, anySize, anyOptions, fc.integer(), (width, height, wanted, seed) => {
        const plan = planTiles(width, height, wanted)
        const assemble = (tiles: Tile[]): Float32Array => {
          const image = new Float32Array(width * height).fill(NaN)
          let twice = 0
          const assembly = new Assembly(plan, 1, (region, values, offset, stride) => {
            for (let y = 0; y < region.height; y++) {
              for (let x = 0; x < region.width; x++) {
                const at = (region.y + y) * width + region.x + x
                if (!Number.isNaN(image[at])) twice++
                image[at] = values[offset + y * stride + x] as number
              }
            }
          })
          for (const tile of tiles)
            assembly.add(tile, constant(tile, 0.1 + (tile.input.x + tile.input.y) / 999, 1))
          expect([assembly.waiting, twice]).toEqual([0, 0])
          return image
        }
        const forward = assemble(plan.tiles)
        expect(forward.some(Number.isNaN)).toBe(false)
        const shuffled = plan.tiles.map((tile, index) => ({ tile, key: Math.sin(seed + index) }))
        const other = assemble(shuffled.sort((a, b) => a.key - b.key).map(({ tile }) => tile))
        expect(Buffer.compare(Buffer.from(other.buffer), Buffer.from(forward.buffer))).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('fades linearly from one tile to the next', () => {
    const plan = planTiles(100, 4, options)
    const image = new Float32Array(100)
    const assembly = new Assembly(plan, 1, ({ x, y, width }, values, offset) => {
      if (y === 0) image.set(values.subarray(offset, offset + width), x)
    })
    plan.tiles.forEach((tile, index) => assembly.add(tile, constant(tile, index, 1)))
    expect([...image.subarray(46, 58)]).toEqual(
      [0, 0, 1, 3, 5, 7, 9, 11, 13, 15, 16, 16].map((n) => n / 16),
    )
  })

  it('holds no more cells than the front of the work', () => {
    const plan = planTiles(2000, 2000, options)
    let most = 0
    const assembly = new Assembly(plan, 3, () => undefined)
    for (const tile of plan.tiles) {
      assembly.add(tile, constant(tile, 0.5, 3))
      most = Math.max(most, assembly.waiting)
    }
    expect(most).toBeLessThanOrEqual(2 * plan.columns.length + 2)
  })
})

describe('orderTiles', () => {
  const plan = planTiles(1000, 1000, options)

  it('puts what is visible first, nearest to its middle, and loses none', () => {
    const visible = { x: 700, y: 650, width: 150, height: 100 }
    const ordered = orderTiles(plan, visible)
    const seen = (tile: Tile): boolean => {
      const region = tileRegion(plan, tile)
      return (
        region.x < 850 &&
        region.x + region.width > 700 &&
        region.y < 750 &&
        region.y + region.height > 650
      )
    }
    const count = ordered.filter(seen).length
    expect(count).toBeGreaterThan(4)
    expect(ordered.slice(0, count).every(seen)).toBe(true)
    const first = tileRegion(plan, ordered[0] as Tile)
    expect(
      Math.hypot(first.x + first.width / 2 - 775, first.y + first.height / 2 - 700),
    ).toBeLessThan(40)
    expect(new Set(ordered)).toEqual(new Set(plan.tiles))
  })

  it('keeps the plan when nothing is visible', () => {
    expect(orderTiles(plan, null)).toEqual(plan.tiles)
  })
})

it('mirror does not repeat the edge and stays inside, however far out', () => {
  expect([-2, -1, 0, 4, 5, 6, 8, 9].map((place) => mirror(place, 5))).toEqual([
    2, 1, 0, 4, 3, 2, 0, 1,
  ])
  expect([-1, 0, 1, 7].map((place) => mirror(place, 1))).toEqual([0, 0, 0, 0])
})
