/**
 * TensorFlow's own kernels with their gradients, where tfjs would compose slow ones: a bias as a broadcast
 * add, relu's gradient as step-and-multiply, a mean whose gradient is a full-size constant.
 * All images are NHWC float32. Each function works eagerly and inside a trace.
 */
import { BFLOAT16 } from './graphDefinition'
import { backend, native, tf, type OpAttribute, type Tensor } from './tensorflow'

const type = (name: string, value: number): OpAttribute => ({
  name,
  type: native.TF_ATTR_TYPE,
  value,
})
const integer = (name: string, value: number | number[]): OpAttribute => ({
  name,
  type: native.TF_ATTR_INT,
  value,
})
const text = (name: string, value: string): OpAttribute => ({
  name,
  type: native.TF_ATTR_STRING,
  value,
})
const bool = (name: string, value: boolean): OpAttribute => ({
  name,
  type: native.TF_ATTR_BOOL,
  value,
})

const T = type('T', native.TF_FLOAT)
const NHWC = text('data_format', 'NHWC')
const op = (name: string, attributes: OpAttribute[], ...inputs: Tensor[]): Tensor =>
  backend.executeSingleOutput(name, attributes, inputs)
const shapeTensor = (shape: readonly number[]): Tensor => tf.tensor1d([...shape], 'int32')

/** A custom gradient with the types that tfjs's own declaration loses. */
function withGradient(
  inputs: Tensor[],
  forward: (save: (tensors: Tensor[]) => void) => Tensor,
  backward: (dy: Tensor, saved: Tensor[]) => Tensor[],
): Tensor {
  const custom = tf.customGrad((...args) => {
    const save = args[args.length - 1] as unknown as (tensors: Tensor[]) => void
    return { value: forward(save), gradFunc: (dy, saved) => backward(dy, saved) }
  })
  return custom(...inputs)
}

/** x + b with b broadcast over all but the last axis. x [..., channels], b [channels]. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  return withGradient(
    [x, bias],
    () => op('BiasAdd', [T, NHWC], x, bias),
    (dy) => [dy, op('BiasAddGrad', [T, NHWC], dy)],
  )
}

/** max(x, 0), elementwise; the gradient is dy where the output is positive. */
export function relu(x: Tensor): Tensor {
  return withGradient(
    [x],
    (save) => {
      const y = op('Relu', [T], x)
      save([y])
      return y
    },
    (dy, [y]) => [op('ReluGrad', [T], dy, y as Tensor)],
  )
}

/** 1 / (1 + e^−x), elementwise; the gradient is dy · y(1 − y). */
export function sigmoid(x: Tensor): Tensor {
  return withGradient(
    [x],
    (save) => {
      const y = op('Sigmoid', [T], x)
      save([y])
      return y
    },
    (dy, [y]) => [op('SigmoidGrad', [T], y as Tensor, dy)],
  )
}

/** Options of {@link conv2d}. Padding is always 'same': output sides are the input's divided by `stride`, rounded up. */
export interface Conv2dOptions {
  stride?: number
}

function convolution(stride: number): OpAttribute[] {
  return [
    T,
    integer('strides', [1, stride, stride, 1]),
    text('padding', 'SAME'),
    NHWC,
    bool('use_cudnn_on_gpu', true),
    integer('dilations', [1, 1, 1, 1]),
  ]
}

/** Cross-correlation of x [batch, height, width, in] with filter [kernel, kernel, in, out], padding 'same'. */
export function conv2d(x: Tensor, filter: Tensor, { stride = 1 }: Conv2dOptions = {}): Tensor {
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
 */
export function conv2dTranspose(
  x: Tensor,
  filter: Tensor,
  { stride = 1 }: Conv2dOptions = {},
): Tensor {
  const [batch, height, width] = x.shape as [number, number, number, number]
  const shape = [batch, height * stride, width * stride, filter.shape[2] as number]
  const attributes = convolution(stride)
  return withGradient(
    [x, filter],
    (save) => {
      save([x, filter])
      return op('Conv2DBackpropInput', attributes, shapeTensor(shape), filter, x)
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

/** Pixel unshuffle: [b, h, w, c] → [b, h/size, w/size, c·size²]. Sides must be multiples of `size`. */
export function spaceToDepth(x: Tensor, size: number): Tensor {
  const attributes = [T, integer('block_size', size), NHWC]
  return withGradient(
    [x],
    () => op('SpaceToDepth', attributes, x),
    (dy) => [op('DepthToSpace', attributes, dy)],
  )
}

/** Pixel shuffle, the inverse of {@link spaceToDepth}. */
export function depthToSpace(x: Tensor, size: number): Tensor {
  const attributes = [T, integer('block_size', size), NHWC]
  return withGradient(
    [x],
    () => op('DepthToSpace', attributes, x),
    (dy) => [op('SpaceToDepth', attributes, dy)],
  )
}

/**
 * The mean of |a − b| over all elements, a scalar; shapes must be equal.
 * Its gradient with regard to a is sign(a − b)/n, and b is taken as given (no gradient): it is the target.
 */
export function meanAbsoluteError(a: Tensor, target: Tensor): Tensor {
  return withGradient(
    [a],
    (save) => {
      const difference = tf.sub(a, target)
      save([difference])
      return tf.mean(tf.abs(difference))
    },
    (dy, saved) => {
      const difference = saved[0] as Tensor
      return [tf.mul(tf.sign(difference), tf.div(dy, difference.size))]
    },
  )
}

/** The mean of (a − target)² over all elements, a scalar. As in {@link meanAbsoluteError}, the target has no gradient. */
export function meanSquaredError(a: Tensor, target: Tensor): Tensor {
  return withGradient(
    [a],
    (save) => {
      const difference = tf.sub(a, target)
      save([difference])
      return tf.mean(tf.square(difference))
    },
    (dy, saved) => {
      const difference = saved[0] as Tensor
      return [tf.mul(difference, tf.div(tf.mul(dy, 2), difference.size))]
    },
  )
}

function cast(x: Tensor, from: number, to: number): Tensor {
  return op('Cast', [type('SrcT', from), type('DstT', to), bool('Truncate', false)], x)
}

/**
 * x rounded to bfloat16 (8 bits of mantissa), inside a trace only: ops on it run in bfloat16 until
 * {@link toFloat32}. The gradient is rounded on its way back to float32 likewise.
 */
export function toBfloat16(x: Tensor): Tensor {
  return withGradient(
    [x],
    () => cast(x, native.TF_FLOAT, BFLOAT16),
    (dy) => [cast(dy, BFLOAT16, native.TF_FLOAT)],
  )
}

/** The inverse direction of {@link toBfloat16}. */
export function toFloat32(x: Tensor): Tensor {
  return withGradient(
    [x],
    () => cast(x, BFLOAT16, native.TF_FLOAT),
    (dy) => [cast(dy, native.TF_FLOAT, BFLOAT16)],
  )
}

const stateless = [
  type('dtype', native.TF_FLOAT),
  type('T', native.TF_INT32),
  type('Tseed', native.TF_INT32),
]

/**
 * Standard normal numbers of the given shape. `seed` is an int32 pair; the same pair gives the same numbers,
 * which makes a run repeatable and resumable without saving a generator's state (Salmon et al. 2011, Philox).
 */
export function statelessNormal(shape: readonly number[], seed: Tensor): Tensor {
  return op('StatelessRandomNormal', stateless, shapeTensor(shape), seed)
}
