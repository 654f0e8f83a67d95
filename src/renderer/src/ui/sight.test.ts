import { expect, test } from 'vitest'
import { inSight, rowHeight } from './sight'

test('in sight are the rows that fit, and a few more', () => {
  expect(inSight(60_000, 0, 280)).toEqual({ first: 0, end: 23 })
  const { first, end } = inSight(60_000, 1000 * rowHeight, 280)
  expect(first).toBeLessThanOrEqual(1000)
  expect(end).toBeGreaterThanOrEqual(1010)
  expect(inSight(5, 1000, 280)).toEqual({ first: 0, end: 5 })
})
