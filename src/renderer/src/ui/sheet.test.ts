import { expect, test } from 'vitest'
import type { Pictures } from '../../../shared/training'
import { pictureAt, sheetOf } from './sheet'

const grey = (count: number, value: number): Pictures => ({
  count,
  width: 2,
  height: 2,
  channels: 1,
  pixels: new Uint8Array(count * 4).fill(value),
})

test('each picture stands above its counterpart, with transparent lines between', () => {
  const { width, height, pixels } = sheetOf([grey(4, 10), grey(4, 200)], 2)
  expect([width, height]).toEqual([5, 13]) // 2 · 2 + 1; two groups of 2 · 2 + 1, and 3 between them
  const at = (x: number, y: number) => [
    ...pixels.slice((y * width + x) * 4, (y * width + x) * 4 + 4),
  ]
  expect(at(0, 0)).toEqual([10, 10, 10, 255])
  expect(at(0, 3)).toEqual([200, 200, 200, 255])
  expect(at(2, 0)).toEqual([0, 0, 0, 0])
  expect(at(3, 8)).toEqual([10, 10, 10, 255])
})

test('colours stay in their places', () => {
  const pixels = Uint8Array.from([1, 2, 3, 4, 5, 6])
  const sheet = sheetOf([{ count: 1, width: 2, height: 1, channels: 3, pixels }], 1)
  expect([...sheet.pixels]).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
})

test('no more than was asked for, and nothing of nothing', () => {
  expect(sheetOf([grey(9, 1)], 3, 4)).toMatchObject({ width: 8, height: 7 })
  expect(sheetOf([], 3)).toMatchObject({ width: 1, height: 1 })
})

test('one of the pictures by itself', () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, index) => index)
  const second = pictureAt({ count: 2, width: 2, height: 1, channels: 3, pixels }, 1)
  expect(second).toMatchObject({ count: 1, width: 2, height: 1 })
  expect([...second.pixels]).toEqual([6, 7, 8, 9, 10, 11])
})
