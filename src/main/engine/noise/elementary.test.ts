import { describe, expect, it } from 'vitest'
import { exp, ln, normalOf, power } from './elementary'

describe('elementary functions', () => {
  it('agree with known values', () => {
    expect(ln(2)).toBeCloseTo(0.6931471805599453, 14)
    expect(ln(1e-10)).toBeCloseTo(-23.025850929940457, 13)
    expect(ln(1)).toBe(0)
    expect(exp(0)).toBe(1)
    expect(exp(1)).toBeCloseTo(2.718281828459045, 14)
    expect(exp(-20) / 2.061153622438558e-9).toBeCloseTo(1, 13)
    expect(power(0, 2.4)).toBe(0)
    expect(power(0.5, 2.4)).toBeCloseTo(0.18946457081379975, 14)
  })

  it('turn words into normal quantiles', () => {
    // scipy.stats.norm.ppf((word + 0.5) / 2**32)
    const known: [number, number][] = [
      [0, -6.337957],
      [2 ** 28, -1.534121],
      [2 ** 30, -0.67449],
      [2 ** 31, 0],
      [3 * 2 ** 30, 0.67449],
      [2 ** 32 - 1, 6.337957],
    ]
    for (const [word, quantile] of known) expect(normalOf(word)).toBeCloseTo(quantile, 5)
  })
})
