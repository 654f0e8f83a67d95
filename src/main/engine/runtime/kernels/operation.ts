/** What every kernel is made of: one native op, its attributes, and a gradient of one's own. */
import { backend, native, tf, type OpAttribute, type Tensor } from '../tensorflow'

export const typeAttribute = (name: string, value: number): OpAttribute => ({
  name,
  type: native.TF_ATTR_TYPE,
  value,
})
export const integerAttribute = (name: string, value: number | number[]): OpAttribute => ({
  name,
  type: native.TF_ATTR_INT,
  value,
})
export const textAttribute = (name: string, value: string): OpAttribute => ({
  name,
  type: native.TF_ATTR_STRING,
  value,
})
export const boolAttribute = (name: string, value: boolean): OpAttribute => ({
  name,
  type: native.TF_ATTR_BOOL,
  value,
})

/** The element type of most ops; inside a trace it follows the true type of the op's inputs. */
export const T = typeAttribute('T', native.TF_FLOAT)
export const NHWC = textAttribute('data_format', 'NHWC')

/** Runs one native op. tfjs records no gradient of it: for that, see {@link withGradient}. */
export const op = (name: string, attributes: OpAttribute[], ...inputs: Tensor[]): Tensor =>
  backend.executeSingleOutput(name, attributes, inputs)

/** A shape as the int32 vector that ops take. */
export const shapeTensor = (shape: readonly number[]): Tensor => tf.tensor1d([...shape], 'int32')

/** The attributes of `Reshape` by an int32 shape. */
export const reshape = [T, typeAttribute('Tshape', native.TF_INT32)]

/** a·b of matrices, either of them read as its transpose without being copied. */
export const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  op(
    'MatMul',
    [T, boolAttribute('transpose_a', transposeA), boolAttribute('transpose_b', transposeB)],
    a,
    b,
  )

/**
 * A custom gradient with the types that tfjs's own declaration loses. The gradient itself has none: second
 * derivatives through a kernel are silently missing, so write them out where a loss needs them.
 */
export function withGradient(
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
