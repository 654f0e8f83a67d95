import { expect, it } from 'vitest'
import { blur } from './blur'
import { cameraNoise, coarseLevel, drawCamera, type Camera } from './camera'
import { gaussianField } from './gaussian'
import { compressBlocks } from './jpegBlocks'

const side = 96
const even = (value: number): Float32Array => new Float32Array(side * side * 3).fill(value)
const plain: Camera = {
  gain: 0.004,
  readout: 0,
  balance: [1, 1],
  saturation: 0,
  phase: [0, 0],
  lumaBlur: 0,
  chromaBlur: 0,
  blurred: 0,
  resized: 1,
  quality: null,
}
const green = (noise: Float32Array, parity: number): number => {
  let [squares, count] = [0, 0]
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++)
      if (((x + y) & 1) === parity) {
        squares += (noise[3 * (y * side + x) + 1] as number) ** 2
        count++
      }
  return squares / count
}

it('gives each site the variance gain · r in linear light, and a demosaiced place less', () => {
  const value = 0.6
  const noise = cameraNoise(even(value), side, side, plain, { seed: 1, part: 0 })
  // Behind √ the slope at r = value² is 1/(2 value): variance gain · r / (4 r).
  const expected = plain.gain / 4
  expect(Math.abs(green(noise, 1) / expected - 1)).toBeLessThan(0.1)
  expect(Math.abs(green(noise, 0) / (expected / 4) - 1)).toBeLessThan(0.12) // the mean of four
})

it('depends on the stream alone, and gives nothing without gain and readout', () => {
  const stream = { seed: 2, part: 1 }
  const once = cameraNoise(even(0.5), side, side, plain, stream)
  expect(cameraNoise(even(0.5), side, side, plain, stream)).toEqual(once)
  expect(cameraNoise(even(0.5), side, side, plain, { seed: 3, part: 1 })).not.toEqual(once)
  const none = cameraNoise(even(0.5), side, side, { ...plain, gain: 0 }, stream)
  expect(Math.max(...none.map(Math.abs))).toBeLessThan(1e-6)
})

it('gives weaker noise where the sensor’s picture was reduced, spread wider where it was enlarged', () => {
  const strength = (resized: number): number => {
    const noise = cameraNoise(even(0.5), side, side, { ...plain, resized }, { seed: 4, part: 0 })
    return Math.hypot(...noise) / Math.sqrt(noise.length)
  }
  const own = strength(1)
  // Four pixels and more, already alike from demosaicing, become one.
  expect(strength(2) / own).toBeGreaterThan(0.3)
  expect(strength(2) / own).toBeLessThan(0.7)
  const noise = cameraNoise(even(0.5), side, side, { ...plain, resized: 0.8 }, { seed: 4, part: 0 })
  const fresh = cameraNoise(even(0.5), side, side, plain, { seed: 4, part: 0 })
  const coarse = (of: Float32Array): number =>
    (coarseLevel(of, side, side) * Math.sqrt(of.length)) / Math.hypot(...of)
  expect(coarse(noise)).toBeGreaterThan(1.05 * coarse(fresh))
})

it('keeps the noisy picture in 0–1, with every camera that is drawn', () => {
  for (let camera = 0; camera < 8; camera++) {
    const drawn = drawCamera((index) => (0.37 * (camera + 1) * (index + 1)) % 1, 0.5)
    for (const value of [0.02, 0.98]) {
      const noise = cameraNoise(even(value), side, side, drawn, { seed: camera, part: 0 })
      const noisy = noise.map((each) => value + each)
      expect(Math.min(...noisy)).toBeGreaterThan(-1e-6)
      expect(Math.max(...noisy)).toBeLessThan(1 + 1e-6)
    }
  }
})

it('tells white noise by its σ, and correlated noise by more than its own', () => {
  const white = gaussianField(side * side * 3, 4)
  expect(Math.abs(coarseLevel(white, side, side) - 1)).toBeLessThan(0.05)
  const plane = blur(gaussianField(side * side, 5), side, side, 1)
  const smooth = Float32Array.from(white, (_, i) => plane[Math.floor(i / 3)] as number)
  const own = Math.sqrt(smooth.reduce((sum, value) => sum + value * value, 0) / smooth.length)
  expect(coarseLevel(smooth, side, side)).toBeGreaterThan(1.5 * own)
})

it('loses less the higher the quality of JPEG, and next to nothing of an even picture', () => {
  const picture = even(0.5).map((value, i) => value + 0.2 * Math.sin(i / 7))
  const loss = (quality: number): number => {
    const compressed = picture.slice()
    compressBlocks(compressed, side, side, quality)
    return Math.max(...compressed.map((value, i) => Math.abs(value - (picture[i] as number))))
  }
  expect(loss(100)).toBeLessThan(loss(80))
  expect(loss(80)).toBeLessThan(loss(30))
  const flat = even(128 / 255)
  compressBlocks(flat, side, side, 60)
  expect(Math.abs((flat[1000] as number) - 128 / 255)).toBeLessThan(2 / 255)
})
