/** Linear maps and rearrangements: dense, convolution, transposed convolution, bias, reshape, pixel shuffle. */
import { native, tf, type OpAttribute, type Tensor } from '../tensorflow'
import {
  boolAttribute,
  integerAttribute,
  NHWC,
  op,
  product,
  reshape,
  shapeTensor,
  T,
  textAttribute,
  typeAttribute,
  withGradient,
} from './operation'
import { convolveToOne } from './singleMap'
import { isBfloat16 } from '../trace'

/** x + b with b broadcast over all but the last axis. x [..., channels], b [channels]. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  return withGradient(
    [x, bias],
    () => op('BiasAdd', [T, NHWC], x, bias),
    (dy) => [dy, op('BiasAddGrad', [T, NHWC], dy)],
  )
}

/** The matrix product of a [n, m] and b [m, k]. Both gradients read the matrices as they lie, with no transposed copy. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  return withGradient(
    [a, b],
    (save) => {
      save([a, b])
      return product(a, b, false, false)
    },
    (dy, saved) => {
      const [left, right] = saved as [Tensor, Tensor]
      return [product(dy, right, false, true), product(left, dy, true, false)]
    },
  )
}

/** x·w + b: x [batch, inputs], w [inputs, outputs], b [outputs]. TensorFlow fuses it with a relu that follows. */
export function dense(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
  return biasAdd(matMul(x, weights), bias)
}

/** Options of {@link conv2d}. Padding is always 'same': output sides are the input's divided by `stride`, rounded up. */
export interface Conv2dOptions {
  stride?: number
}

function convolution(stride: number): OpAttribute[] {
  return [
    T,
    integerAttribute('strides', [1, stride, stride, 1]),
    textAttribute('padding', 'SAME'),
    NHWC,
    boolAttribute('use_cudnn_on_gpu', true),
    integerAttribute('dilations', [1, 1, 1, 1]),
  ]
}

/**
 * Cross-correlation of x [batch, height, width, in] with filter [kernel, kernel, in, out], padding 'same'.
 * To one channel (in float32) it is computed by matrix products, which must know the sides: they may not be free then.
 */
export function conv2d(x: Tensor, filter: Tensor, { stride = 1 }: Conv2dOptions = {}): Tensor {
  const [kernel, , inputs, outputs] = filter.shape as [number, number, number, number]
  const single = outputs === 1 && stride === 1 && inputs >= 8 && kernel % 2 === 1
  if (single && !isBfloat16(x)) return convolveToOne(x, filter)
  const attributes = convolution(stride)
  return withGradient(
    [x, filter],
    (save) => {
      save([x, filter])
      return op('Conv2D', attributes, x, filter)
    },
    (dy, saved) => {
      const [input, weights] = saved as [Tensor, Tensor]
      return [
        op('Conv2DBackpropInput', attributes, shapeTensor(input.shape), weights, dy),
        op('Conv2DBackpropFilter', attributes, input, shapeTensor(weights.shape), dy),
      ]
    },
  )
}

/**
 * Transposed convolution: the gradient of {@link conv2d} with regard to its input.
 * x [batch, height, width, in], filter [kernel, kernel, out, in] → [batch, stride·height, stride·width, out].
 * The batch axis may be free: the native op is told the sides only and takes the batch from x.
 */
export function conv2dTranspose(
  x: Tensor,
  filter: Tensor,
  { stride = 1 }: Conv2dOptions = {},
): Tensor {
  const [, height, width] = x.shape as [number, number, number, number]
  const sides = [height * stride, width * stride]
  const attributes = convolution(stride)
  return withGradient(
    [x, filter],
    (save) => {
      save([x, filter])
      return op('Conv2DBackpropInput', attributes, shapeTensor(sides), filter, x)
    },
    (dy, saved) => {
      const [input, weights] = saved as [Tensor, Tensor]
      return [
        op('Conv2D', attributes, dy, weights),
        op('Conv2DBackpropFilter', attributes, dy, shapeTensor(weights.shape), input),
      ]
    },
  )
}

/**
 * Reshapes each item of a batch: x [batch, ...] → [batch, ...shape]. The batch axis may be free, which it may not
 * with `tf.reshape`: that bakes in the size it is traced with.
 */
export function reshapeItems(x: Tensor, shape: readonly number[]): Tensor {
  const items = x.shape.slice(1)
  return withGradient(
    [x],
    () => op('Reshape', reshape, x, shapeTensor([-1, ...shape])),
    (dy) => [op('Reshape', reshape, dy, shapeTensor([-1, ...items]))],
  )
}

/** Pixel unshuffle: [b, h, w, c] → [b, h/size, w/size, c·size²]. Sides must be multiples of `size`. */
export function spaceToDepth(x: Tensor, size: number): Tensor {
  const attributes = [T, integerAttribute('block_size', size), NHWC]
  return withGradient(
    [x],
    () => op('SpaceToDepth', attributes, x),
    (dy) => [op('DepthToSpace', attributes, dy)],
  )
}

/** Pixel shuffle, the inverse of {@link spaceToDepth}. */
export function depthToSpace(x: Tensor, size: number): Tensor {
  const attributes = [T, integerAttribute('block_size', size), NHWC]
  return withGradient(
    [x],
    () => op('DepthToSpace', attributes, x),
    (dy) => [op('SpaceToDepth', attributes, dy)],
  )
}

/**
 * The top left part of images: x [batch, h, w, channels] → [batch, height, width, channels]. The batch axis may be
 * free, which it may not with `tf.slice`.
 */
export function crop(x: Tensor, height: number, width: number): Tensor {
  const [, h, w, channels] = x.shape as [number, number, number, number]
  const slice = [T, typeAttribute('Index', native.TF_INT32)]
  const pad = [T, typeAttribute('Tpaddings', native.TF_INT32)]
  const paddings = [0, 0, 0, h - height, 0, w - width, 0, 0]
  return withGradient(
    [x],
    () =>
      op('Slice', slice, x, shapeTensor([0, 0, 0, 0]), shapeTensor([-1, height, width, channels])),
    (dy) => [op('Pad', pad, dy, tf.tensor2d(paddings, [4, 2], 'int32'))],
  )
}
