/** The same values under another type, or cut off from the gradient. */
import { BFLOAT16 } from '../graphDefinition'
import { native, type Tensor } from '../tensorflow'
import { boolAttribute, op, T, typeAttribute, withGradient } from './operation'

function cast(x: Tensor, from: number, to: number): Tensor {
  return op(
    'Cast',
    [typeAttribute('SrcT', from), typeAttribute('DstT', to), boolAttribute('Truncate', false)],
    x,
  )
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

/** x as a constant: no gradient flows through it. */
export function stopGradient(x: Tensor): Tensor {
  return op('StopGradient', [T], x)
}
