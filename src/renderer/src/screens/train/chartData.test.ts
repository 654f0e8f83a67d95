import { expect, test } from 'vitest'
import { Curve } from '../../state/curve'
import { epoch, point } from '../../state/testing/runs'
import { comparedTable, lossTable } from './chartData'

test('points and epochs lie on one axis of epochs, in order, each at its step', () => {
  const curve = Curve.of([point(50, 8), point(100, 6), point(150, 4)])
  expect(lossTable(curve.columns, [epoch(1, 100), epoch(2, 200)], 100, 'loss', true)).toEqual([
    [0.5, 1, 1.5, 2],
    [8, 6, 4, null],
    [null, 10, null, 5],
    [null, 0.001, null, 0.001],
  ])
})

test('a part that does not exist, and on a logarithmic scale what is not above zero, is left out', () => {
  const curve = Curve.of([point(1, 0), point(2, 3)])
  expect(lossTable(curve.columns, [], 1, 'penalty', false)[1]).toEqual([null, null])
  expect(lossTable(curve.columns, [], 1, 'loss', true)[1]).toEqual([null, 3])
  expect(lossTable(curve.columns, [], 1, 'loss', false)[1]).toEqual([0, 3])
})

test('runs of different lengths are compared epoch by epoch; without validation by their training', () => {
  const unjudged = { ...epoch(1), validation: null, training: { ...epoch(1).training, loss: 7 } }
  expect(comparedTable([[epoch(1), epoch(2)], [unjudged], []], 'loss', false)).toEqual([
    [1, 2],
    [10, 5],
    [7, null],
    [null, null],
  ])
})
