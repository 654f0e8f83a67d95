import { expect, test } from 'vitest'
import { toPosition, toValue } from './sliderScale'

test('a linear scale steps evenly and ends where it ends', () => {
  const scale = { minimum: 0.5, maximum: 50, step: 0.5 }
  expect(toValue(scale, 0)).toBe(0.5)
  expect(toValue(scale, 1)).toBe(50)
  expect(toValue(scale, 0.1)).toBe(5.5)
  expect(toPosition(scale, 25.25)).toBeCloseTo(0.5)
})

test('on a logarithmic scale the middle is the geometric mean, in two digits', () => {
  const scale = { minimum: 1, maximum: 10_000, logarithmic: true }
  expect(toValue(scale, 0.5)).toBe(100)
  expect(toValue(scale, 0.6)).toBe(250)
  expect(toPosition(scale, 100)).toBeCloseTo(0.5)
})

test('values outside stand at the ends', () => {
  expect(toPosition({ minimum: 0, maximum: 100 }, 255)).toBe(1)
  expect(toPosition({ minimum: 10, maximum: 100 }, 0)).toBe(0)
})
