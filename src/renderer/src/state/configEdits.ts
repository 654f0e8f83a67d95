/** Changes of a configuration that touch more than one value. */
import {
  modelKinds,
  type AutoencoderConfig,
  type DataSource,
  type ModelKind,
  type RunConfig,
} from '../../../shared/training'
import type { SimpleNoise } from '../../../shared/types'

export const isAutoencoder = (model: RunConfig['model']): model is AutoencoderConfig =>
  (modelKinds as readonly string[]).includes(model.kind)

/** The same network as another kind of model, with usual numbers where the kind has its own. */
export function withKind(config: RunConfig, kind: ModelKind): RunConfig {
  const { model } = config
  if (!isAutoencoder(model) || model.kind === kind) return config
  const { family, layers, dense, latent, activation, loss, dropout } = model
  const network = { family, layers, dense, latent, activation, loss, dropout }
  return { ...config, model: modelOf(kind, network) }
}

type Network = Omit<Extract<AutoencoderConfig, { kind: 'autoencoder' }>, 'kind'>

function modelOf(kind: ModelKind, network: Network): AutoencoderConfig {
  switch (kind) {
    case 'autoencoder':
      return { kind, ...network }
    case 'sparse':
      return { kind, ...network, penalty: 'kl', target: 0.05, weight: 1 }
    case 'contractive':
      return { kind, ...network, weight: 0.1 }
    case 'denoising':
      return { kind, ...network, corruption: corruptionOf('gaussian') }
    case 'variational':
      return { kind, ...network, beta: 1, betaWarmUp: 0 }
  }
}

/** The network as the other family, with usual layers: widths and channels are not the same kind of number. */
export function withFamily(config: RunConfig, family: 'mlp' | 'cnn'): RunConfig {
  const { model } = config
  if (!isAutoencoder(model) || model.family === family) return config
  const layers = family === 'mlp' ? [512] : [32, 64]
  return { ...config, model: { ...model, family, layers, dense: family === 'mlp' ? 0 : 512 } }
}

/** A corruption of that kind with an amount that is clearly seen on small images. */
export function corruptionOf(kind: SimpleNoise['kind']): SimpleNoise {
  switch (kind) {
    case 'gaussian':
      return { kind, sigma: 127.5 }
    case 'poisson':
      return { kind, photons: 4 }
    case 'salt-pepper':
      return { kind, share: 0.25 }
    case 'speckle':
      return { kind, sigma: 127.5 }
    case 'masking':
      return { kind, share: 0.5 }
    case 'jpeg':
      return { kind, quality: 5 }
  }
}

/** A folder that is still to be chosen. */
export const anyFolder = {
  kind: 'folder',
  path: '',
  name: '',
  width: 64,
  height: 64,
  channels: 3,
  fit: 'crop',
} as const satisfies DataSource

/** Another kind of data; a file or folder is chosen afterwards. */
export function sourceOf(kind: DataSource['kind']): DataSource {
  switch (kind) {
    case 'mnist':
    case 'fashion-mnist':
      return { kind }
    case 'idx':
      return { kind, path: '', name: '', labels: null }
    case 'folder':
      return anyFolder
  }
}

/** The data are known; a folder or file was chosen where one is needed. */
export const isChosen = (source: DataSource): boolean => !('path' in source) || source.path !== ''

/** A name that the list does not have: `mnist-vae`, `mnist-vae 2`, … */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.replace(/ \d+$/, '')
  const used = new Set(taken)
  if (!used.has(base)) return base
  for (let number = 2; ; number += 1) {
    const name = `${base} ${number}`
    if (!used.has(name)) return name
  }
}
