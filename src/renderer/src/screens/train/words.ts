/** Names of what a run is made of and how it stands, as the Train and Library screens say them. */
import { m } from '../../../../shared/messages/compiled/messages'
import type {
  AutoencoderConfig,
  DataSource,
  LibraryItem,
  RecipeName,
  RunConfig,
  RunState,
} from '../../../../shared/training'
import type { Noise } from '../../../../shared/types'
import { isAutoencoder } from '../../state/configEdits'
import { noiseName } from '../denoise/words'

export const kindWords: Record<LibraryItem['kind'], () => string> = {
  autoencoder: m.train_kind_autoencoder,
  sparse: m.train_kind_sparse,
  contractive: m.train_kind_contractive,
  denoising: m.train_kind_denoising,
  variational: m.train_kind_variational,
  'photo-denoiser': m.train_kind_photo,
  denoiser: m.library_kind_denoiser,
}

export const stateWords: Record<RunState, () => string> = {
  queued: m.train_state_queued,
  running: m.train_state_running,
  paused: m.train_state_paused,
  finished: m.train_state_finished,
  stopped: m.train_state_stopped,
  failed: m.train_state_failed,
}

export const recipeWords: Record<RecipeName, { name: () => string; text: () => string }> = {
  'mnist-autoencoder': {
    name: m.recipe_mnist_autoencoder,
    text: m.recipe_mnist_autoencoder_text,
  },
  'mnist-sparse': { name: m.recipe_mnist_sparse, text: m.recipe_mnist_sparse_text },
  'mnist-contractive': {
    name: m.recipe_mnist_contractive,
    text: m.recipe_mnist_contractive_text,
  },
  'mnist-denoising': { name: m.recipe_mnist_denoising, text: m.recipe_mnist_denoising_text },
  'mnist-vae': { name: m.recipe_mnist_vae, text: m.recipe_mnist_vae_text },
  'mnist-vae-2d': { name: m.recipe_mnist_vae_2d, text: m.recipe_mnist_vae_2d_text },
  'mnist-vae-binary': { name: m.recipe_mnist_vae_binary, text: m.recipe_mnist_vae_binary_text },
  'mnist-vae-2d-binary': {
    name: m.recipe_mnist_vae_2d_binary,
    text: m.recipe_mnist_vae_2d_binary_text,
  },
  'mnist-anomaly': { name: m.recipe_mnist_anomaly, text: m.recipe_mnist_anomaly_text },
  'mnist-missing': { name: m.recipe_mnist_missing, text: m.recipe_mnist_missing_text },
  'mnist-beta-vae': { name: m.recipe_mnist_beta_vae, text: m.recipe_mnist_beta_vae_text },
  'fashion-vae': { name: m.recipe_fashion_vae, text: m.recipe_fashion_vae_text },
  'folder-autoencoder': {
    name: m.recipe_folder_autoencoder,
    text: m.recipe_folder_autoencoder_text,
  },
  'folder-vae': { name: m.recipe_folder_vae, text: m.recipe_folder_vae_text },
  'folder-denoising': { name: m.recipe_folder_denoising, text: m.recipe_folder_denoising_text },
  'photo-denoiser': { name: m.recipe_photo_denoiser, text: m.recipe_photo_denoiser_text },
  'noisy-photos': { name: m.recipe_noisy_photos, text: m.recipe_noisy_photos_text },
}

export function dataName(source: DataSource): string {
  switch (source.kind) {
    case 'mnist':
      return m.train_data_mnist()
    case 'fashion-mnist':
      return m.train_data_fashion()
    case 'idx':
      return source.name || m.train_data_idx()
    case 'folder':
      return source.name || m.train_data_folder()
  }
}

/** `Denoising CNN 32`: the kind, the family, the size of the code. */
export function modelName({ model }: RunConfig): string {
  if (!isAutoencoder(model)) return `${kindWords[model.kind]()} ${model.widths.join('-')}`
  const kind = model.kind === 'variational' && model.beta !== 1 ? 'β-VAE' : kindWords[model.kind]()
  return `${kind} ${model.family.toUpperCase()} ${model.latent}`
}

export function lossName({ model }: RunConfig): string {
  if (!isAutoencoder(model))
    return model.supervision === 'clean' ? m.train_loss_absolute() : m.train_loss_squared()
  return model.loss === 'cross-entropy' ? m.train_loss_cross() : m.train_loss_squared()
}

type PhotoRun = Extract<RunConfig['model'], { kind: 'photo-denoiser' }>

export const supervisionWords: Record<PhotoRun['supervision'], () => string> = {
  clean: m.train_supervision_clean,
  neighbours: m.train_supervision_neighbours,
}

export const startWords: Record<PhotoRun['start'], () => string> = {
  random: m.train_start_random,
  bundled: m.train_start_bundled,
}

/** What the second part of a model's loss is called. */
export function penaltyName({ model }: RunConfig): string {
  switch (model.kind) {
    case 'variational':
      return m.train_chart_kl()
    case 'sparse':
      return m.train_chart_sparsity()
    case 'contractive':
      return m.train_chart_contraction()
    case 'photo-denoiser':
      return m.train_chart_consistency()
    case 'autoencoder':
    case 'denoising':
      return m.train_chart_penalty()
  }
}

/** `Gaussian · σ 127.5` */
export function corruptionName(noise: Noise): string {
  switch (noise.kind) {
    case 'gaussian':
    case 'speckle':
      return `${noiseName(noise.kind)} · σ ${noise.sigma}`
    case 'poisson':
      return `${noiseName(noise.kind)} · ${m.noise_amount_photons({ count: noise.photons })}`
    case 'salt-pepper':
    case 'masking':
      return `${noiseName(noise.kind)} · ${Number((noise.share * 100).toFixed(1))} %`
    case 'jpeg':
      return `${noiseName(noise.kind)} · ${noise.quality}`
    case 'mixed':
      return noise.parts.map(corruptionName).join(' + ')
  }
}

/** What is special about a kind of model, for a line of facts. */
export function specialName(model: RunConfig['model']): { name: string; value: string } | null {
  const special = (name: string, value: string) => ({ name, value })
  switch (model.kind) {
    case 'denoising':
      return special(m.train_field_corruption(), corruptionName(model.corruption))
    case 'variational':
      return special('β', String(model.beta))
    case 'sparse':
      return special(
        m.train_field_penalty(),
        model.penalty === 'kl'
          ? `KL · ρ ${model.target} · λ ${model.weight}`
          : `L1 · λ ${model.weight}`,
      )
    case 'contractive':
      return special(m.train_field_weight(), String(model.weight))
    case 'photo-denoiser':
      return model.supervision === 'clean'
        ? special(m.train_field_sigma(), `${model.sigma[0]}–${model.sigma[1]}`)
        : special(m.train_field_supervision(), supervisionWords.neighbours())
    case 'autoencoder':
      return null
  }
}

export const activations: readonly AutoencoderConfig['activation'][] = [
  'relu',
  'elu',
  'tanh',
  'sigmoid',
]
export const activationName = (activation: AutoencoderConfig['activation']): string =>
  ({ relu: 'ReLU', elu: 'ELU', tanh: 'tanh', sigmoid: 'sigmoid' })[activation]
