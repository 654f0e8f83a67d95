import { describe, expect, it, vi } from 'vitest'
import { ActiveRuns } from './activeRuns'
import { itemIn } from './testing/libraryItems'

function setUp() {
  const changed = vi.fn()
  const ended = vi.fn()
  return { runs: new ActiveRuns({ changed, ended }), changed, ended }
}

const progress = (item: string, step: number) => ({
  item,
  progress: itemIn('running', item, step).progress as never,
  points: [],
  imagesPerSecond: null,
  secondsLeft: null,
  phase: 'train' as const,
})

describe('active runs', () => {
  it('are those at work and, after them, those that wait', () => {
    const { runs } = setUp()
    runs.heard(itemIn('queued', 'a'))
    runs.heard(itemIn('running', 'b', 25))
    runs.heard(itemIn('paused', 'c'))
    runs.heard(itemIn('finished', 'd'))
    expect(runs.all.map(({ item }) => item)).toEqual(['b', 'a'])
    expect(runs.all[0]).toEqual({ item: 'b', name: 'run b', state: 'running', share: 0.25 })
  })

  it('tell how far those at work are', () => {
    const { runs } = setUp()
    expect(runs.share).toBeNull()
    runs.heard(itemIn('queued', 'q'))
    expect(runs.share).toBeNull()
    runs.heard(itemIn('running', 'a', 10))
    runs.progressed(progress('a', 50))
    runs.progressed(progress('unknown', 99))
    expect(runs.share).toBe(0.5)
  })

  it.each(['finished', 'failed'] as const)('that are %s are told of, once', (state) => {
    const { runs, ended } = setUp()
    runs.heard(itemIn('running'))
    runs.heard(itemIn(state))
    runs.heard(itemIn(state))
    expect(ended.mock.calls).toEqual([[itemIn(state)]])
    expect(runs.all).toEqual([])
  })

  it.each(['paused', 'stopped'] as const)('that a person %s are no news', (state) => {
    const { runs, ended } = setUp()
    runs.heard(itemIn('running'))
    runs.heard(itemIn(state))
    expect(runs.all).toEqual([])
    expect(ended).not.toHaveBeenCalled()
  })

  it('are no news when nothing was known of them', () => {
    const { runs, changed, ended } = setUp()
    runs.heard(itemIn('finished'))
    expect(ended).not.toHaveBeenCalled()
    expect(changed).not.toHaveBeenCalled()
  })

  it('are looked up in a list: one that ended without a word is told of, others do not join', () => {
    const { runs, changed, ended } = setUp()
    for (const item of ['a', 'gone', 'b']) runs.heard(itemIn('running', item))
    changed.mockClear()
    runs.refresh([itemIn('finished', 'a'), itemIn('running', 'b', 50), itemIn('running', 'other')])
    expect(runs.all).toEqual([{ item: 'b', name: 'run b', state: 'running', share: 0.5 }])
    expect(ended.mock.calls).toEqual([[itemIn('finished', 'a')]])
    expect(changed).toHaveBeenCalledOnce()
  })

  it('are none once no engine is left', () => {
    const { runs, changed } = setUp()
    runs.heard(itemIn('running'))
    runs.clear()
    expect(runs.all).toEqual([])
    expect(changed).toHaveBeenCalledTimes(2)
  })
})
