import { describe, expect, it } from 'vitest'
import { createReport, formatBytes, formatDuration, reportFailure, SetupError } from './report.mjs'

describe('formatBytes and formatDuration', () => {
  it('read as people say them', () => {
    expect([98_768, 273_829_956, 1_100_000_000].map(formatBytes)).toEqual([
      '99 kB',
      '274 MB',
      '1.1 GB',
    ])
    expect([240, 12_400, 180_000].map(formatDuration)).toEqual(['0.2 s', '12 s', '3 min'])
  })
})

describe('createReport', () => {
  it('writes a line per step, with the time it took', () => {
    let text = ''
    let clock = 0
    const report = createReport(
      (more) => (text += more),
      () => clock,
    )
    const end = report.start('TensorFlow')
    clock = 4300
    end('unpacked, 854 MB')
    expect(text).toBe('TensorFlow        unpacked, 854 MB (4.3 s)\n')
  })
})

describe('reportFailure', () => {
  it('says what failed, why, and what helps', () => {
    let text = ''
    const status = reportFailure(
      new SetupError('the packages', 'the disk is full', 'Free some space.'),
      (more) => {
        text += more
      },
    )
    expect(status).toBe(1)
    expect(text).toBe(
      '\nStopped: the packages\n  why:  the disk is full\n  help: Free some space.\n',
    )
  })
})
