/** A model with other data than its own: what the command line's `--data` names. */
import { DarkroomError } from '../../../shared/errors'
import type { DataSource } from '../../../shared/training'
import { openImageSet, type ImageSet } from '../data/imageSet'
import type { ReadOptions } from '../data/reading'
import { calculatedFrom } from './calculated'
import { sizeOf, type Space } from './spaces'

/**
 * The space with other images as its data, its codes and mixture calculated once. The model's split into
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
  const known = (): Promise<ImageSet> => Promise.resolve(set)
  const calculated = calculatedFrom(space.autoencoder, known)
  return { ...space, run: { ...space.run, data }, set: known, ...calculated }
}
