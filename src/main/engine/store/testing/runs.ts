/** For tests only: runs that tell whether they are whole, and which version they are. */
import type { RunConfig, RunState } from '../../../../shared/training'
import { noAugmentation } from '../../../../shared/training'
import type { Tensor } from '../container'
import type { RunFile } from '../runFile'

const config: RunConfig = {
  data: { kind: 'mnist' },
  binarise: false,
  validation: 1 / 12,
  augmentation: noAugmentation,
  model: {
    kind: 'autoencoder',
    family: 'mlp',
    layers: [8],
    dense: 0,
    latent: 2,
    activation: 'relu',
    loss: 'squared-error',
    dropout: 0,
  },
  training: {
    seed: 1,
    epochs: 10,
    batch: 128,
    rate: 1e-3,
    schedule: 'constant',
    warmUp: 0,
    clipNorm: null,
    weightDecay: 0,
    patience: null,
    precision: 'float32',
  },
}

const filled = (shape: number[], value: number): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
})

const losses = (value: number) => ({
  loss: value,
  reconstruction: value / 3,
  penalty: null,
  mse: value / 7,
})

export interface SampleOptions {
  name?: string
  version?: number
  state?: RunState
  /** Numbers of one weight matrix. */
  weights?: number
  created?: number
}

/** A run in its version `version`: every weight is that number. About 20 kB as a file, by default. */
export function sampleRun({
  name = 'sample',
  version = 1,
  state = 'paused',
  weights = 1024,
  created = 1_700_000_000_000,
}: SampleOptions = {}): RunFile {
  const shape = [weights / 8, 8]
  const names = ['best/w', 'last/w', 'last/w/adam/m', 'last/w/adam/v']
  const picture = [2, 4, 4, 1]
  return {
    config,
    card: {
      name,
      created,
      data: null,
      parameters: weights,
      measured: [{ what: 'mse', value: 0.01, unit: '' }],
      licence: 'CC0-1.0',
      command: 'npm run cli -- train',
      tensorflow: '2.9.1',
      threads: 2,
      group: null,
    },
    progress: {
      state,
      epoch: 2,
      epochs: 10,
      step: version,
      steps: 100,
      seconds: 1.5,
      best: { epoch: 1, loss: 0.1 },
      error: null,
    },
    history: {
      epochs: [1, 2].map((epoch) => ({
        epoch,
        step: epoch * 10,
        seconds: epoch / 3,
        rate: 1e-3,
        beta: null,
        training: losses(1 / epoch),
        validation: epoch === 1 ? losses(0.1) : null,
      })),
      points: [{ step: 5, loss: 0.3, reconstruction: 0.1, penalty: 2 / 3 }],
    },
    validation: losses(0.1),
    position: { version },
    preview: { epoch: 2, latents: { from: -1, to: 1, counts: [1, 2, 3], means: [] } },
    tensors: new Map([
      ...names.map((each) => [each, filled(shape, version)] as const),
      ['preview/inputs', filled(picture, 0.25)] as const,
      ['preview/outputs', filled(picture, 1)] as const,
    ]),
  }
}

/** The version that a run is, or null when its parts are not of the same one. */
export function versionOfRun(file: RunFile): number | null {
  const { step } = file.progress
  const weights = [...file.tensors].filter(([name]) => !name.startsWith('preview/'))
  const whole = weights.every(([, { data }]) => data.every((value) => value === step))
  return whole && JSON.stringify(file.position) === JSON.stringify({ version: step }) ? step : null
}
