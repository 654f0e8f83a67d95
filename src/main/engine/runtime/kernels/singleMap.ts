/**
 * A convolution to one channel, by matrix products. TensorFlow's convolution computes sixteen channels and throws
 * fifteen away; here each tap of the kernel is one row of a product, and the rows are added, each shifted to its place.
 * Measured with 32 channels and 28 × 28 pixels: half the time forward, 0.4 of it for the gradients.
 */
import { native, tf, type Tensor } from '../tensorflow'
import {
  integerAttribute,
  op,
  product,
  reshape,
  shapeTensor,
  T,
  typeAttribute,
  withGradient,
} from './operation'

const slice = [T, typeAttribute('Index', native.TF_INT32)]
const pad = [T, typeAttribute('Tpaddings', native.TF_INT32)]

const reshaped = (x: Tensor, ...shape: number[]): Tensor =>
  op('Reshape', reshape, x, shapeTensor(shape))

/** Planes [n, batch, height, width] with a border of zeros around each. */
function bordered(planes: Tensor, border: number): Tensor {
  const sides = [0, 0, 0, 0, border, border, border, border]
  return op('Pad', pad, planes, tf.tensor2d(sides, [4, 2], 'int32'))
}

/** One plane of bordered ones, of the size without border, from the given corner: [1, batch, height, width]. */
const window = (planes: Tensor, plane: number, corner: [number, number], size: number[]): Tensor =>
  op('Slice', slice, planes, shapeTensor([plane, 0, ...corner]), shapeTensor([1, -1, ...size]))

/**
 * x [batch, height, width, in], filter [kernel, kernel, in, 1], kernel odd → [batch, height, width, 1], stride 1 and
 * padding 'same'. The batch axis may be free, the sides may not.
 */
export function convolveToOne(x: Tensor, filter: Tensor): Tensor {
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const kernel = filter.shape[0]
  const border = (kernel - 1) / 2
  const taps = kernel * kernel
  const places = Array.from({ length: taps }, (_, tap): [number, number] => [
    Math.floor(tap / kernel),
    tap % kernel,
  ])
  const size = [height, width]
  const count = integerAttribute('N', taps)
  return withGradient(
    [x, filter],
    (save) => {
      save([x, filter])
      const rows = product(reshaped(filter, taps, channels), reshaped(x, -1, channels), false, true)
      const planes = bordered(reshaped(rows, taps, -1, height, width), border)
      const shifted = places.map((corner, tap) => window(planes, tap, corner, size))
      return reshaped(op('AddN', [T, count], ...shifted), -1, height, width, 1)
    },
    (dy, saved) => {
      const [input, weights] = saved as [Tensor, Tensor]
      const plane = bordered(reshaped(dy, 1, -1, height, width), border)
      const shifted = places.map(([row, column]) =>
        reshaped(window(plane, 0, [2 * border - row, 2 * border - column], size), -1),
      )
      const rows = op('Pack', [T, count, integerAttribute('axis', 0)], ...shifted)
      const flat = reshaped(input, -1, channels)
      return [
        reshaped(
          product(rows, reshaped(weights, taps, channels), true, false),
          -1,
          height,
          width,
          channels,
        ),
        reshaped(product(rows, flat, false, false), kernel, kernel, channels, 1),
      ]
    },
  )
}
