import { describe, expect, it } from 'vitest'
import { between, lerp, slerp } from './walk'

const [a, b] = [Float32Array.of(2, 0), Float32Array.of(0, 2)]
const length = (code: Float32Array): number => Math.hypot(...code)

describe('ways between two codes', () => {
  it('go straight', () => {
    expect([...lerp(a, b, 0.25)]).toEqual([1.5, 0.5])
    expect(between(a, b, 0.25, 'lerp').straight).toBe(false)
  })

  it('follow the arc at an even speed and keep the length', () => {
    const { code } = slerp(a, b, 1 / 3)
    expect(code[0]).toBeCloseTo(2 * Math.cos(Math.PI / 6), 5)
    expect(code[1]).toBeCloseTo(2 * Math.sin(Math.PI / 6), 5)
    for (const t of [0, 0.2, 0.5, 0.9, 1]) expect(length(slerp(a, b, t).code)).toBeCloseTo(2, 5)
  })

  it.each([
    ['point the same way', Float32Array.of(4, 0)],
    ['are nearly parallel', Float32Array.of(2, 1e-4)],
    ['are zero', Float32Array.of(0, 0)],
  ])('go straight where the codes %s', (_, to) => {
    const { code, straight } = slerp(a, to, 0.5)
    expect(straight).toBe(true)
    expect([...code]).toEqual([...lerp(a, to, 0.5)])
  })

  it('are refused where the codes are opposite', () => {
    expect(() => slerp(a, Float32Array.of(-3, 0), 0.5)).toThrow(
      expect.objectContaining({ code: 'anchors-opposite' }),
    )
    expect(between(a, Float32Array.of(-2, 0), 0.5, 'lerp').code[0]).toBe(0)
  })
})
