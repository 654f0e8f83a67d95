/**
 * A batch in two halves that run side by side. Where an op is too small to be shared among threads, two threads are
 * kept busy by two independent halves of the work instead: an MLP's step takes about 0.7 of its time.
 */
import { threads } from './environment'
import type { LossWithParts } from './adam'
import { tf, type Tensor } from './tensorflow'

/** A half of a batch: its first item and how many there are. */
export interface Half {
  index: number
  from: number
  count: number
}

/**
 * The halves of a batch, or the whole as one where it is odd, there is one thread, or its loss is no mean over the items.
 */
export function halvesOf(batch: number, separable = true): Half[] {
  if (!separable || threads < 2 || batch % 2 === 1) return [{ index: 0, from: 0, count: batch }]
  const count = batch / 2
  return [0, 1].map((index) => ({ index, from: index * count, count }))
}

/** The items of a half: a slice of the first axis. */
export function itemsOf(tensor: Tensor, { from, count }: Half): Tensor {
  return tensor.shape[0] === count ? tensor : tf.slice(tensor, from, count)
}

/** The mean of the halves' losses, and of each of their parts: the loss of the whole, where that is a mean over items. */
export function meanLoss(halves: readonly LossWithParts[]): LossWithParts {
  const mean = (tensors: Tensor[]): Tensor =>
    tensors.length === 1
      ? (tensors[0] as Tensor)
      : tf.mul(
          tensors.reduce((sum, each) => tf.add(sum, each)),
          1 / tensors.length,
        )
  const first = halves[0] as LossWithParts
  return {
    value: mean(halves.map(({ value }) => value)),
    parts: first.parts.map((_, k) => mean(halves.map(({ parts }) => parts[k] as Tensor))),
  }
}
