/** Runs, epochs and points as tests need them. */
import type {
  AutoencoderConfig,
  CurvePoint,
  EpochRecord,
  LibraryItem,
  Pictures,
  Preview,
  Recipe,
  RunConfig,
  RunProgress,
} from '../../../../shared/training'
import type { WindowEvents } from '../../../../shared/contract'

const model: AutoencoderConfig = {
  kind: 'autoencoder',
  family: 'cnn',
  layers: [32, 64],
  dense: 512,
  latent: 32,
  activation: 'relu',
  loss: 'squared-error',
  dropout: 0,
}

export const config: RunConfig = {
  data: { kind: 'mnist' },
  binarise: false,
  validation: 1 / 12,
  augmentation: { flipHorizontal: false, flipVertical: false, shift: 0, rotate: 0, zoom: 0 },
  model,
  training: {
    seed: 1,
    epochs: 20,
    batch: 128,
    rate: 0.002,
    schedule: 'cosine',
    warmUp: 0.2,
    clipNorm: null,
    weightDecay: 0,
    patience: 10,
    precision: 'float32',
  },
}

export const variational: RunConfig = {
  ...config,
  model: { ...model, kind: 'variational', beta: 1, betaWarmUp: 0 },
}

export const recipe: Recipe = { name: 'mnist-autoencoder', config }

export const progress = (more: Partial<RunProgress> = {}): RunProgress => ({
  state: 'running',
  epoch: 0,
  epochs: 20,
  step: 0,
  steps: 2000,
  seconds: 0,
  best: null,
  error: null,
  ...more,
})

export const libraryItem = (more: Partial<LibraryItem> = {}): LibraryItem => ({
  item: 'item',
  name: 'mnist-autoencoder',
  kind: 'autoencoder',
  bundled: false,
  created: 1,
  changed: 1,
  bytes: 1000,
  config,
  data: null,
  progress: progress(),
  validation: null,
  parameters: 10,
  measured: [],
  licence: '',
  command: '',
  tensorflow: '2.21.0',
  threads: 2,
  group: null,
  readOnly: false,
  ...more,
})

export const point = (step: number, loss = 100 / step): CurvePoint => ({
  step,
  loss,
  reconstruction: loss,
  penalty: null,
})

export const epoch = (number: number, step = number * 100): EpochRecord => {
  const losses = { loss: 10 / number, reconstruction: 10 / number, penalty: null, mse: 0.01 }
  const [training, validation] = [losses, losses]
  return { epoch: number, step, seconds: number, rate: 0.001, beta: null, training, validation }
}

/** What a run tells after the last of the steps. */
export const told = (item: string, steps: number[]): WindowEvents['train.progress'] => ({
  item,
  progress: progress({ step: steps.at(-1) ?? 0 }),
  points: steps.map((step) => point(step)),
  imagesPerSecond: 1000,
  secondsLeft: 60,
  phase: 'train',
})

export const pictures = (count: number, side = 2): Pictures => ({
  count,
  width: side,
  height: side,
  channels: 1,
  pixels: Uint8Array.from({ length: count * side * side }, (_, index) => index),
})

export const preview = (number: number): Preview => ({
  epoch: number,
  inputs: pictures(4),
  outputs: pictures(4),
  clean: null,
  latents: { from: -1, to: 1, counts: [1, 2, 1], means: [] },
})
