import { describe, expect, it } from 'vitest'
import { normalShare, outlineOf } from './quantiles'

describe('the sheet of the manifold', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447461],
    [-1, 0.1586552539],
    [1.959963985, 0.975],
    [-3, 0.001349898],
    [9, 1],
  ])('has the share of the normal distribution below %d as its place', (x, share) => {
    expect(normalShare(x)).toBeCloseTo(share, 6)
  })

  it('has a circle of one deviation through the places of −1 and 1 on both axes', () => {
    const path = outlineOf({ x: 0, y: 0, width: 1, height: 1, colour: '' })
    const points = path
      .slice(1, -1)
      .split('L')
      .map((point) => point.split(' ').map(Number))
    const [first, quarter] = [points[0], points[points.length / 4]]
    expect(first?.[0]).toBeCloseTo(0.84134, 4)
    expect(first?.[1]).toBeCloseTo(0.5, 4)
    expect(quarter?.[0]).toBeCloseTo(0.5, 4)
    expect(quarter?.[1]).toBeCloseTo(0.15866, 4) // upwards, where y is small
  })
})
