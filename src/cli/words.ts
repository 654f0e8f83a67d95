/** Words for what the engine calls by a name. */
import { m } from '../shared/messages/compiled/messages'
import type { LibraryItem, RecipeName, RunState } from '../shared/training'

type Word = () => string

export const recipeTitles: Record<RecipeName, Word> = {
  'mnist-autoencoder': m.recipe_mnist_autoencoder,
  'mnist-sparse': m.recipe_mnist_sparse,
  'mnist-contractive': m.recipe_mnist_contractive,
  'mnist-denoising': m.recipe_mnist_denoising,
  'mnist-vae': m.recipe_mnist_vae,
  'mnist-vae-2d': m.recipe_mnist_vae_2d,
  'mnist-vae-binary': m.recipe_mnist_vae_binary,
  'mnist-vae-2d-binary': m.recipe_mnist_vae_2d_binary,
  'mnist-beta-vae': m.recipe_mnist_beta_vae,
  'mnist-anomaly': m.recipe_mnist_anomaly,
  'mnist-missing': m.recipe_mnist_missing,
  'fashion-vae': m.recipe_fashion_vae,
  'folder-autoencoder': m.recipe_folder_autoencoder,
  'folder-vae': m.recipe_folder_vae,
  'folder-denoising': m.recipe_folder_denoising,
  'photo-denoiser': m.recipe_photo_denoiser,
  'noisy-photos': m.recipe_noisy_photos,
}

export const kindWords: Record<LibraryItem['kind'], Word> = {
  autoencoder: m.train_kind_autoencoder,
  sparse: m.train_kind_sparse,
  contractive: m.train_kind_contractive,
  denoising: m.train_kind_denoising,
  variational: m.train_kind_variational,
  'photo-denoiser': m.train_kind_photo,
  denoiser: m.train_kind_photo,
}

export const stateWords: Record<RunState, Word> = {
  queued: m.train_state_queued,
  running: m.train_state_running,
  paused: m.train_state_paused,
  finished: m.train_state_finished,
  stopped: m.train_state_stopped,
  failed: m.train_state_failed,
}
