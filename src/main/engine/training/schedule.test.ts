import { expect, it } from 'vitest'
import { cosineRate } from './schedule'

it('rises linearly, falls along half a cosine, ends at the floor', () => {
  expect(cosineRate(1, 1000, 0.1, 100)).toBeCloseTo(0.001)
  expect(cosineRate(50, 1000, 0.1, 100)).toBeCloseTo(0.05)
  expect(cosineRate(100, 1000, 0.1, 100)).toBeCloseTo(0.1)
  expect(cosineRate(550, 1000, 0.1, 100, 0)).toBeCloseTo(0.05)
  expect(cosineRate(1000, 1000, 0.1, 100)).toBeCloseTo(0.0001)
})
