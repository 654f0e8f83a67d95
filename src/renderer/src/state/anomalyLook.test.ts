import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { AnomalyLook, imagesAside, imagesMilliseconds } from './anomalyLook.svelte'
import { FakeEngine } from './testing/fakeEngine'
import {
  anomalyCaseOf,
  anomalyRequest,
  imagesOf,
  reportOf,
  scoresOf,
  summary,
} from './testing/measures'

let engine: FakeEngine
const failed = vi.fn()
beforeEach(() => {
  vi.useFakeTimers()
  failed.mockReset()
  engine = new FakeEngine()
  engine.handlers = {
    'measure.scores': ({ case: which }) => scoresOf(100, 20, which === 0 ? 90 : 50),
    'measure.images': ({ indices }) => imagesOf(indices.length),
  }
})
afterEach(() => {
  vi.useRealTimers()
})
const rest = () => vi.advanceTimersByTimeAsync(imagesMilliseconds)

async function look() {
  const cases = [anomalyCaseOf('3', 94), anomalyCaseOf('5', 60)]
  const report = reportOf(summary('r', 1, anomalyRequest), { cases })
  const made = new AnomalyLook(report, { ask: engine.ask, failed })
  await rest()
  return made
}

test('begins at the report’s own threshold, with the images at it', async () => {
  const first = await look()
  expect(first.threshold).toBe(94)
  expect(first.confusion).toMatchObject({ passed: 95, falseAlarms: 5, missed: 5, found: 15 })
  expect(engine.of('measure.images')[0]?.indices).toHaveLength(2 * imagesAside)
  const { below, above } = first.images ?? {}
  expect([below?.[0]?.score, above?.[0]?.score]).toEqual([94, 95])
  expect(first.chosen).toBe(below?.[0]?.index)
})

test('counts follow the threshold at once, images once it rests', async () => {
  const dragged = await look()
  for (const threshold of [80, 70, 60]) dragged.setThreshold(threshold)
  expect(dragged.confusion).toMatchObject({ passed: 61, falseAlarms: 39, found: 20 })
  expect(dragged.fixedConfusion).toMatchObject({ passed: 95 })
  expect(engine.of('measure.images')).toHaveLength(1)
  await rest()
  expect(engine.of('measure.images')).toHaveLength(2)
  expect(dragged.images?.below[0]?.score).toBe(60)
  dragged.setThreshold(NaN)
  expect(dragged.threshold).toBe(60)
  dragged.reset()
  expect(dragged.threshold).toBe(94)
})

test('each case has its own threshold, and its scores are read once', async () => {
  const both = await look()
  both.setThreshold(10)
  await both.showCase(1)
  await rest()
  expect([both.threshold, both.of?.label]).toEqual([60, '5'])
  expect(both.images?.below[0]?.score).toBe(60)
  await both.showCase(0)
  await rest()
  expect(both.threshold).toBe(10)
  expect(engine.of('measure.scores').map(({ case: which }) => which)).toEqual([0, 1])
})

test('an answer for a threshold that has moved on is not shown', async () => {
  const moved = await look()
  let answer: (() => void) | undefined
  engine.handlers['measure.images'] = ({ indices }) =>
    new Promise((resolve) => (answer = () => resolve(imagesOf(indices.length))))
  moved.setThreshold(50)
  await rest()
  const late = answer
  engine.handlers['measure.images'] = ({ indices }) => imagesOf(indices.length)
  moved.setThreshold(20)
  await rest()
  late?.()
  await rest()
  expect(moved.images?.below[0]?.score).toBe(20)
})

test('where no image scores so much there are none above', async () => {
  const high = await look()
  high.setThreshold(1000)
  await rest()
  expect([high.images?.above, high.images?.below.length]).toEqual([[], imagesAside])
  expect(high.confusion).toMatchObject({ precision: null, recall: 0 })
})

test('what cannot be read is told, and asked for again', async () => {
  engine.handlers['measure.images'] = () => {
    throw new DarkroomError('data-missing', 'gone')
  }
  const failing = await look()
  expect(failed).toHaveBeenCalledTimes(1)
  expect(failing.images).toBeNull()
  engine.handlers['measure.images'] = ({ indices }) => imagesOf(indices.length)
  failing.setThreshold(93)
  await rest()
  expect(failing.images?.below[0]?.score).toBe(93)
})
