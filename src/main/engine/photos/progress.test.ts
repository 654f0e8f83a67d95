import { describe, expect, it } from 'vitest'
import type { Emit, EngineEvents } from '../../../shared/contract'
import { ProgressReporter, union } from './progress'

const step = (share: number, x: number): Parameters<ProgressReporter['report']>[0] => ({
  phase: 'exact',
  share,
  secondsLeft: null,
  region: { x, y: 0, width: 10, height: 10 },
})
function reporter(): {
  sent: EngineEvents['job.progress'][]
  clock: { now: number }
  to: ProgressReporter
} {
  const sent: EngineEvents['job.progress'][] = []
  const clock = { now: 0 }
  const emit = ((_name: string, payload: EngineEvents['job.progress']) =>
    sent.push(payload)) as unknown as Emit
  return { sent, clock, to: new ProgressReporter(emit, { job: 'j', photo: 'p' }, () => clock.now) }
}

describe('ProgressReporter', () => {
  it('sends at most twenty a second and loses no region', () => {
    const { sent, clock, to } = reporter()
    for (clock.now = 0; clock.now < 1000; clock.now += 10)
      to.report(step(clock.now / 1000, clock.now))
    to.flush()
    expect(sent.length).toBeLessThanOrEqual(21)
    expect(sent[0]?.share).toBe(0)
    expect(sent.at(-1)?.share).toBe(0.99)
    const covered = sent.reduce((sum, { region }) => sum + (region?.width ?? 0), 0)
    expect(covered).toBe(100 * 10)
  })

  it('has nothing to send twice', () => {
    const { sent, to } = reporter()
    to.report(step(1, 0))
    to.flush()
    to.flush()
    expect(sent).toEqual([{ job: 'j', photo: 'p', ...step(1, 0) }])
  })
})

it('union is the smallest region that holds both', () => {
  const a = { x: 5, y: 5, width: 10, height: 10 }
  expect(union(a, { x: 0, y: 8, width: 2, height: 20 })).toEqual({
    x: 0,
    y: 5,
    width: 15,
    height: 23,
  })
  expect(union(a, null)).toEqual(a)
  expect(union(null, null)).toBeNull()
})
