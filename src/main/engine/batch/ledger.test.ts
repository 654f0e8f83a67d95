import { describe, expect, it } from 'vitest'
import { Ledger } from './ledger'

const items = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path }))
const [a, b, c] = items as [{ path: string }, { path: string }, { path: string }]

describe('the ledger of a batch', () => {
  it('counts how inputs ended, and tells the time by those that were worked on', () => {
    const ledger = new Ledger(items)
    expect(ledger.secondsLeft()).toBe(null)
    ledger.end(a, { state: 'skipped', seconds: 0, lines: [{ out: 'x' }] })
    expect(ledger.secondsLeft()).toBe(null)
    ledger.end(b, { state: 'done', seconds: 4, lines: [{ out: 'y' }] })
    ledger.end(c, { state: 'failed', seconds: 0, lines: [{ error: 'damaged' }] })
    expect(ledger.totals).toMatchObject({ files: 5, done: 1, skipped: 1, failed: 1, left: 2 })
    expect(ledger.secondsLeft()).toBe(8)
    expect(ledger.secondsLeft(0.5)).toBe(6)
  })

  it('reports in the order of the inputs, a line for each page, and what was left', () => {
    const ledger = new Ledger(items.slice(0, 3))
    ledger.end(c, { state: 'failed', seconds: 0, lines: [{ error: 'damaged' }] })
    const lines = ledger.end(a, { state: 'done', seconds: 1, lines: [{ page: 1 }, { page: 2 }] })
    expect(lines).toEqual([
      { path: 'a', state: 'done', page: 1 },
      { path: 'a', state: 'done', page: 2 },
    ])
    expect(ledger.report.files).toEqual([
      ...lines,
      { path: 'b', state: 'left' },
      { path: 'c', state: 'failed', error: 'damaged' },
    ])
  })
})
