import { expect, it } from 'vitest'
import { defaultLook } from '../../../shared/types'
import { linesOf, type InputOutcome } from './denoise'

it('a report says how deep a result is, and how deep its source was', () => {
  const outcome = {
    ...{ state: 'done', out: 'a.jpg', bytes: 9, bits: 8 },
    pages: [{ page: 1, pages: 1, fileBits: 32 }],
    results: [{ report: { sigma: 12 }, score: null }],
  } as unknown as InputOutcome
  expect(linesOf(outcome, defaultLook)).toEqual([
    { out: 'a.jpg', bytes: 9, bits: 8, fileBits: 32, look: defaultLook, sigma: 12 },
  ])
})
