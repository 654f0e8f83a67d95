import { expect, test } from 'vitest'
import { ellipsesOf } from './ellipses'

test('posteriors lie where their codes do, as wide as they spread, above the prior', () => {
  const frame = { centre: [1, -1] as [number, number], factor: 2 }
  const posteriors = {
    means: Float32Array.of(3, 1),
    deviations: Float32Array.of(0.5, 1),
    labels: null,
  }
  const [one, two, three, own] = ellipsesOf(frame, posteriors, 'dark')
  expect(one).toMatchObject({ x: -0.5, y: 0.5, width: 0.5, height: 0.5 })
  expect([two?.width, three?.width]).toEqual([1, 1.5])
  expect(own).toMatchObject({ x: 1, y: 1, width: 0.25, height: 0.5 })
})
