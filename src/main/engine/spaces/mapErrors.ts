/** What a model makes of images, and how far that is from them. */
import type { DataPart } from '../../../shared/latent'
import type { Codes } from '../latent/encoding'
import type { Pace } from '../work/pace'
import { partOf, type Space } from './spaces'

/** Images that are decoded between two moments for other requests. */
const decodedAtOnce = 256

/** By the codes that they belong to: the same model and data give the same errors. */
const known = new WeakMap<Codes, Float32Array>()

/** Σ (x − x′)²/d of images and their reconstructions, pixels in 0–1. */
export function squaredErrors(images: ArrayLike<number>, made: Float32Array, size: number) {
  const errors = new Float32Array(made.length / size)
  for (let i = 0; i < errors.length; i++) {
    let sum = 0
    for (let k = i * size; k < (i + 1) * size; k++)
      sum += ((images[k] as number) - (made[k] as number)) ** 2
    errors[i] = sum / size
  }
  return errors
}

/**
 * The squared error per pixel of the reconstructions of the first images of a part, NaN for those not asked for: what is
 * known once is kept with the codes.
 * @throws DarkroomError `cancelled`, and as {@link Space.set}
 */
export async function reconstructionErrors(
  space: Space,
  part: DataPart,
  indices: Int32Array,
  { breathe, report }: Pace,
): Promise<Float32Array> {
  const [codes, set] = [await space.codes(part), await space.set()]
  const all = known.get(codes) ?? new Float32Array(codes.count).fill(NaN)
  known.set(codes, all)
  const { images } = partOf(set, part)
  const { latent } = space.config
  const { width, height, channels } = space.shape
  const size = width * height * channels
  const missing = indices.filter((index) => Number.isNaN(all[index]))
  for (let at = 0; at < missing.length; at += decodedAtOnce) {
    await breathe()
    const chunk = missing.subarray(at, at + decodedAtOnce)
    const rows = new Float32Array(chunk.length * latent)
    chunk.forEach((index, row) =>
      rows.set(codes.mean.subarray(index * latent, (index + 1) * latent), row * latent),
    )
    const made = space.autoencoder.decode(rows)
    chunk.forEach((index, row) => {
      let sum = 0
      for (let k = 0; k < size; k++) {
        const pixel = (images[index * size + k] as number) / 255
        sum += (pixel - (made[row * size + k] as number)) ** 2
      }
      all[index] = sum / size
    })
    report?.((at + chunk.length) / missing.length)
  }
  return Float32Array.from(indices, (index) => all[index] as number)
}
