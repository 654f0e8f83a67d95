import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { boundRemoval, littleNoise } from './littleNoise'

const turn = (): Promise<void> => Promise.resolve()
const [width, height] = [60, 40]

const planesOf = (bits: 8 | 16, value: (index: number) => number): Planes => {
  const values = Array.from({ length: width * height }, (_, i) => value(i))
  const data = bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values)
  return { width, height, channels: 1, bits, alpha: null, data }
}
/** Root mean square of the difference on the 0–255 scale. */
const difference = (a: Planes, b: Planes): number => {
  let squares = 0
  for (let i = 0; i < a.data.length; i++)
    squares += ((a.data[i] as number) - (b.data[i] as number)) ** 2
  return (Math.sqrt(squares / a.data.length) / (a.bits === 8 ? 255 : 65535)) * 255
}

describe('boundRemoval', () => {
  it('leaves at most σ of difference, in proportion at every place', async () => {
    const input = planesOf(16, (i) => 20_000 + ((i * 7919) % 3000))
    const output = planesOf(16, (i) => 21_500 + (i % 50))
    const before = difference(input, output)
    const original = output.data.slice()
    expect(before).toBeGreaterThan(2)
    expect(await boundRemoval(input, output, 1.2, turn)).toBe(true)
    expect(difference(input, output)).toBeCloseTo(1.2, 3)
    for (const i of [0, 777, 2399]) {
      const from = input.data[i] as number
      const share = ((output.data[i] as number) - from) / ((original[i] as number) - from)
      expect(share).toBeCloseTo(1.2 / before, 2)
    }
  })

  it('leaves alone what removed no more than σ', async () => {
    const input = planesOf(8, (i) => 100 + (i % 2))
    const output = planesOf(8, () => 100)
    expect(await boundRemoval(input, output, 1, turn)).toBe(false)
    expect(output.data.every((value) => value === 100)).toBe(true)
  })

  it('leaves stronger noise to the network', async () => {
    const input = planesOf(8, (i) => 50 + (i % 100))
    const output = planesOf(8, () => 100)
    expect(await boundRemoval(input, output, littleNoise + 0.01, turn)).toBe(false)
    expect(output.data.every((value) => value === 100)).toBe(true)
  })

  it('is ended by what its turns throw', async () => {
    const input = planesOf(8, (i) => 50 + (i % 100))
    const stop = (): Promise<void> => Promise.reject(new Error('cancelled'))
    await expect(
      boundRemoval(
        input,
        planesOf(8, () => 100),
        1,
        stop,
      ),
    ).rejects.toThrow('cancelled')
  })
})
