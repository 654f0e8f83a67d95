import { describe, expect, it } from 'vitest'
import { judge, playwrightCounts, sum, summary, vitestCounts } from './counts.mjs'

describe('vitestCounts', () => {
  const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 }

  it('counts a file that cannot be loaded as a failure', () => {
    const testResults = [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ]
    expect(vitestCounts({ ...report, testResults })).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })
})

describe('playwrightCounts', () => {
  it('counts errors outside tests as failures', () => {
    const stats = { expected: 3, flaky: 1, unexpected: 2, skipped: 1 }
    expect(playwrightCounts({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 3, skipped: 1 })
    expect(playwrightCounts({ stats })).toEqual({ passed: 4, failed: 2, skipped: 1 })
  })
})

describe('judge', () => {
  it('passes on what a sound run counted', () => {
    expect(judge(0, { passed: 3, failed: 0, skipped: 1 })).toEqual({
      passed: 3,
      failed: 0,
      skipped: 1,
    })
    expect(judge(1, { passed: 3, failed: 2, skipped: 0 })).toEqual({
      passed: 3,
      failed: 2,
      skipped: 0,
    })
  })

  it('makes a failure of a crash, of a run of nothing, and of an unexplained status', () => {
    expect(judge(139, null).failed).toBe(1)
    expect(judge(0, { passed: 0, failed: 0, skipped: 4 })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 4,
    })
    expect(judge(1, { passed: 3, failed: 0, skipped: 0 })).toEqual({
      passed: 3,
      failed: 1,
      skipped: 0,
    })
  })
})

describe('summary', () => {
  it('is the sum of all parts, skipped ones only where there are some', () => {
    const parts = [
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 3, failed: 1, skipped: 0 },
    ]
    expect(summary(sum(parts))).toBe('5 passed, 1 failed')
    expect(summary(sum([...parts, { passed: 0, failed: 0, skipped: 1 }]))).toBe(
      '5 passed, 1 failed, 1 skipped',
    )
  })
})
