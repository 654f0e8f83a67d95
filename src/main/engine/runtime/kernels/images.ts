/** Images inside the graph: a data set of bytes that a batch is taken from, and its augmentation. No gradients. */
import { native, tf, type Tensor } from '../tensorflow'
import {
  boolAttribute,
  integerAttribute,
  op,
  shapeTensor,
  textAttribute,
  typeAttribute,
} from './operation'

const gather = [
  typeAttribute('Tparams', native.TF_UINT8),
  typeAttribute('Tindices', native.TF_INT32),
  typeAttribute('Taxis', native.TF_INT32),
  integerAttribute('batch_dims', 0),
]
const toFloat = [
  typeAttribute('SrcT', native.TF_UINT8),
  typeAttribute('DstT', native.TF_FLOAT),
  boolAttribute('Truncate', false),
]
const bilinear = [
  typeAttribute('dtype', native.TF_FLOAT),
  textAttribute('interpolation', 'BILINEAR'),
  textAttribute('fill_mode', 'CONSTANT'),
]

/**
 * The items of a byte variable at the given places, as float32 in [0, 1] (a byte / 255).
 * `bytes` [count, ...item] is what a traced function finds among its variables for a `ProgramBuilder.bytes`
 * (nothing but this function can read it), `indices` int32 [n], each in [0, count) → [n, ...item].
 * Only the batch is ever made float32; the data set is not copied.
 */
export function gatherBytes(bytes: Tensor, indices: Tensor): Tensor {
  return tf.tidy(() =>
    tf.mul(
      op('Cast', toFloat, op('GatherV2', gather, bytes, indices, tf.scalar(0, 'int32'))),
      1 / 255,
    ),
  )
}

/**
 * Each image warped by its own projective transform, bilinear.
 * images [n, height, width, channels], transforms [n, 8] = (a0, a1, a2, b0, b1, b2, c0, c1): the output at (x, y) is
 * the input at ((a0·x + a1·y + a2)/k, (b0·x + b1·y + b2)/k) with k = c0·x + c1·y + 1, in pixels; outside it is `fill`.
 */
export function projectiveTransform(images: Tensor, transforms: Tensor, fill = 0): Tensor {
  const [, height, width] = images.shape as [number, number, number, number]
  return tf.tidy(() =>
    op(
      'ImageProjectiveTransformV3',
      bilinear,
      images,
      transforms,
      shapeTensor([height, width]),
      tf.scalar(fill),
    ),
  )
}
