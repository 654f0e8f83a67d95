/** How well a linear code does on a run's data: the line that an autoencoder has to beat. */
import type { RunConfig } from '../../../shared/training'
import { openImageSet } from '../data/imageSet'
import { epochOrder, splitIndices } from '../data/split'
import { tf } from '../runtime/tensorflow'
import {
  centredChunks,
  principalComponents,
  type Components,
  type Rows,
} from './principalComponents'

/** Images that the components are fitted to, and their pixels together: 128 MiB of floats. */
const most = { images: 10_000, pixels: 2 ** 25 }
/** Larger codes than this of larger images would take minutes. */
const largestSize = 1024

/**
 * For each size k the mean over the validation images of ‖x − x'‖²/d, x' = m + WWᵀ(x − m) with the k leading
 * principal components W and the mean m of at most 10,000 training images (fewer where they are large, drawn with the
 * run's seed), pixels in [0, 1], d of them, x' not clipped. It is the least squared error of any linear code of k
 * numbers, but for the difference between training and validation images. Greys are taken as they are, whether or not
 * the run binarises them. Without validation images it is measured on the training images.
 *
 * With k components of all that there are (as many as pixels, or one less than images) more do not help: those sizes
 * have the error of the last one. Sizes above 1,024 are left out where that is less than all.
 * @param options `cache` as for {@link openImageSet}
 * @returns in the order of `sizes`
 * @throws DarkroomError of {@link openImageSet}; 'cancelled'
 */
export async function principalError(
  { config, sizes }: { config: RunConfig; sizes: readonly number[] },
  { cache, signal }: { cache: string | null; signal?: AbortSignal },
): Promise<{ size: number; mse: number }[]> {
  const { card, images } = await openImageSet(config.data, { cache, signal })
  const { seed } = config.training
  const split = splitIndices(card.images, config.validation, seed)
  const size = card.width * card.height * card.channels
  const fitted = Math.min(most.images, Math.max(2, Math.floor(most.pixels / size)))
  const training: Rows = {
    ...{ images, size },
    indices: epochOrder(split.training, seed, 0).slice(0, fitted),
  }
  const all = Math.min(size, training.indices.length)
  const wanted = sizes.filter((each) => each <= largestSize || all <= largestSize)
  const count = Math.min(all, Math.max(0, ...wanted))
  const measured = split.validation.length > 0 ? split.validation : split.training
  const components = await principalComponents(training, count, signal)
  try {
    const errors = await errorsOf(components, { images, size, indices: measured }, signal)
    return wanted.map((each) => ({ size: each, mse: errors[Math.min(each, count)] as number }))
  } finally {
    components.directions.dispose()
  }
}

/**
 * The mean squared error a pixel with the first 0, 1, … components: as the directions are orthonormal, each takes the
 * square of its own coordinate from ‖x − m‖².
 */
async function errorsOf(
  { mean, directions }: Components,
  rows: Rows,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const explained = new Float64Array(directions.shape[1] as number)
  let total = 0
  for await (const part of centredChunks(rows, mean, signal)) {
    const [squares, whole] = tf.tidy(() => [
      tf.sum(tf.square(tf.matMul(part, directions)), 0).dataSync(),
      tf.sum(tf.square(part)).dataSync(),
    ])
    part.dispose()
    squares?.forEach((value, i) => (explained[i] = (explained[i] as number) + value))
    total += whole?.[0] ?? 0
  }
  const pixels = rows.indices.length * rows.size
  const errors = [total / pixels]
  for (const value of explained)
    errors.push(Math.max(0, (errors.at(-1) as number) - value / pixels))
  return errors
}
