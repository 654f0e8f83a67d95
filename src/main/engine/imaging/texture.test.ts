import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { renderRows } from './view'
import { normals, planesOf } from './testing/pictures'
import { findTexture, rowsOfTexture, textureOfView, type Texture } from './texture'

const [width, height] = [320, 240]
const level = 128

const flat = (values: (x: number, y: number) => number): Planes =>
  planesOf(
    Float64Array.from({ length: width * height }, (_, i) =>
      values(i % width, Math.floor(i / width)),
    ),
    width,
    height,
    1,
  )

/** σ 20, a value a pixel. */
function noise(seed: number, sigma = 20): Float64Array {
  const normal = normals(seed)
  return Float64Array.from({ length: width * height }, () => sigma * normal())
}

/** Averaged over (2r + 1)² pixels, as a denoiser that knows nothing would; also what makes noise correlated. */
function averaged(values: Float64Array, radius: number): Float64Array {
  const across = (from: Float64Array, step: number): Float64Array =>
    from.map((_, i) => {
      let sum = 0
      for (let k = -radius; k <= radius; k++) {
        sum += from[(i + k * step + from.length) % from.length] as number
      }
      return sum / (2 * radius + 1)
    })
  return across(across(values, 1), width)
}

const meanSquare = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2
  return sum / values.length
}
const inSteps = ({ data }: Texture): Float64Array => Float64Array.from(data, (value) => value / 257)

async function textureOf(input: Planes, denoised: Planes): Promise<Texture> {
  const texture = await findTexture(input, denoised)
  if (!texture) throw new Error('none was found')
  return texture
}

describe('of noise alone', () => {
  const white = noise(1)
  const correlated = averaged(noise(2, 50), 1)
  const growing = noise(3).map((value, i) => (value * ((i % width) + 40)) / width)
  it.each([
    ['white', white],
    ['correlated between pixels', correlated],
    ['that grows with brightness', growing],
  ])('%s, next to nothing comes back', async (_name, values) => {
    const base = (x: number): number => 40 + (170 * x) / width
    const input = flat((x, y) => base(x) + (values[y * width + x] as number))
    const left = averaged(values, 3)
    const denoised = flat((x, y) => base(x) + (left[y * width + x] as number))
    const texture = inSteps(await textureOf(input, denoised))
    expect(meanSquare(texture)).toBeLessThan(0.01 * meanSquare(values))
    // Noise after at texture 100 % is below 1.1 times that at 0 %.
    const after = left.map((value, i) => value + (texture[i] as number))
    expect(Math.sqrt(meanSquare(after) / meanSquare(left))).toBeLessThan(1.1)
  })
})

describe('of detail that went with the noise', () => {
  // On the right a woven pattern that the denoiser has taken away altogether.
  const woven = (x: number, y: number): number =>
    x < width / 2 ? 0 : 16 * Math.sin(1.1 * x + 0.4 * y) * Math.sin(0.7 * y)
  const grain = noise(4, 10)
  const input = flat((x, y) => level + woven(x, y) + (grain[y * width + x] as number))
  const denoised = flat(() => level)
  const right = (values: Float64Array): Float64Array => values.filter((_, i) => i % width > 180)
  const lost = Float64Array.from({ length: width * height }, (_, i) =>
    woven(i % width, Math.floor(i / width)),
  )

  it('more comes back than of the noise around it: the result is nearer to the truth', async () => {
    const found = inSteps(await textureOf(input, denoised))
    const missing = found.map((value, i) => (lost[i] as number) - value)
    expect(meanSquare(right(missing))).toBeLessThan(0.7 * meanSquare(right(lost)))
    const left = found.filter((_, i) => i % width < 140)
    expect(meanSquare(left)).toBeLessThan(0.02 * 10 ** 2)
  })

  it('the residual is left with less structure', async () => {
    const found = inSteps(await textureOf(input, denoised))
    const residual = Float64Array.from(input.data, (value) => value - level)
    const alike = (values: Float64Array): number =>
      right(values.map((value, i) => value * (lost[i] as number))).reduce((a, b) => a + b)
    const after = residual.map((value, i) => value - (found[i] as number))
    expect(Math.abs(alike(after))).toBeLessThan(0.85 * alike(residual))
  })

  it('colour and 16 bits tell the same luma', async () => {
    const deep = (planes: Planes): Planes => ({
      ...planes,
      channels: 3,
      bits: 16,
      data: Uint16Array.from({ length: 3 * width * height }, (_, i) => {
        return 257 * (planes.data[Math.floor(i / 3)] as number)
      }),
    })
    const grey = await textureOf(input, denoised)
    const colour = await textureOf(deep(input), deep(denoised))
    for (let i = 0; i < grey.data.length; i += 97) {
      expect(Math.abs((grey.data[i] as number) - (colour.data[i] as number))).toBeLessThanOrEqual(1)
    }
  })
})

it('has no seams where it is calculated in pieces', async () => {
  // More than one tile, and every hundred rows the same.
  const [wide, tall, period] = [1000, 700, 100]
  const normal = normals(5)
  const rows = Float64Array.from({ length: wide * period }, () => 128 + 20 * normal())
  const values = Float64Array.from({ length: wide * tall }, (_, i) => {
    const pattern = i % wide < 300 ? 30 * Math.sin(i % wide) : 0
    return (rows[i % rows.length] as number) + pattern * (Math.floor(i / wide) % 2)
  })
  const input = planesOf(values, wide, tall, 1)
  const denoised = { ...input, data: input.data.slice().fill(128) }
  const { data } = await textureOf(input, denoised)
  const at = (y: number): Int16Array => data.subarray(y * wide, (y + 60) * wide)
  expect(meanSquare(at(480))).toBeGreaterThan(0)
  // Rows on both sides of a seam beside rows that are the same, away from it.
  expect(meanSquare(at(480).map((value, i) => value - (at(380)[i] as number)))).toBeLessThan(2)
})

it.each([
  [1, 1],
  [1, 50],
  [9, 2],
])('a picture of %i × %i has one too', async (columns, lines) => {
  const values = (seed: number): Planes => {
    const normal = normals(seed)
    const data = Float64Array.from({ length: columns * lines }, () => 128 + 40 * normal())
    return planesOf(data, columns, lines, 1)
  }
  const { data } = await textureOf(values(6), values(7))
  expect(data).toHaveLength(columns * lines)
})

it('of a result that is the input is nothing', async () => {
  const input = flat((x, y) => (x * y) % 256)
  expect(meanSquare((await textureOf(input, input)).data)).toBe(0)
})

it('stops when it is no longer wanted', async () => {
  const input = flat(() => 9)
  expect(await findTexture(input, input, () => false)).toBeNull()
})

it('can be seen through a rendered view', () => {
  const texture = { width: 3, height: 1, data: Int16Array.of(257 * 5, 0, -257 * 100) }
  const view = renderRows(rowsOfTexture(texture), { x: 0, y: 0, width: 3, height: 1 }, 3, 1)
  expect(textureOfView(view, 3, 1)).toEqual(texture)
})
