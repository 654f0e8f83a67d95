import { describe, expect, it } from 'vitest'
import { epochOrder, splitIndices } from './split'

const ascending = (list: Int32Array): boolean =>
  list.every((value, i) => i === 0 || value > (list[i - 1] as number))

describe('splitIndices', () => {
  it("gives MNIST's 55,000 and 5,000, each image once", () => {
    const { training, validation } = splitIndices(60_000, 1 / 12, 1)
    expect([training.length, validation.length]).toEqual([55_000, 5_000])
    expect(ascending(training) && ascending(validation)).toBe(true)
    expect(new Set([...training, ...validation]).size).toBe(60_000)
  })

  it('draws evenly from everywhere', () => {
    const { validation } = splitIndices(60_000, 1 / 12, 7)
    const tenths = new Array<number>(10).fill(0)
    for (const index of validation) {
      const tenth = Math.floor(index / 6000)
      tenths[tenth] = (tenths[tenth] as number) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(90) // 4 deviations of 21
  })

  it('depends on the seed, and on nothing else', () => {
    const [a, b, other] = [1, 1, 2].map((seed) => splitIndices(1000, 0.2, seed))
    expect(a).toEqual(b)
    expect(a?.validation).not.toEqual(other?.validation)
    expect([...splitIndices(12, 0.25, 3).validation]).toMatchInlineSnapshot(`
      [
        2,
        6,
        10,
      ]
    `)
  })

  it('keeps at least one image for each part that is wanted', () => {
    const sizes = (count: number, share: number) => {
      const { training, validation } = splitIndices(count, share, 1)
      return [training.length, validation.length]
    }
    expect(sizes(5, 0.01)).toEqual([4, 1])
    expect(sizes(2, 0.5)).toEqual([1, 1])
    expect(sizes(5, 0)).toEqual([5, 0])
    expect(sizes(1, 0.5)).toEqual([1, 0])
    expect(sizes(0, 0.5)).toEqual([0, 0])
  })
})

describe('epochOrder', () => {
  const { training } = splitIndices(600, 0.1, 1)

  it('takes each index once, in another order each epoch, and leaves the list alone', () => {
    const before = training.slice()
    const orders = [0, 1, 2].map((epoch) => epochOrder(training, 1, epoch))
    expect(training).toEqual(before)
    for (const order of orders) expect(order.slice().sort()).toEqual(training)
    expect(orders[0]).not.toEqual(orders[1])
    expect(orders[1]).not.toEqual(orders[2])
    expect(epochOrder(training, 1, 2)).toEqual(orders[2])
    expect(epochOrder(training, 2, 2)).not.toEqual(orders[2])
  })

  it('puts every index everywhere equally often', () => {
    const list = Int32Array.of(0, 1, 2, 3)
    const counts = new Map<string, number>()
    for (let epoch = 0; epoch < 12_000; epoch++) {
      const order = epochOrder(list, 5, epoch).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100) // σ = 22
  })
})
