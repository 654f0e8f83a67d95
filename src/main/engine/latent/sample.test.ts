import { describe, expect, it } from 'vitest'
import { choiceOf, fromPrior, normals } from './sample'

describe('codes drawn from the prior', () => {
  const drawn = Array.from({ length: 4000 }, (_, index) => normals(5, 7, index))
  const values = drawn.flatMap((each) => [...each])

  it('are standard normal, and independent of each other', () => {
    const mean = values.reduce((a, b) => a + b) / values.length
    const variance = values.reduce((a, b) => a + b * b, 0) / values.length
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
    const together = drawn.reduce((sum, each) => sum + (each[0] as number) * (each[1] as number), 0)
    expect(together / drawn.length).toBeCloseTo(0, 1)
    expect(new Set(values).size).toBeGreaterThan(0.999 * values.length)
  })

  it('are scaled by the temperature and told apart by seed and number', () => {
    const one = fromPrior(5, 7, 3, 1)
    expect([...fromPrior(5, 7, 3, 0.5)]).toEqual([...one].map((value) => value / 2))
    expect(fromPrior(5, 7, 3, 1)).toEqual(one)
    expect(fromPrior(5, 8, 3, 1)).not.toEqual(one)
    expect(fromPrior(5, 7, 4, 1)).not.toEqual(one)
  })

  it('leave the choice of a component uniform', () => {
    const choices = Array.from({ length: 4000 }, (_, index) => choiceOf(7, index))
    for (const share of [0.1, 0.5, 0.9])
      expect(choices.filter((choice) => choice < share).length / 4000).toBeCloseTo(share, 1)
  })
})
