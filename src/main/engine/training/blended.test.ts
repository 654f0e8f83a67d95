import { expect, it } from 'vitest'
import { blended } from './blended'

const state = (...values: number[]) =>
  new Map([['weight', { shape: [values.length], data: Float32Array.from(values) }]])

it('lies between both, in proportion', () => {
  const { shape, data } = blended(state(1, -2), state(3, 2), 0.25).get('weight')!
  expect(shape).toEqual([2])
  expect([...data]).toEqual([1.5, -1])
  expect([...blended(state(1, -2), state(3, 2), 1).get('weight')!.data]).toEqual([3, 2])
})

it('refuses weights that do not belong together', () => {
  expect(() => blended(state(1), state(1, 2), 0.5)).toThrow('weight')
  expect(() => blended(new Map(), state(1), 0.5)).toThrow('weight')
})
