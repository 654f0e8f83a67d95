/**
 * Reconstruction losses, from logits, summed over an image's pixels (nats for cross-entropy):
 * squared error ‖x − sigmoid(l)‖², cross-entropy −Σᵢ [xᵢ log x'ᵢ + (1 − xᵢ) log(1 − x'ᵢ)] with x' = sigmoid(l).
 */
import type { AutoencoderConfig } from '../../../shared/training'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'
import type { Pass } from './model'

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

/** A training loss with its two parts, scalars. */
export interface LossParts {
  value: Tensor
  reconstruction: Tensor
  /** Without its weight. */
  penalty: Tensor | null
}

/** What is minimised: the mean reconstruction + weight · the mean penalty. */
export function lossOf(loss: Loss, pass: Pass, clean: Tensor, weight: Tensor | number): LossParts {
  const reconstruction = meanReconstruction(loss, pass.logits, clean)
  if (!pass.penalty) return { value: reconstruction, reconstruction, penalty: null }
  const penalty = pass.penalty.rank === 0 ? pass.penalty : tf.mean(pass.penalty)
  return { value: tf.add(reconstruction, tf.mul(penalty, weight)), reconstruction, penalty }
}

/** One value per image, [batch], for measuring. The batch axis may be free. */
export function reconstructionPerImage(loss: Loss, logits: Tensor, target: Tensor): Tensor {
  const values =
    loss === 'cross-entropy'
      ? kernels.sigmoidCrossEntropy(logits, target)
      : tf.squaredDifference(kernels.sigmoid(logits), target)
  return tf.sum(values, [1, 2, 3])
}
