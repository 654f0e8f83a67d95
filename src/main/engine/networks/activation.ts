/** Activations of hidden layers, and their derivatives. */
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'

export type Activation = 'relu' | 'elu' | 'tanh' | 'sigmoid'

/** φ(x), elementwise. */
export function activate(activation: Activation, x: Tensor): Tensor {
  return kernels[activation](x)
}

/**
 * φ′ where φ is `y`, elementwise: relu and elu by the sign of y (1 above zero; below it 0, or y + 1), tanh 1 − y²,
 * sigmoid y(1 − y). It has a gradient with regard to y where it depends on y smoothly.
 */
export function derivative(activation: Activation, y: Tensor): Tensor {
  switch (activation) {
    case 'relu':
      return tf.cast(tf.greater(kernels.stopGradient(y), 0), 'float32')
    case 'elu':
      return tf.add(tf.neg(kernels.relu(tf.neg(y))), 1)
    case 'tanh':
      return tf.sub(1, tf.square(y))
    case 'sigmoid':
      return tf.mul(y, tf.sub(1, y))
  }
}

/**
 * The standard deviation of initial weights with `inputs` and `outputs` connections a unit: √(2/inputs) before
 * rectifiers (He et al. 2015), √(2/(inputs + outputs)) otherwise (Glorot and Bengio 2010).
 */
export function initialDeviation(
  activation: Activation | null,
  inputs: number,
  outputs: number,
): number {
  const rectified = activation === 'relu' || activation === 'elu'
  return Math.sqrt(2 / (rectified ? inputs : inputs + outputs))
}
