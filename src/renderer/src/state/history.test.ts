import { expect, test } from 'vitest'
import { begin, mergeMilliseconds, record, redo, undo } from './history'

test('undo goes back step by step, redo forward again', () => {
  const two = record(record(begin('a'), 'b', 'model', 0), 'c', 'sigma', 1)
  const one = undo(two)
  expect(one.present).toBe('b')
  expect(undo(one).present).toBe('a')
  expect(redo(undo(one)).present).toBe('b')
  expect(redo(redo(undo(one))).present).toBe('c')
})

test('at its ends the timeline stays as it is', () => {
  const start = begin(1)
  expect(undo(start)).toBe(start)
  expect(redo(start)).toBe(start)
})

test('a drag is one step, a later change of the same field another', () => {
  let timeline = begin(0)
  timeline = record(timeline, 10, 'strength', 1000)
  timeline = record(timeline, 20, 'strength', 1000 + mergeMilliseconds - 1)
  timeline = record(timeline, 30, 'strength', 1000 + 3 * mergeMilliseconds)
  expect(timeline.past).toEqual([0, 20])
})

test('a change of another field in between is a step of its own', () => {
  let timeline = record(begin(0), 1, 'sigma', 0)
  timeline = record(timeline, 2, 'strength', 1)
  expect(timeline.past).toEqual([0, 1])
})

test('after an undo the next change starts a step and forgets what was undone', () => {
  const undone = undo(record(record(begin(0), 1, 'sigma', 0), 2, 'model', 1))
  const changed = record(undone, 9, 'sigma', 2)
  expect(changed.past).toEqual([0, 1])
  expect(redo(changed).present).toBe(9)
})

test('no more than two hundred steps are kept', () => {
  let timeline = begin(0)
  for (let step = 1; step <= 500; step++) timeline = record(timeline, step, `field ${step}`, step)
  expect(timeline.past).toHaveLength(200)
  expect(timeline.past[0]).toBe(300)
})
