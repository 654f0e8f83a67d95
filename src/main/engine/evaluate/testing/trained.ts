/** For tests only: small autoencoders with weights that a test chooses or a seed draws. */
import type { AutoencoderConfig } from '../../../../shared/training'
import { modelOf } from '../../models'
import type { State } from '../../runtime/program'
import { initialValues } from '../../networks/parameters'
import type { TrainedAutoencoder } from '../../models/openAutoencoder'

const network = {
  family: 'mlp' as const,
  layers: [] as number[],
  dense: 0,
  latent: 2,
  activation: 'tanh' as const,
  loss: 'cross-entropy' as const,
  dropout: 0,
}

type Kind = AutoencoderConfig['kind']
const special: {
  [K in Kind]: Omit<Extract<AutoencoderConfig, { kind: K }>, keyof typeof network>
} = {
  autoencoder: { kind: 'autoencoder' },
  sparse: { kind: 'sparse', penalty: 'kl', target: 0.05, weight: 1 },
  contractive: { kind: 'contractive', weight: 0.1 },
  denoising: { kind: 'denoising', corruption: { kind: 'gaussian', sigma: 127.5 } },
  variational: { kind: 'variational', beta: 1, betaWarmUp: 0 },
}

/** The configuration of a kind: dense, two code values, nothing between image and code unless `changes` say so. */
export const configOf = (kind: Kind, changes: Record<string, unknown> = {}): AutoencoderConfig => ({
  ...network,
  ...special[kind],
  ...changes,
})

/** An autoencoder for images of 2 × 3. `weights` replace what the seed draws. */
export function trained(
  config: AutoencoderConfig,
  weights: Record<string, readonly number[]> = {},
  shape: TrainedAutoencoder['shape'] = { height: 2, width: 3, channels: 1 },
): TrainedAutoencoder {
  const state: State = initialValues(modelOf(config, shape).parameters, 7)
  for (const [name, values] of Object.entries(weights)) {
    const known = state.get(name)
    if (known?.data.length !== values.length) throw new Error(`${name} has ${known?.data.length}`)
    state.set(name, { shape: known.shape, data: Float32Array.from(values) })
  }
  return { config, shape, weights: state }
}
