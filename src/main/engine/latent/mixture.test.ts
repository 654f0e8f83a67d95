import { describe, expect, it } from 'vitest'
import { fitMixture, fromMixture } from './mixture'
import { momentsOf } from './moments'
import { normals } from './sample'

const breathe = () => Promise.resolve()

/** Two groups of 600: (−5, 0) with deviations (1, 0.2), and (5, 1) whose numbers go up together. */
const codes = Float32Array.from({ length: 2400 }, (_, i) => {
  const row = Math.floor(i / 2)
  const [x, y] = [...normals(2, 3, row)] as [number, number]
  const group = row % 2
  if (group === 0) return i % 2 === 0 ? -5 + x : 0.2 * y
  return i % 2 === 0 ? 5 + x : 1 + 0.9 * x + 0.1 * y
})

const correlation = (rows: Float32Array[]): number => {
  const mean = (k: number) => rows.reduce((sum, row) => sum + (row[k] as number), 0) / rows.length
  const [mx, my] = [mean(0), mean(1)]
  let [xy, xx, yy] = [0, 0, 0]
  for (const [x = 0, y = 0] of rows) {
    xy += (x - mx) * (y - my)
    xx += (x - mx) ** 2
    yy += (y - my) ** 2
  }
  return xy / Math.sqrt(xx * yy)
}

describe('a mixture of Gaussians', () => {
  it('draws codes like those it was fitted to, with their correlations', async () => {
    const mixture = await fitMixture(codes, 2, 1, { breathe })
    expect(mixture.components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
    const drawn = Array.from({ length: 4000 }, (_, i) => fromMixture(mixture, 5, i, 1))
    const [left, right] = [drawn.filter(([x = 0]) => x < 0), drawn.filter(([x = 0]) => x >= 0)]
    expect(left.length / 4000).toBeCloseTo(0.5, 1)
    expect(left.reduce((sum, [x = 0]) => sum + x, 0) / left.length).toBeCloseTo(-5, 0)
    expect(Math.abs(correlation(left))).toBeLessThan(0.15)
    expect(correlation(right)).toBeGreaterThan(0.95)
  })

  it('is better than one Gaussian, the same for a seed, and cold at temperature 0', async () => {
    const mixture = await fitMixture(codes, 2, 1, { breathe })
    const [x, y] = momentsOf(codes, 2, true)
    const variances = (x?.variance ?? 0) * (y?.variance ?? 0)
    const single = -(Math.log(2 * Math.PI) + 1 + 0.5 * Math.log(variances))
    expect(mixture.logLikelihood).toBeGreaterThan(single + 1)
    expect(await fitMixture(codes, 2, 1, { breathe })).toEqual(mixture)
    const cold = new Set(
      Array.from({ length: 200 }, (_, i) => fromMixture(mixture, 5, i, 0).join()),
    )
    expect(cold.size).toBeLessThanOrEqual(mixture.components.length)
  })

  it('takes diagonal covariances where there are many latents', async () => {
    const wide = Float32Array.from({ length: 50 * 80 }, (_, i) => Math.sin(i * 12.9898) * (i % 80))
    const mixture = await fitMixture(wide, 80, 1, { breathe })
    expect(mixture.full).toBe(false)
    expect(fromMixture(mixture, 0, 0, 1).every(Number.isFinite)).toBe(true)
  })
})
