/** Which items of the library have a latent space to look at, and how many numbers a code of theirs has. */
import type { LibraryItem } from '../../../shared/training'
import { isAutoencoder } from './configEdits'

/** Whether an item is an autoencoder that was trained for an epoch at least: one with a latent space to look at. */
export function isTrainedAutoencoder({ config, progress, bundled }: LibraryItem): boolean {
  if (!config || !isAutoencoder(config.model)) return false
  return bundled || progress === null || progress.best !== null || progress.epoch > 0
}

/** Numbers of a code; null for what is no autoencoder. */
export function latentOf(item: LibraryItem | null): number | null {
  const model = item?.config?.model
  return model && 'latent' in model ? model.latent : null
}
