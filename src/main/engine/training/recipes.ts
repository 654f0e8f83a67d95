/**
 * Recipes: configurations that are known to work, by name. What they reach is in `bench/README.md` and on the cards of
 * the bundled models.
 */
import {
  noAugmentation,
  type AutoencoderConfig,
  type DataSource,
  type Recipe,
  type RecipeName,
  type RunConfig,
  type TrainingConfig,
} from '../../../shared/training'

/** MNIST's 5,000 of 60,000 (`principles.md`). */
const MNIST_VALIDATION = 1 / 12
const FOLDER_VALIDATION = 0.1

const training: TrainingConfig = {
  seed: 1,
  epochs: 20,
  batch: 128,
  rate: 1e-3,
  schedule: 'cosine',
  warmUp: 0.2,
  clipNorm: null,
  weightDecay: 0,
  patience: 10,
  precision: 'float32',
}

type Network = Omit<Extract<AutoencoderConfig, { kind: 'autoencoder' }>, 'kind'>

const convolutional: Network = {
  family: 'cnn',
  layers: [32, 64],
  dense: 256,
  latent: 32,
  activation: 'relu',
  loss: 'squared-error',
  dropout: 0,
}
const dense: Network = { ...convolutional, family: 'mlp', layers: [512], dense: 0 }
/** The network of Kingma and Welling's example, as PyTorch's own example has it. */
const classic: Network = {
  ...dense,
  layers: [400],
  latent: 20,
  loss: 'cross-entropy',
}
/** Two hidden layers a side, as in Burda et al. 2016. */
const deep: Network = { ...classic, layers: [500, 500] }

const folder: DataSource = {
  kind: 'folder',
  path: '',
  name: '',
  width: 64,
  height: 64,
  channels: 3,
  fit: 'crop',
}

const onMnist = (
  model: AutoencoderConfig,
  changes: Partial<TrainingConfig> = {},
  more: Partial<RunConfig> = {},
): RunConfig => ({
  data: { kind: 'mnist' },
  binarise: false,
  validation: MNIST_VALIDATION,
  augmentation: noAugmentation,
  model,
  training: { ...training, ...changes },
  ...more,
})

const onFolder = (
  model: RunConfig['model'],
  changes: Partial<TrainingConfig> = {},
  data: DataSource = folder,
): RunConfig => ({
  data,
  binarise: false,
  validation: FOLDER_VALIDATION,
  augmentation: { ...noAugmentation, flipHorizontal: model.kind !== 'photo-denoiser' },
  model,
  training: { ...training, epochs: 100, batch: 32, patience: 20, ...changes },
})

const forFolders: Network = { ...convolutional, layers: [32, 64, 128, 128], latent: 128 }

const configs: Record<RecipeName, RunConfig> = {
  'mnist-autoencoder': onMnist({ kind: 'autoencoder', ...convolutional }, { rate: 2e-3 }),
  'mnist-sparse': onMnist(
    { kind: 'sparse', ...dense, latent: 128, penalty: 'kl', target: 0.2, weight: 0.1 },
    { rate: 3e-3 },
  ),
  'mnist-contractive': onMnist({
    kind: 'contractive',
    ...dense,
    layers: [],
    latent: 256,
    weight: 0.1,
  }),
  'mnist-denoising': onMnist(
    {
      kind: 'denoising',
      ...convolutional,
      latent: 64,
      corruption: { kind: 'gaussian', sigma: 127.5 },
    },
    { rate: 2e-3 },
  ),
  'mnist-vae': onMnist(
    { kind: 'variational', ...classic, beta: 1, betaWarmUp: 0 },
    { epochs: 10, rate: 8e-3, warmUp: 0.5, patience: null },
  ),
  'mnist-vae-2d': onMnist({ kind: 'variational', ...deep, latent: 2, beta: 1, betaWarmUp: 1 }),
  'mnist-vae-binary': onMnist(
    { kind: 'variational', ...deep, beta: 1, betaWarmUp: 0 },
    { epochs: 60, patience: null },
    { binarise: true },
  ),
  'mnist-vae-2d-binary': onMnist(
    { kind: 'variational', ...deep, latent: 2, beta: 1, betaWarmUp: 0 },
    { epochs: 60, patience: null },
    { binarise: true },
  ),
  'mnist-beta-vae': onMnist({
    kind: 'variational',
    ...classic,
    latent: 10,
    beta: 4,
    betaWarmUp: 2,
  }),
  // for 'measure anomaly', by one digit: a denoiser does not learn to copy what it has never seen
  'mnist-anomaly': onMnist(
    {
      kind: 'denoising',
      ...dense,
      layers: [512, 512],
      latent: 64,
      corruption: { kind: 'gaussian', sigma: 127.5 },
    },
    { epochs: 60, rate: 2e-3 },
  ),
  // for 'measure anomaly', all but one digit: too narrow to copy what is none of the nine
  'mnist-missing': onMnist(
    { kind: 'autoencoder', ...dense, layers: [512, 512], latent: 10 },
    { epochs: 6, rate: 2e-3 },
  ),
  'fashion-vae': onMnist(
    { kind: 'variational', ...classic, beta: 1, betaWarmUp: 0 },
    {},
    { data: { kind: 'fashion-mnist' } },
  ),
  'folder-autoencoder': onFolder({ kind: 'autoencoder', ...forFolders }),
  'folder-vae': onFolder({
    kind: 'variational',
    ...forFolders,
    loss: 'cross-entropy',
    beta: 1,
    betaWarmUp: 5,
  }),
  'folder-denoising': onFolder({
    kind: 'denoising',
    ...forFolders,
    corruption: { kind: 'gaussian', sigma: 50 },
  }),
  'photo-denoiser': onFolder(
    {
      kind: 'photo-denoiser',
      channels: 3,
      widths: [32, 48, 64],
      blocks: 2,
      patch: 64,
      sigma: [0, 55],
      supervision: 'clean',
      start: 'random',
    },
    { epochs: 50, batch: 16, warmUp: 1, clipNorm: 1, patience: null },
  ),
  // patches of twice the side: the views of Neighbor2Neighbor have half of it; a low rate, since targets are noisy
  'noisy-photos': onFolder(
    {
      kind: 'photo-denoiser',
      channels: 3,
      widths: [48, 64, 96],
      blocks: 2,
      patch: 128,
      sigma: [0, 55],
      supervision: 'neighbours',
      start: 'bundled',
    },
    { epochs: 20, batch: 8, rate: 2e-5, warmUp: 0.1, clipNorm: 1, patience: 3 },
  ),
}

/** All recipes. A folder recipe's data has an empty path: the folder is the user's to choose. */
export const recipes: readonly Recipe[] = Object.entries(configs).map(([name, config]) => ({
  name: name as RecipeName,
  config,
}))

/** The configuration of a recipe. */
export const recipeOf = (name: RecipeName): RunConfig => configs[name]
