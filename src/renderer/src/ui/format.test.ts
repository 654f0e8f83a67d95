import { expect, test } from 'vitest'
import { bytes, fixed, minutesAndSeconds, percent, signed } from './format'

test('numbers have a true minus, gains always a sign', () => {
  expect(fixed(-0.25, 2)).toBe('−0.25')
  expect(signed(11.7, 1)).toBe('+11.7')
  expect(signed(-0.5, 2)).toBe('−0.50')
  expect(signed(-0.001, 2)).toBe('±0.00')
})

test('sizes keep two or three figures', () => {
  expect(bytes(999)).toBe('999 B')
  expect(bytes(1_234)).toBe('1.2 kB')
  expect(bytes(734_003)).toBe('734 kB')
  expect(bytes(12_345_678)).toBe('12 MB')
  expect(bytes(2_500_000_000)).toBe('2.5 GB')
})

test('a scale shows a decimal only where it matters', () => {
  expect(percent(1)).toBe('100 %')
  expect(percent(0.0833)).toBe('8.3 %')
  expect(percent(0.1834)).toBe('18 %')
})

test('time left is rounded up', () => {
  expect(minutesAndSeconds(0.2)).toEqual({ minutes: 0, seconds: 1 })
  expect(minutesAndSeconds(272.1)).toEqual({ minutes: 4, seconds: 33 })
})
