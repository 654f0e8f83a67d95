import { expect, it } from 'vitest'
import { chooseNeighbours } from './neighbours'

it('takes two touching pixels of each 2 × 2, every ordered pair equally often, by seed and step alone', () => {
  const { first, second } = chooseNeighbours(2, 128, 128, 7, 3)
  const cells = 2 * 64 * 64
  expect([first.length, second.length]).toEqual([4 * cells, 4 * cells])
  const counts = new Map<string, number>()
  for (let cell = 0; cell < cells; cell++) {
    const [a, b] = [first, second].map((view) => [...view.subarray(4 * cell, 4 * cell + 4)])
    expect(a?.filter((value) => value === 1)).toEqual([1])
    expect(b?.filter((value) => value === 1)).toEqual([1])
    const pair = `${a?.indexOf(1)}${b?.indexOf(1)}`
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual(['01', '02', '10', '13', '20', '23', '31', '32'])
  // a binomial share of 1/8 of 8,192 has a deviation of 30
  for (const count of counts.values()) expect(Math.abs(count - cells / 8)).toBeLessThan(5 * 30)

  expect(chooseNeighbours(2, 128, 128, 7, 3).first).toEqual(first)
  expect(chooseNeighbours(2, 128, 128, 7, 4).first).not.toEqual(first)
})
