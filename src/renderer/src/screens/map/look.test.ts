import { describe, expect, test } from 'vitest'
import type { LatentMap } from '../../../../shared/latent'
import { labelCounts, quantile, toggled } from '../../state/mapSelection'
import { classesOf, errorClass, marksOf, namesOf } from './look'
import { ordered } from './rows'

const map = {
  count: 4,
  places: Float32Array.of(0, 0, 0.2, 0.4, 0.4, 0.8, -1, 1),
  indices: Int32Array.of(7, 3, 9, 1),
  labels: Int32Array.of(0, 0, 0, 1),
  labelNames: ['a', 'b', 'nobody'],
  errors: Float32Array.of(0.1, 0.4, 0.2, 0.3),
} as unknown as LatentMap

describe('how points look', () => {
  test('by label, or by error from none to the largest', () => {
    expect([...classesOf(map, 'label')]).toEqual([0, 0, 0, 1])
    const classes = [...classesOf(map, 'error')]
    expect(classes.map((_, i) => i).sort((a, b) => (classes[a] ?? 0) - (classes[b] ?? 0))).toEqual([
      0, 2, 3, 1,
    ])
    expect(errorClass(0, 1)).toBe(0)
    expect(errorClass(5, 1)).toBe(255)
  })

  test('names stand at the median of their points, none where there are no points', () => {
    const [a, b, ...others] = namesOf(map)
    expect(a).toMatchObject({ text: 'a', label: 0 })
    expect(a?.x).toBeCloseTo(0.2, 6)
    expect(a?.y).toBeCloseTo(0.4, 6)
    expect(b).toMatchObject({ text: 'b', x: -1, y: 1 })
    expect(others).toEqual([])
  })

  test('selected ones are marked', () => {
    expect([...marksOf(4, Int32Array.of(1, 3))]).toEqual([0, 1, 0, 1])
  })
})

describe('selections', () => {
  test('grow and shrink in order, and count their labels', () => {
    expect([...toggled(Int32Array.of(1, 5), 3)]).toEqual([1, 3, 5])
    expect([...toggled(Int32Array.of(1, 3, 5), 3)]).toEqual([1, 5])
    expect(labelCounts(map, [0, 2, 3])).toEqual([
      { label: 0, count: 2 },
      { label: 1, count: 1 },
    ])
  })

  test('quantiles', () => {
    expect(quantile(Float32Array.of(3, 1, 2), 0.5)).toBe(2)
    expect(quantile(new Float32Array(), 0.5)).toBe(0)
  })
})

describe('rows of the table', () => {
  test('are in the order asked for, those that are visible', () => {
    const all = () => true
    expect([...ordered(map, all, { by: 'index', descending: false })]).toEqual([3, 1, 0, 2])
    expect([...ordered(map, all, { by: 'error', descending: true })]).toEqual([1, 3, 2, 0])
    expect([...ordered(map, (point) => point > 1, { by: 'label', descending: true })]).toEqual([
      3, 2,
    ])
  })
})
