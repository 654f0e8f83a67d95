import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { psnr, qualityOf, ssim } from './quality'

/** Two pictures made of whole numbers, so that any language makes the same ones. */
function pair(width: number, height: number, channels: 1 | 3, spread: number): [Planes, Planes] {
  const length = width * height * channels
  const [a, b] = [new Uint8Array(length), new Uint8Array(length)]
  for (let i = 0; i < length; i++) {
    const channel = i % channels
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    const value = (x * 7 + y * 13 + channel * 40) % 256
    const change = ((x * x * 3 + y * y * 5 + x * y + channel * 11) % spread) - spread / 2
    a[i] = value
    b[i] = Math.min(255, Math.max(0, value + change))
  }
  const planes = (data: Uint8Array): Planes => ({
    width,
    height,
    channels,
    bits: 8,
    data,
    alpha: null,
  })
  return [planes(a), planes(b)]
}
const floats = ({ data }: Planes): Float32Array => Float32Array.from(data, (value) => value / 255)

// scikit-image 0.26: peak_signal_noise_ratio and structural_similarity(gaussian_weights=True, sigma=1.5,
// use_sample_covariance=False, data_range=1) of 0.299 R + 0.587 G + 0.114 B.
const known = [
  { picture: [40, 30, 1, 30], psnr: 29.659963521878055, ssim: 0.9584238376476665 },
  { picture: [40, 30, 3, 90], psnr: 20.30208184890498, ssim: 0.7823420464363458 },
  { picture: [11, 11, 1, 30], psnr: 29.85668361218359, ssim: 0.9492781994976459 },
  { picture: [64, 17, 3, 10], psnr: 39.21774574488892, ssim: 0.9964364976450834 },
] as const

describe.each(known)(
  'the picture $picture',
  ({ picture: [width, height, channels, spread], ...expected }) => {
    const [a, b] = pair(width, height, channels, spread)

    it('has the PSNR and SSIM of scikit-image, as floats', () => {
      expect(psnr(floats(a), floats(b))).toBeCloseTo(expected.psnr, 4)
      expect(ssim(floats(a), floats(b), width, height, channels)).toBeCloseTo(expected.ssim, 6)
    })

    it('has the same as planes', async () => {
      const quality = await qualityOf(a, b)
      expect(quality.psnr).toBeCloseTo(expected.psnr, 9)
      expect(quality.ssim).toBeCloseTo(expected.ssim, 9)
    })
  },
)

it('means the same at 16 bits', async () => {
  const [a, b] = pair(40, 30, 3, 90)
  const deep = (planes: Planes): Planes => ({
    ...planes,
    bits: 16,
    data: Uint16Array.from(planes.data, (value) => value * 257),
  })
  const [shallow, quality] = [await qualityOf(a, b), await qualityOf(deep(a), deep(b))]
  expect(quality.psnr).toBeCloseTo(shallow.psnr!, 9)
  expect(quality.ssim).toBeCloseTo(shallow.ssim, 9)
})

describe('equal pictures', () => {
  it('have no PSNR and an SSIM of 1', async () => {
    const [a] = pair(40, 30, 3, 90)
    expect(await qualityOf(a, a)).toEqual({ psnr: null, ssim: 1 })
    expect(psnr(floats(a), floats(a))).toBe(Infinity)
  })
})

it('the PSNR of a difference of one tenth everywhere is 20 dB', () => {
  expect(psnr(new Float32Array(9).fill(0.5), new Float32Array(9).fill(0.6))).toBeCloseTo(20, 5)
})

it('a picture smaller than the window gets a smaller one', async () => {
  const [a, b] = pair(5, 4, 1, 30)
  const { ssim: similar } = await qualityOf(a, b)
  expect(similar).toBeGreaterThan(0.5)
  expect(similar).toBeLessThan(1)
  const pixel = (value: number): Float32Array => Float32Array.of(value)
  // one pixel has no variance: what is left is the comparison of the means
  expect(ssim(pixel(0.2), pixel(0.4), 1, 1, 1)).toBeCloseTo((0.16 + 1e-4) / (0.2 + 1e-4), 6)
})

it('pictures of different sizes are refused', async () => {
  const [[a], [b]] = [pair(5, 4, 1, 30), pair(5, 5, 1, 30)]
  expect(() => psnr(floats(a), floats(b))).toThrow('Expected two pictures of the same size')
  await expect(qualityOf(a, b)).rejects.toThrow('Expected two pictures of the same size')
})

it('lets other work have its turn', async () => {
  const [a, b] = pair(900, 900, 3, 30)
  let others = 0
  const timer = setInterval(() => others++, 1)
  await qualityOf(a, b)
  clearInterval(timer)
  expect(others).toBeGreaterThan(0)
})
