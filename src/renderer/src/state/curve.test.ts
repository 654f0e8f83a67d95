import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Curve } from './curve'
import { point } from './testing/runs'

const steps = (curve: Curve) => [...curve.columns.step]
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => point(from + index))

describe('a live curve', () => {
  test('points follow each other; a penalty that does not exist is no number', () => {
    const curve = Curve.of([point(1, 5), { ...point(2, 4), penalty: 3 }])
    expect(steps(curve)).toEqual([1, 2])
    expect([...curve.columns.loss]).toEqual([5, 4])
    expect([...curve.columns.penalty]).toEqual([NaN, 3])
  })

  test('steps that are made again after a crash replace what came after the checkpoint', () => {
    const curve = Curve.of(range(1, 10))
    curve.append([point(7, 1), point(8, 1)])
    expect(steps(curve)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(curve.columns.loss[6]).toBe(1)
  })

  test('the same points once more change nothing', () => {
    const curve = Curve.of(range(1, 10))
    curve.append(range(6, 10))
    expect(steps(curve)).toEqual(range(1, 10).map(({ step }) => step))
  })

  test('a history is extended by what events told beyond it', () => {
    const history = Curve.of([point(10), point(20)])
    history.extend(Curve.of([point(5), point(15), point(25), point(30)]))
    expect(steps(history)).toEqual([10, 20, 25, 30])
  })

  test('however many points: the whole length is kept, in order, within its arrays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (last) => {
        const curve = Curve.of(range(1, last))
        expect(curve.lastStep).toBe(last)
        expect(curve.length).toBeLessThanOrEqual(2048)
        expect(curve.length).toBeGreaterThan(Math.min(last, 1024) - 1)
        const found = steps(curve)
        expect(found.every((step, index) => index === 0 || step > (found[index - 1] ?? 0))).toBe(
          true,
        )
      }),
      { numRuns: 20 },
    )
  })

  test('joined points are the mean of both', () => {
    const curve = Curve.of(Array.from({ length: 2049 }, (_, index) => point(index + 1, index % 2)))
    expect(curve.columns.loss[0]).toBe(0.5)
    expect(curve.columns.step[0]).toBe(2)
  })
})
