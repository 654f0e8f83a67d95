/** A model with other data than its own: what the command line's `--data` names. */
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart } from '../../../shared/latent'
import type { DataSource } from '../../../shared/training'
import { openImageSet } from '../data/imageSet'
import { stopIfAborted, type ReadOptions } from '../data/reading'
import { imagesOf, partOf, sizeOf, type Codes, type Encoding, type Space } from './spaces'

const imagesAtOnce = 512

/**
 * The space with other images as its data, its codes calculated whenever they are asked for. The model's split into
 * training and validation images is made of the new ones.
 * @throws DarkroomError as `openImageSet`; `data-sizes-differ` where they are not of the model's size
 */
export async function onData(
  space: Space,
  data: DataSource,
  options: ReadOptions & { cache: string | null },
): Promise<Space> {
  if (JSON.stringify(data) === JSON.stringify(space.run.data)) return space
  const set = await openImageSet(data, options)
  const [expected, received] = [sizeOf(space.shape), sizeOf(set.card)]
  if (expected !== received) {
    const params = { file: set.card.name, expected, received }
    throw new DarkroomError('data-sizes-differ', `${space.name} is for ${expected}`, params)
  }
  const { latent } = space.config
  const codes = async (part: DataPart, { signal, onProgress }: Encoding = {}): Promise<Codes> => {
    const { count } = partOf(set, part)
    const found: Codes = { count, mean: new Float32Array(count * latent), logVariance: null }
    for (let at = 0; at < count; at += imagesAtOnce) {
      stopIfAborted(signal)
      const places = Array.from({ length: Math.min(imagesAtOnce, count - at) }, (_, i) => at + i)
      const { mean, logVariance } = space.autoencoder.encode(imagesOf(set, part, places))
      found.mean.set(mean, at * latent)
      if (logVariance) {
        found.logVariance ??= new Float32Array(count * latent)
        found.logVariance.set(logVariance, at * latent)
      }
      onProgress?.((at + places.length) / count)
      await setImmediate()
    }
    return found
  }
  return { ...space, run: { ...space.run, data }, set: () => Promise.resolve(set), codes }
}
