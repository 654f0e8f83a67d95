import { describe, expect, it } from 'vitest'
import { tf, type Tensor } from '../runtime/tensorflow'
import {
  initialParameters,
  parameterCount,
  photoDenoiser,
  photoDenoiserConfig,
  photoDenoiserParameters,
  receptiveRadius,
  sideMultiple,
  type PhotoDenoiserConfig,
} from './photoDenoiser'

const config = (widths: number[], blocks: number, channels: 1 | 3 = 1): PhotoDenoiserConfig => ({
  network: 'photo-denoiser',
  channels,
  widths,
  blocks,
})

function denoise(of: PhotoDenoiserConfig, noisy: Tensor, sigma = 0.1, seed = 3): Tensor {
  return tf.tidy(() => {
    const parameters = Object.fromEntries(
      [...initialParameters(of, seed)].map(([name, { shape, data }]) => [
        name,
        tf.tensor(data, shape),
      ]),
    )
    const [batch, height, width] = noisy.shape as [number, number, number, number]
    return photoDenoiser(of, parameters, noisy, tf.fill([batch, height / 2, width / 2, 1], sigma))
  })
}

describe('the photo denoiser', () => {
  it('has as many parameters as its layers have weights', () => {
    // head 3·3·5·8 + 8, one block 2·3·3·8·8 + 8, tail 3·3·8·4 + 4
    expect(parameterCount(config([8], 1))).toBe(368 + 1160 + 292)
    const two = parameterCount(config([8, 16], 1))
    // a second block at the first scale, one at the second, 1×1 down from 32 and up to 32
    expect(two).toBe(368 + 2 * 1160 + (2 * 2304 + 16) + 32 * 16 + 16 * 32 + 292)
  })

  it('keeps the shape, in grey and in colour, at any size that is a multiple', () => {
    expect(denoise(config([8, 8, 8], 1), tf.zeros([2, 16, 24, 1])).shape).toEqual([2, 16, 24, 1])
    expect(denoise(config([8, 8], 1, 3), tf.zeros([1, 8, 4, 3])).shape).toEqual([1, 8, 4, 3])
    expect(sideMultiple(config([8, 8, 8], 1))).toBe(8)
  })

  it('returns its input when the last convolution is zero: it predicts the noise and subtracts it', () => {
    const of = config([8, 8], 1)
    const noisy = tf.randomUniform([1, 8, 8, 1])
    const output = tf.tidy(() => {
      const parameters = Object.fromEntries(
        [...initialParameters(of, 1)].map(([name, { shape, data }]) => [
          name,
          name.startsWith('tail') ? tf.zeros(shape) : tf.tensor(data, shape),
        ]),
      )
      return photoDenoiser(of, parameters, noisy, tf.fill([1, 4, 4, 1], 0.2))
    })
    expect([...output.dataSync()]).toEqual([...noisy.dataSync()])
  })

  it.each([
    [[8], 1],
    [[8], 3],
    [[8, 8], 1],
    [[6, 8, 10], 2],
  ])(
    'sees no farther than its receptive radius, and nearly that far (widths %j, %i blocks)',
    (widths, blocks) => {
      const of = config(widths, blocks)
      const radius = receptiveRadius(of)
      const multiple = sideMultiple(of)
      const side = Math.ceil((2 * radius + 4 * multiple) / multiple) * multiple
      const middle = side / 2
      const changed = tf.tidy(() => {
        const base = tf.zeros([1, side, side, 1])
        const impulse = tf
          .oneHot(tf.tensor1d([middle * side + middle], 'int32'), side * side)
          .toFloat()
          .mul(50)
          .reshape([1, side, side, 1])
        return tf.abs(tf.sub(denoise(of, base), denoise(of, impulse))).dataSync()
      })
      let farthest = 0
      changed.forEach((value, index) => {
        if (value === 0) return
        const distance = Math.max(
          Math.abs(Math.floor(index / side) - middle),
          Math.abs((index % side) - middle),
        )
        farthest = Math.max(farthest, distance)
      })
      expect(farthest).toBeLessThanOrEqual(radius)
      expect(farthest).toBeGreaterThan(radius / 2)
    },
  )

  it('starts from the seed alone', () => {
    const first = initialParameters(config([8], 1), 5)
    expect(initialParameters(config([8], 1), 5)).toEqual(first)
    expect(initialParameters(config([8], 1), 6)).not.toEqual(first)
    expect([...first.keys()]).toEqual([...photoDenoiserParameters(config([8], 1)).keys()])
  })

  it('has a strict configuration', () => {
    expect(photoDenoiserConfig.safeParse({ ...config([8], 1), module: '../evil' }).success).toBe(
      false,
    )
    expect(photoDenoiserConfig.safeParse(config([8], 0)).success).toBe(false)
    expect(photoDenoiserConfig.safeParse({ ...config([8], 1), widths: [1e9] }).success).toBe(false)
  })
})
