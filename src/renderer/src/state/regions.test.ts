import { expect, test } from 'vitest'
import { overlaps } from './regions'

test('regions that only touch do not overlap', () => {
  const left = { x: 0, y: 0, width: 10, height: 10 }
  expect(overlaps(left, { x: 10, y: 0, width: 5, height: 5 })).toBe(false)
  expect(overlaps(left, { x: 9, y: 9, width: 5, height: 5 })).toBe(true)
})
