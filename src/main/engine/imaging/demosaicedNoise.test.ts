import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { readCells } from './cells'
import { demosaicedNoise } from './demosaicedNoise'
import { normals, picture, planesOf } from './testing/pictures'

const size = 256
const clean = picture(size, size, 3)

/** Red at even rows and columns, blue at odd ones, green between. */
const colourAt = (x: number, y: number): number => (x % 2) + (y % 2)

/** The picture through a mosaic with noise of σ, each missing value the mean of its nearest of that colour. */
function developed(values: Float64Array, sigma: number, seed: number): Float64Array {
  const next = normals(seed)
  const mosaic = Float64Array.from({ length: size * size }, (_, at) => {
    const colour = colourAt(at % size, Math.floor(at / size))
    return (values[3 * at + colour] as number) + sigma * next()
  })
  return values.map((_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size)]
    if (colourAt(x, y) === channel) return mosaic[y * size + x] as number
    let [sum, count] = [0, 0]
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [nearX, nearY] = [x + dx, y + dy]
        const inside = nearX >= 0 && nearY >= 0 && nearX < size && nearY < size
        if (!inside || colourAt(nearX, nearY) !== channel) continue
        sum += mosaic[nearY * size + nearX] as number
        count++
      }
    }
    return sum / count
  })
}

const read = (planes: Planes) => demosaicedNoise(planes, readCells(planes))
const colour = (values: ArrayLike<number>): Planes => planesOf(values, size, size, 3)

describe('demosaiced noise', () => {
  it.each([10, 16])('of σ %i reads as three quarters of what it does to the picture', (sigma) => {
    const [still, noisy] = [developed(clean, 0, 1), developed(clean, sigma, 1)]
    const squares = noisy.reduce((sum, value, i) => sum + (value - (still[i] as number)) ** 2, 0)
    const error = Math.sqrt(squares / noisy.length)
    const level = read(colour(noisy))
    expect((level?.sigma ?? NaN) / error).toBeGreaterThan(0.6)
    expect((level?.sigma ?? NaN) / error).toBeLessThan(0.95)
    const told = level?.readings.flatMap((one) => (one ? [Math.sqrt(one.variance)] : [])) ?? []
    expect(told.length).toBeGreaterThan(3)
    for (const one of told) expect(one / (level?.sigma ?? NaN)).toBeCloseTo(1, 0)
  })

  it('is not seen in a clean picture, before a mosaic and after', () => {
    expect(read(colour(clean))).toBeNull()
    // with the little grain that everything has: without any there is nothing to read
    const next = normals(7)
    const grainy = clean.map((value) => value + next())
    expect(read(colour(developed(grainy, 0, 1)))).toBeNull()
  })

  it.each([
    ['white, each channel its own', () => normals(2)],
    [
      'white, the same in all channels',
      () => {
        const next = normals(3)
        let [count, value] = [0, 0]
        return () => (count++ % 3 === 0 ? (value = next()) : value)
      },
    ],
  ])('is not seen where noise is %s', (_, generator) => {
    const next = generator()
    expect(read(colour(clean.map((value) => value + 12 * next())))).toBeNull()
  })

  it('is not seen in colours that change from place to place, nor in a grey picture', () => {
    const patches = clean.map((value, i) => {
      const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size)]
      const strength = ((x >> 5) + (y >> 5)) % 3
      return value + (channel === 1 ? 0 : 9 * strength * Math.sin(x * 0.9) * Math.cos(y * 0.8))
    })
    expect(read(colour(patches))).toBeNull()
    const grey = planesOf(picture(size, size, 1), size, size, 1)
    expect(read(grey)).toBeNull()
  })
})
