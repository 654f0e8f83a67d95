/** Elementwise nonlinearities by TensorFlow's fused kernels, forward and backward. */
import type { Tensor } from '../tensorflow'
import { op, T, withGradient } from './operation'

/** An op whose gradient op needs dy and the op's own output, in the order that `inputs` puts them. */
const fromOutput =
  (forward: string, backward: string, inputs: (dy: Tensor, y: Tensor) => [Tensor, Tensor]) =>
  (x: Tensor): Tensor =>
    withGradient(
      [x],
      (save) => {
        const y = op(forward, [T], x)
        save([y])
        return y
      },
      (dy, [y]) => [op(backward, [T], ...inputs(dy, y as Tensor))],
    )

/** max(x, 0), elementwise; the gradient is dy where the output is positive. */
export const relu = fromOutput('Relu', 'ReluGrad', (dy, y) => [dy, y])

/** 1 / (1 + e^−x), elementwise; the gradient is dy · y(1 − y). */
export const sigmoid = fromOutput('Sigmoid', 'SigmoidGrad', (dy, y) => [y, dy])

/** tanh x, elementwise; the gradient is dy · (1 − y²). */
export const tanh = fromOutput('Tanh', 'TanhGrad', (dy, y) => [y, dy])

/** x where x > 0, else eˣ − 1, elementwise; the gradient is dy · (y + 1) where the output is negative. */
export const elu = fromOutput('Elu', 'EluGrad', (dy, y) => [dy, y])

/** log(1 + eˣ), elementwise; the gradient is dy / (1 + e^−x). */
export function softplus(x: Tensor): Tensor {
  return withGradient(
    [x],
    (save) => {
      save([x])
      return op('Softplus', [T], x)
    },
    (dy, saved) => [op('SoftplusGrad', [T], dy, saved[0] as Tensor)],
  )
}
