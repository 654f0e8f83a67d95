/** Corrupted images that a model's graph cannot make itself. */
import type { RunConfig } from '../../../shared/training'
import { corruptImages, type CorruptOptions } from '../data/corruptImages'
import type { ImageSet } from '../data/imageSet'
import { needsCorruptedImages } from '../models/denoising'

/**
 * The training images corrupted, [count, height, width, channels] of bytes; null for models that corrupt them in their
 * graph, or not at all.
 * @throws DarkroomError as {@link corruptImages}
 */
export async function corruptedImagesOf(
  { model, training }: RunConfig,
  { card, images }: Pick<ImageSet, 'card' | 'images'>,
  options: CorruptOptions = {},
): Promise<Uint8Array | null> {
  if (model.kind !== 'denoising' || !needsCorruptedImages(model)) return null
  const { width, height, channels } = card
  const shape = { count: card.images, width, height, channels }
  return corruptImages(images, shape, model.corruption, training.seed, options)
}
