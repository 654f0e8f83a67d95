import { describe, expect, test } from 'vitest'
import { PointGrid } from './pointGrid'

/** Points all over the map, the same every time. */
const places = Float32Array.from(
  { length: 2000 },
  (_, i) => (((i >> 1) * (i % 2 === 0 ? 0.7548777 : 0.5698403)) % 1) * 2 - 1,
)
const grid = new PointGrid(places)
const all = () => true
const distance = (point: number, x: number, y: number): number =>
  Math.hypot((places[point * 2] ?? 0) - x, (places[point * 2 + 1] ?? 0) - y)

describe('points in cells', () => {
  test('the nearest is the one that looking at all of them finds', () => {
    for (const [x, y] of [
      [0, 0],
      [0.7, -0.3],
      [-1, 1],
    ] as const) {
      const ordered = Array.from({ length: 1000 }, (_, i) => i).sort(
        (a, b) => distance(a, x, y) - distance(b, x, y),
      )
      expect(grid.nearest({ x, y }, 0.5, all)).toBe(ordered[0])
      const counts = (point: number) => point !== ordered[0]
      expect(grid.nearest({ x, y }, 0.5, counts)).toBe(ordered[1])
    }
  })

  test('there is none beyond the radius, or outside of the map', () => {
    const lonely = new PointGrid(Float32Array.of(0.5, 0.5))
    expect(lonely.nearest({ x: 0.4, y: 0.5 }, 0.05, all)).toBeNull()
    expect(lonely.nearest({ x: 0.4, y: 0.5 }, 0.2, all)).toBe(0)
    expect(lonely.nearest({ x: 5, y: 5 }, 1, all)).toBeNull()
  })

  test('a polygon has the points inside, those that count', () => {
    const triangle = [
      { x: -0.5, y: -0.5 },
      { x: 0.5, y: -0.5 },
      { x: 0, y: 0.5 },
    ]
    const inside = [...grid.inside(triangle, all)]
    const expected = Array.from({ length: 1000 }, (_, i) => i).filter((point) => {
      const [x, y] = [places[point * 2] ?? 0, places[point * 2 + 1] ?? 0]
      return y > -0.5 && y < 0.5 - 2 * Math.abs(x)
    })
    expect(inside).toEqual(expected)
    expect(inside.length).toBeGreaterThan(10)
    expect([...grid.inside(triangle, (point) => point % 2 === 0)]).toEqual(
      expected.filter((point) => point % 2 === 0),
    )
  })
})
