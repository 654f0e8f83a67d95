import { describe, expect, it } from 'vitest'
import type { Planes } from '../codec'
import { residualCorrelation } from './residual'
import { picture, planesOf, withNoise } from './testing/pictures'

const side = 256

/** Average over the pixels at most `radius` away, across and down. */
function blurred(values: Float64Array, channels: 1 | 3, radius = 2): Float64Array {
  return values.map((_, i) => {
    const channel = i % channels
    const x = Math.floor(i / channels) % side
    const y = Math.floor(i / channels / side)
    let [sum, count] = [0, 0]
    for (let v = Math.max(0, y - radius); v <= Math.min(side - 1, y + radius); v++) {
      for (let u = Math.max(0, x - radius); u <= Math.min(side - 1, x + radius); u++) {
        sum += values[(v * side + u) * channels + channel]!
        count++
      }
    }
    return sum / count
  })
}

describe.each([1, 3] as const)('with %i channel(s)', (channels) => {
  const clean = picture(side, side, channels)
  const noisy = withNoise(clean, 15, 1)
  const planes = (values: Float64Array, bits: 8 | 16 = 8): Planes =>
    planesOf(values, side, side, channels, bits)

  it('a residual that is the noise is white and without structure', () => {
    const { correlation, structured } = residualCorrelation(planes(noisy), planes(clean))
    expect(correlation).toBeLessThan(0.03)
    expect(structured).toBe(false)
  })

  it('a blur takes edges away, at 8 bits and at 16', () => {
    for (const bits of [8, 16] as const) {
      const output = planes(blurred(noisy, channels), bits)
      expect(residualCorrelation(planes(noisy, bits), output).structured).toBe(true)
    }
  })

  it('noise that is correlated is no structure', () => {
    // coarse noise: the white noise of a picture, averaged over 3 × 3 pixels
    const noise = noisy.map((value, i) => value - clean[i]!)
    const coarse = blurred(noise, channels, 1).map((value, i) => 3 * value + clean[i]!)
    const { correlation, structured } = residualCorrelation(planes(coarse), planes(clean))
    expect(Math.abs(correlation - 2 / 3)).toBeLessThan(0.03) // windows of 3 share 2 of their columns
    expect(structured).toBe(false)
  })

  it('an output that is the input leaves nothing', () => {
    expect(residualCorrelation(planes(noisy), planes(noisy))).toEqual({
      correlation: 0,
      structured: false,
    })
  })
})

it('counts correlation by its size: stripes that alternate are fully correlated', () => {
  const stripes = Float64Array.from(
    { length: side * side },
    (_, i) => 128 + (i % 2 === 0 ? 10 : -10),
  )
  const even = new Float64Array(side * side).fill(128)
  const planes = [stripes, even].map((values) => planesOf(values, side, side, 1)) as [
    Planes,
    Planes,
  ]
  expect(residualCorrelation(...planes).correlation).toBeCloseTo(1, 10)
})

it('is not misled where clipping cut off the noise', () => {
  const clean = picture(side, side, 1).map((value, i) => (Math.floor(i / side) < 100 ? 0 : value))
  const noisy = withNoise(clean, 20, 2)
  const { correlation, structured } = residualCorrelation(
    planesOf(noisy, side, side, 1),
    planesOf(clean, side, side, 1),
  )
  expect(correlation).toBeLessThan(0.03)
  expect(structured).toBe(false)
})

it('says nothing of pictures too small for it', () => {
  const tiny = planesOf([1, 2, 3, 4], 2, 2, 1)
  const other = planesOf([9, 9, 9, 9], 2, 2, 1)
  expect(residualCorrelation(tiny, other)).toEqual({ correlation: 0, structured: false })
})
