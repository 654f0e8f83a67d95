/** Which images are for training and which for validation, and the order in which an epoch takes them. */
import { uniform, type Purpose } from './random'

export interface Split {
  training: Int32Array
  validation: Int32Array
}

/**
 * Divides images 0 … `count` − 1 at random: round(count · share) of them are for validation (at least one where the
 * share is above 0, and never all), the others for training. Both lists ascend. MNIST's 60,000 at 1/12 are 55,000
 * and 5,000. The same arguments give the same lists on every platform.
 * @param validationShare in [0, 1]
 * @param seed a whole number from 0 to 2³¹ − 1
 */
export function splitIndices(count: number, validationShare: number, seed: number): Split {
  const wanted = validationShare > 0 ? Math.max(1, Math.round(count * validationShare)) : 0
  const held = Math.min(wanted, Math.max(0, count - 1))
  const order = shuffle(
    Int32Array.from({ length: count }, (_, i) => i),
    seed,
    0,
    'split',
  )
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() }
}

/**
 * The given indices in the order of epoch `epoch`: each once, every order equally likely, the given list unchanged.
 * Depends on nothing but the arguments, so a run that was stopped goes on with the same batches.
 */
export const epochOrder = (indices: Int32Array, seed: number, epoch: number): Int32Array =>
  shuffle(indices.slice(), seed, epoch, 'order')

/** Fisher and Yates's shuffle, in place (Durstenfeld 1964). */
function shuffle(list: Int32Array, seed: number, step: number, purpose: Purpose): Int32Array {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(uniform(seed, step, purpose, last) * (last + 1))
    const value = list[last] as number
    list[last] = list[other] as number
    list[other] = value
  }
  return list
}
