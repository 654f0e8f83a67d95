/**
 * What images cost a model that knows each pixel's mean alone and takes pixels for independent: log p(x) = Σⱼ xⱼ log pⱼ +
 * (1 − xⱼ) log(1 − pⱼ), a Bernoulli variable for each pixel (and channel). pⱼ = (Σᵢ xᵢⱼ + 1)/(n + 2), the mean of n training
 * images, smoothed (Laplace's rule) so that nothing is impossible. For grey values it is the negative cross-entropy.
 */
import type { Pace } from '../work/pace'

/** Values that are read between two moments for others. */
const valuesAtOnce = 2 ** 22

/**
 * The mean log-likelihood of an image in nats; 0 at best.
 * @param training bytes of all images, `indices` those that pⱼ is taken from; `size` values each
 * @param images [count, size] bytes
 * @throws DarkroomError `cancelled`
 */
export async function independentPixels(
  training: { images: Uint8Array; indices: Int32Array },
  images: Uint8Array,
  size: number,
  { breathe }: Pace,
): Promise<number> {
  const { indices } = training
  const likely = await sumsOf(training.images, indices, size, breathe)
  const count = images.length / size
  const every = Int32Array.from({ length: count }, (_, i) => i)
  const shown = await sumsOf(images, every, size, breathe)
  let total = 0
  for (let j = 0; j < size; j++) {
    const p = ((likely[j] as number) + 1) / (indices.length + 2)
    const ones = shown[j] as number
    total += ones * Math.log(p) + (count - ones) * Math.log(1 - p)
  }
  return total / count
}

/** The sum of each value, as 0–1, over some images. */
async function sumsOf(
  images: Uint8Array,
  indices: Int32Array,
  size: number,
  breathe: Pace['breathe'],
): Promise<Float64Array> {
  const sums = new Float64Array(size)
  const imagesAtOnce = Math.max(1, Math.floor(valuesAtOnce / size))
  for (let at = 0; at < indices.length; at += imagesAtOnce) {
    for (const index of indices.subarray(at, at + imagesAtOnce)) {
      const from = index * size
      for (let j = 0; j < size; j++) sums[j] = (sums[j] as number) + (images[from + j] as number)
    }
    await breathe()
  }
  return sums.map((sum) => sum / 255)
}
