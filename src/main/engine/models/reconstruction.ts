/**
 * Reconstruction losses, from logits, summed over an image's pixels (nats for cross-entropy):
 * squared error ‖x − sigmoid(l)‖², cross-entropy −Σᵢ [xᵢ log x'ᵢ + (1 − xᵢ) log(1 − x'ᵢ)] with x' = sigmoid(l).
 */
import type { AutoencoderConfig } from '../../../shared/training'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'

type Loss = AutoencoderConfig['loss']

/** The mean over the batch, a scalar with a gradient: logits and target [batch, height, width, channels]. */
export function meanReconstruction(loss: Loss, logits: Tensor, target: Tensor): Tensor {
  const batch = logits.shape[0]
  const sum =
    loss === 'cross-entropy'
      ? kernels.sumSigmoidCrossEntropy(logits, target)
      : kernels.sumSquaredError(kernels.sigmoid(logits), target)
  return tf.mul(sum, 1 / batch)
}

/** One value per image, [batch], for measuring. The batch axis may be free. */
export function reconstructionPerImage(loss: Loss, logits: Tensor, target: Tensor): Tensor {
  const values =
    loss === 'cross-entropy'
      ? kernels.sigmoidCrossEntropy(logits, target)
      : tf.squaredDifference(kernels.sigmoid(logits), target)
  return tf.sum(values, [1, 2, 3])
}
