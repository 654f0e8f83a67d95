/** Which images of a data set a trained model is measured on: such that it was not trained on. */
import type { RunConfig } from '../../../shared/training'
import type { ImageSet } from '../data/imageSet'
import { splitIndices } from '../data/split'

/** `test` the set's test part, `validation` what the run held out, `all` every image of a set that has no parts. */
export type PartName = 'test' | 'validation' | 'all'

export interface MeasuredPart {
  part: PartName
  count: number
  /** [count, height, width, channels] bytes. */
  images: Uint8Array
}

/**
 * The part of a set to measure on: its test part. Where it has none, the validation images if the run was trained on
 * this very set, else all.
 * @param run the run's configuration and the hash of the data it was trained on, if that is known
 */
export function heldOutOf(
  { card, images, test }: ImageSet,
  run: { config: Pick<RunConfig, 'validation' | 'training'>; hash: string | null },
): MeasuredPart {
  if (card.test > 0) return { part: 'test', count: card.test, images: test.images }
  const { validation } = splitIndices(card.images, run.config.validation, run.config.training.seed)
  if (run.hash !== card.hash || validation.length === 0) {
    return { part: 'all', count: card.images, images }
  }
  const size = card.width * card.height * card.channels
  const held = new Uint8Array(validation.length * size)
  validation.forEach((index, i) => {
    held.set(images.subarray(index * size, (index + 1) * size), i * size)
  })
  return { part: 'validation', count: validation.length, images: held }
}
