import { describe, expect, test } from 'vitest'
import { placeOf, scaleOf, ticksOf, valueAt } from './scale'

describe.each([false, true])('a scale (logarithmic: %s)', (logarithmic) => {
  const scale = { from: 1, to: 1000, logarithmic }

  test('leads from a value to its place and back', () => {
    expect(placeOf(scale, 1)).toBe(0)
    expect(placeOf(scale, 1000)).toBeCloseTo(1)
    for (const share of [-0.2, 0, 0.3, 1, 1.5])
      expect(placeOf(scale, valueAt(scale, share))).toBeCloseTo(share)
  })

  test('shows every value with room around', () => {
    const { from, to } = scaleOf([3, 10, 700], logarithmic)
    expect(from).toBeLessThan(3)
    expect(to).toBeGreaterThan(700)
    expect(from).toBeGreaterThanOrEqual(0)
  })

  test('has round numbers inside', () => {
    const ticks = ticksOf(scale, 5)
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.every((tick) => tick >= 1 && tick <= 1000)).toBe(true)
  })

  test('of one value, or of none, is still one', () => {
    for (const values of [[5], []]) {
      const { from, to } = scaleOf(values, logarithmic)
      expect(to).toBeGreaterThan(from)
    }
  })
})

test('values that a logarithmic scale cannot show do not count', () => {
  expect(scaleOf([0, -3, NaN, 10, 20], true).from).toBeGreaterThan(5)
})
