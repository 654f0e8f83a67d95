import { describe, expect, it, vi } from 'vitest'
import type { Emit } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import { Works } from './works'

const listener = () => {
  const emitted: [string, unknown][] = []
  const emit: Emit = (name, payload) => void emitted.push([name, payload])
  const outcomes = () =>
    emitted.filter(([name]) => name === 'work.finished').map(([, payload]) => payload)
  return { emit, emitted, outcomes }
}

describe('long work', () => {
  it('reports how far it is and how it ended', async () => {
    const works = new Works()
    const { emit, emitted } = listener()
    const job = works.start(async ({ report, breathe }) => {
      report('train', 0, '3')
      await breathe()
      report('train', 1, '3')
      return 'report 1'
    }, emit)
    await vi.waitFor(() => expect(emitted).toHaveLength(3))
    expect(emitted).toEqual([
      ['work.progress', { job, phase: 'train', share: 0, secondsLeft: null, detail: '3' }],
      ['work.progress', { job, phase: 'train', share: 1, secondsLeft: null, detail: '3' }],
      ['work.finished', { job, outcome: { state: 'done', report: 'report 1' } }],
    ])
  })

  it('takes its turn, and what was cancelled before never begins', async () => {
    const works = new Works()
    const { emit, outcomes } = listener()
    const order: number[] = []
    const first = works.start(async ({ breathe }) => {
      for (;;) await breathe()
    }, emit)
    const begun = vi.fn(() => Promise.resolve(null))
    const second = works.start(begun, emit)
    works.start(() => Promise.resolve(String(order.push(3))), emit)
    const [secondCancelled, firstCancelled] = [works.cancel(second), works.cancel(first)]
    expect(await Promise.all([secondCancelled, firstCancelled])).toEqual([true, true])
    await vi.waitFor(() => expect(outcomes()).toHaveLength(3))
    expect(begun).not.toHaveBeenCalled()
    expect(outcomes()).toMatchObject([
      { job: first, outcome: { state: 'cancelled' } },
      { job: second, outcome: { state: 'cancelled' } },
      { outcome: { state: 'done', report: '1' } },
    ])
    expect(await works.cancel(first)).toBe(false)
  })

  it('ends all with the engine', async () => {
    const works = new Works()
    const { emit, outcomes } = listener()
    works.start(async ({ breathe }) => {
      for (;;) await breathe()
    }, emit)
    await works.close()
    expect(outcomes()).toMatchObject([{ outcome: { state: 'cancelled' } }])
  })

  it('that a request waits for begins at once, is told of, and ends with its name or the engine', async () => {
    const works = new Works()
    const { emit, emitted, outcomes } = listener()
    const queued = works.start(async ({ breathe }) => {
      for (;;) await breathe()
    }, emit)
    const halfway = works.during('mine', ({ report }) => Promise.resolve(report('fit', 0.5)), emit)
    await halfway
    expect(emitted).toEqual([
      ['work.progress', { job: 'mine', phase: 'fit', share: 0.5, secondsLeft: null, detail: null }],
    ])
    const endless = (job: string) =>
      works.during(
        job,
        async ({ breathe }) => {
          for (;;) await breathe()
        },
        emit,
      )
    const [first, second] = [endless('first'), endless('second')]
    const cancelled = expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const ended = expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(await works.cancel('first')).toBe(true)
    await cancelled
    await works.close()
    await ended
    expect(outcomes()).toMatchObject([{ job: queued }]) // their own ends are answers
    expect(await works.cancel('second')).toBe(false)
  })

  it('tells why it failed', async () => {
    const works = new Works()
    const { emit, outcomes } = listener()
    works.start(() => Promise.reject(new DarkroomError('scores-equal', 'all the same')), emit)
    await vi.waitFor(() => expect(outcomes()).toHaveLength(1))
    expect(outcomes()).toMatchObject([
      { outcome: { state: 'failed', error: { code: 'scores-equal' } } },
    ])
  })
})
