import { describe, expect, it } from 'vitest'
import { psnr } from './sample.mjs'

describe('psnr', () => {
  it('compares the colours of pictures of different depths, without their alpha', () => {
    const a = { width: 1, height: 1, channels: 3, depth: 8, data: [255, 0, 51] }
    const b = { width: 1, height: 1, channels: 4, depth: 16, data: [65535, 6553.5, 13107, 99] }
    expect(psnr(a, b)).toBeCloseTo(-10 * Math.log10(0.01 / 3), 10)
  })

  it('refuses pictures of different sizes', () => {
    const a = { width: 1, height: 1, channels: 1, depth: 8, data: [0] }
    expect(() => psnr(a, { ...a, width: 2, data: [0, 0] })).toThrow('differ in size')
  })
})
