/**
 * Losses against a target that is taken as given: it has no gradient. Shapes of both must be equal.
 * Those that end in a scalar sum in one native pass and keep full-size tensors of ones out of the gradient.
 */
import { tf, type Tensor } from '../tensorflow'
import { op, product, reshape, shapeTensor, T, withGradient } from './operation'

/**
 * Above this many elements a sum of squares is the product of x as a row with x as a column: TensorFlow's own sum
 * would wake a second thread for it, which takes longer than the sum.
 */
const LARGE = 65_536

/** Σx², a scalar, without the squares in between. */
function sumOfSquares(x: Tensor): Tensor {
  if (x.size <= LARGE) return tf.mul(op('L2Loss', [T], x), 2)
  const row = op('Reshape', reshape, x, shapeTensor([1, -1]))
  return op('Reshape', reshape, product(row, row, false, true), shapeTensor([]))
}

/** Σx² over all elements, a scalar, with the gradient 2x·dy. */
export function squaredNorm(x: Tensor): Tensor {
  return withGradient(
    [x],
    (save) => {
      save([x])
      return sumOfSquares(x)
    },
    (dy, saved) => [tf.mul(saved[0] as Tensor, tf.mul(dy, 2))],
  )
}

function squaredDifference(a: Tensor, target: Tensor, factor: number): Tensor {
  return withGradient(
    [a],
    (save) => {
      const difference = tf.sub(a, target)
      save([difference])
      return tf.mul(sumOfSquares(difference), factor)
    },
    (dy, saved) => [tf.mul(saved[0] as Tensor, tf.mul(dy, 2 * factor))],
  )
}

/** Σ(a − target)² over all elements, a scalar. */
export function sumSquaredError(a: Tensor, target: Tensor): Tensor {
  return squaredDifference(a, target, 1)
}

/** The mean of (a − target)² over all elements, a scalar. */
export function meanSquaredError(a: Tensor, target: Tensor): Tensor {
  return squaredDifference(a, target, 1 / a.size)
}

/** The mean of |a − target| over all elements, a scalar. Its gradient with regard to a is sign(a − target)/n. */
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

// −z·log σ(x) − (1 − z)·log(1 − σ(x)) = log(1 + eˣ) − x·z, which no x overflows
const crossEntropies = (logits: Tensor, targets: Tensor): Tensor =>
  tf.sub(op('Softplus', [T], logits), tf.mul(logits, targets))
const crossEntropyGradient = (logits: Tensor, targets: Tensor): Tensor =>
  tf.sub(op('Sigmoid', [T], logits), targets)

/**
 * Binary cross-entropy of each element in nats, from logits x and targets z in [0, 1]: log(1 + eˣ) − x·z, exact to
 * float32's rounding of |x|. The gradient is (σ(x) − z)·dy.
 */
export function sigmoidCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return withGradient(
    [logits],
    (save) => {
      save([logits, targets])
      return crossEntropies(logits, targets)
    },
    (dy, saved) => [tf.mul(crossEntropyGradient(saved[0] as Tensor, saved[1] as Tensor), dy)],
  )
}

/** The sum of {@link sigmoidCrossEntropy} over all elements, a scalar. */
export function sumSigmoidCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return withGradient(
    [logits],
    (save) => {
      save([logits, targets])
      return tf.sum(crossEntropies(logits, targets))
    },
    (dy, saved) => [tf.mul(crossEntropyGradient(saved[0] as Tensor, saved[1] as Tensor), dy)],
  )
}

/** log softmax(x) of each row of x [n, k], exact where the exponentials would overflow. */
export function logSoftmax(x: Tensor): Tensor {
  return withGradient(
    [x],
    (save) => {
      const logarithms = op('LogSoftmax', [T], x)
      save([logarithms])
      return logarithms
    },
    (dy, saved) => {
      const probabilities = tf.exp(saved[0] as Tensor)
      return [tf.sub(dy, tf.mul(probabilities, tf.sum(dy, 1, true)))]
    },
  )
}

/**
 * Cross-entropy −Σⱼ tⱼ log softmax(x)ⱼ of each row in nats, [n], from logits x [n, k] and the shares t [n, k] that each
 * class has of a row: a one and zeros for a label.
 */
export function softmaxCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return tf.neg(tf.sum(tf.mul(logSoftmax(logits), targets), 1))
}
