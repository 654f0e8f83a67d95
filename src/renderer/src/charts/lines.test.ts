import { describe, expect, test } from 'vitest'
import { bandPath, linePath, nearestX, spotOf, type Frame, type LinePoint } from './lines'

const frame: Frame = {
  x: { from: 0, to: 10, logarithmic: false },
  y: { from: 1, to: 100, logarithmic: true },
  width: 100,
  height: 50,
}
const point = (x: number, y: number, interval: number | null = null): LinePoint => ({
  x,
  y,
  interval,
})

describe('lines', () => {
  test('go from the lower left to the upper right', () => {
    expect(spotOf(frame, point(0, 1))).toEqual({ left: 0, top: 50 })
    expect(spotOf(frame, point(10, 100))).toEqual({ left: 100, top: 0 })
    expect(linePath(frame, [point(0, 1), point(5, 10)])).toBe('M0 50L50 25')
  })

  test('leave out what their axes cannot show', () => {
    expect(linePath(frame, [point(1, 0), point(5, 10), point(6, NaN)])).toBe('M50 25')
    expect(linePath(frame, [point(1, -1)])).toBe('')
  })

  test('have a band where there are intervals, which ends at the axis', () => {
    expect(bandPath(frame, [point(0, 10), point(5, 10)])).toBe('')
    const band = bandPath(frame, [point(0, 10, 90), point(10, 10, 90)])
    expect(band).toBe('M0 0L100 0L100 50L0 50Z')
  })

  test('are read at the nearest of their points', () => {
    const lines = [
      { label: 'a', colour: '', dashed: false, points: [point(1, 10), point(9, 10)] },
      { label: 'b', colour: '', dashed: false, points: [point(4, 10), point(5, 0)] },
    ]
    expect([0, 38, 52, 99].map((left) => nearestX(frame, lines, left))).toEqual([1, 4, 4, 9])
    expect(nearestX(frame, [], 5)).toBeNull()
  })
})
