/**
 * Training as data: what a run is made of (its configuration), what is known of a data set, what a run tells while
 * it goes. Both sides speak of these; the mathematics is in `engine/models`, the loop in `engine/training`.
 */
import { z } from 'zod'
import { errorData, noise } from './types'

const count = z.int().min(1)
const share = z.number().min(0).max(1)
const sides = { width: z.int().min(4).max(1024), height: z.int().min(4).max(1024) }
export const imageChannels = z.union([z.literal(1), z.literal(3)])

/**
 * Where images come from. A `path` is a path for the engine and a handle for the window (main translates both ways);
 * `name` is what a person sees of it.
 */
export const dataSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mnist') }),
  z.strictObject({ kind: z.literal('fashion-mnist') }),
  /** idx files (the format of MNIST), plain or gzipped. Labels are optional. */
  z.strictObject({
    kind: z.literal('idx'),
    path: z.string(),
    name: z.string(),
    labels: z.string().nullable(),
  }),
  /** A folder of image files; a file's subfolder is its label. Each image is brought to width × height. */
  z.strictObject({
    kind: z.literal('folder'),
    path: z.string(),
    name: z.string(),
    ...sides,
    channels: imageChannels,
    /** `crop`: scaled to cover, the middle kept; `pad`: scaled to fit, black around; `stretch`: scaled on each axis. */
    fit: z.enum(['crop', 'pad', 'stretch']),
  }),
])
export type DataSource = z.infer<typeof dataSource>

/** What is known of a data set once it was read. `hash` is the SHA-256 of all its pixels and labels. */
export const dataCard = z.strictObject({
  name: z.string(),
  kind: z.enum(['mnist', 'fashion-mnist', 'idx', 'folder']),
  licence: z.string().nullable(),
  credit: z.string().nullable(),
  /** Images that training and validation are drawn from, and images kept for the one test. */
  images: z.int(),
  test: z.int(),
  width: z.int(),
  height: z.int(),
  channels: imageChannels,
  labels: z.array(z.string()).nullable(),
  hash: z.string(),
  bytes: z.int(),
  /** True where every pixel is 0 or 255. */
  binary: z.boolean(),
  /** Files that could not be used, with their reason. */
  skipped: z.array(z.strictObject({ file: z.string(), error: errorData })),
})
export type DataCard = z.infer<typeof dataCard>

/** Random changes of the training images, drawn anew for each image of each step. All off at their defaults. */
export const augmentation = z.strictObject({
  flipHorizontal: z.boolean(),
  flipVertical: z.boolean(),
  /** Largest shift as a share of the side. */
  shift: z.number().min(0).max(0.5),
  /** Largest rotation in degrees. */
  rotate: z.number().min(0).max(180),
  /** Largest zoom in or out as a share: 0.1 is 0.9–1.1. */
  zoom: z.number().min(0).max(0.5),
})
export type Augmentation = z.infer<typeof augmentation>
export const noAugmentation: Augmentation = {
  flipHorizontal: false,
  flipVertical: false,
  shift: 0,
  rotate: 0,
  zoom: 0,
}

export const modelKinds = [
  'autoencoder',
  'sparse',
  'contractive',
  'denoising',
  'variational',
] as const

/** What all autoencoders have. The decoder mirrors the encoder. */
const network = {
  family: z.enum(['mlp', 'cnn']),
  /**
   * From the image inwards: for `mlp` the widths of the hidden layers, for `cnn` the channels of its convolutions
   * (3 × 3, stride 2 each).
   */
  layers: z.array(z.int().min(1).max(8192)).max(8),
  /** For `cnn`: width of a dense layer between convolutions and latent; 0 for none. */
  dense: z.int().min(0).max(8192),
  latent: z.int().min(1).max(8192),
  activation: z.enum(['relu', 'elu', 'tanh', 'sigmoid']),
  /** Summed over pixels, averaged over the batch; cross-entropy is computed from logits. */
  loss: z.enum(['squared-error', 'cross-entropy']),
  /** The share of hidden units that are left out in a step. */
  dropout: z.number().min(0).max(0.95),
}

/** An autoencoder. A variant is numbers, not another class. */
export const autoencoderConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('autoencoder'), ...network }),
  z.strictObject({
    kind: z.literal('sparse'),
    ...network,
    /** `kl`: sigmoid latents, λ Σ KL(ρ ‖ ρ̂); `l1`: ReLU latents, λ‖z‖₁ with unit-norm decoder columns. */
    penalty: z.enum(['kl', 'l1']),
    /** ρ, the mean activation that `kl` asks of each latent. */
    target: z.number().gt(0).lt(1),
    weight: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('contractive'),
    ...network,
    /** λ of λ‖∂z/∂x‖²_F. */
    weight: z.number().min(0),
  }),
  z.strictObject({ kind: z.literal('denoising'), ...network, corruption: noise }),
  z.strictObject({
    kind: z.literal('variational'),
    ...network,
    beta: z.number().min(0),
    /** Epochs over which β rises from 0, linearly. */
    betaWarmUp: z.number().min(0),
  }),
])
export type AutoencoderConfig = z.infer<typeof autoencoderConfig>
export type ModelKind = (typeof modelKinds)[number]

/** The photo denoiser of the Denoise screen, trained on patches of whole photos. See `engine/networks/photoDenoiser`. */
export const photoDenoiserRun = z.strictObject({
  kind: z.literal('photo-denoiser'),
  channels: imageChannels,
  widths: z.array(z.int().min(4).max(512)).min(1).max(5),
  blocks: z.int().min(1).max(16),
  patch: z.int().min(16).max(512),
  /** Noise levels to train on, uniform between the two, on the 0–255 scale. */
  sigma: z.tuple([z.number().min(0), z.number().max(255)]),
  /**
   * What teaches it. `clean`: clean photos, to which noise of `sigma` is added; `neighbours`: noisy photos alone
   * (Neighbor2Neighbor), whose own level is estimated.
   */
  supervision: z.enum(['clean', 'neighbours']).default('clean'),
  /** The weights it begins with: random ones, or those of the bundled model of this network. */
  start: z.enum(['random', 'bundled']).default('random'),
})

export const modelConfig = z.discriminatedUnion('kind', [
  ...autoencoderConfig.options,
  photoDenoiserRun,
])
export type ModelConfig = z.infer<typeof modelConfig>

/** How a model is trained. */
export const trainingConfig = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  epochs: count.max(5000),
  batch: count.max(8192),
  /** Peak learning rate of Adam. */
  rate: z.number().positive().max(1),
  schedule: z.enum(['constant', 'cosine']),
  /** Epochs over which the rate rises to its peak, linearly; may be a fraction. */
  warmUp: z.number().min(0),
  /** Largest global norm of the gradient; null: not clipped. */
  clipNorm: z.number().positive().nullable(),
  /** Decoupled, as in AdamW. */
  weightDecay: z.number().min(0).max(1),
  /** Epochs without a better validation loss after which training ends; null: never. */
  patience: count.nullable(),
  precision: z.enum(['float32', 'bfloat16']),
})
export type TrainingConfig = z.infer<typeof trainingConfig>

/** Everything that decides a run. The same configuration on the same machine ends with the same weights. */
export const runConfig = z.strictObject({
  data: dataSource,
  /** Pixels become fresh Bernoulli draws of their brightness at each step (dynamic binarisation). */
  binarise: z.boolean(),
  /** The share of the data's training images that is held out for validation; MNIST's 5,000 of 60,000 are 1/12. */
  validation: share.max(0.5),
  augmentation,
  model: modelConfig,
  training: trainingConfig,
})
export type RunConfig = z.infer<typeof runConfig>

/** A ready configuration with a name. Texts are in `messages` under `recipe_<name>`. */
export const recipeNames = [
  'mnist-autoencoder',
  'mnist-sparse',
  'mnist-contractive',
  'mnist-denoising',
  'mnist-vae',
  'mnist-vae-2d',
  'mnist-vae-binary',
  'mnist-vae-2d-binary',
  'mnist-beta-vae',
  'mnist-anomaly',
  'mnist-missing',
  'fashion-vae',
  'folder-autoencoder',
  'folder-vae',
  'folder-denoising',
  'photo-denoiser',
  'noisy-photos',
] as const
export type RecipeName = (typeof recipeNames)[number]
/** `config` of a folder recipe has an empty path: the folder is the user's to choose. */
export const recipe = z.strictObject({ name: z.enum(recipeNames), config: runConfig })
export type Recipe = z.infer<typeof recipe>

/**
 * The parts of a loss. `loss` is what is minimised; `reconstruction` its first part (per image, summed over pixels);
 * `penalty` the second (KL without β, sparsity or contraction without λ); `mse` the squared error averaged over pixels.
 * Photo denoisers: `reconstruction` and `loss` are the mean absolute error on the 0–255 scale, `mse` is of [0, 1]; those
 * taught by noisy photos: squared errors on the 0–255 scale, `penalty` is the consistency term without γ; validated by
 * hidden pixels (`engine/training/neighbourTask`).
 */
export const losses = z.strictObject({
  loss: z.number(),
  reconstruction: z.number(),
  penalty: z.number().nullable(),
  mse: z.number().nullable(),
})
export type Losses = z.infer<typeof losses>

/** What one epoch came to. `training` is the mean over its steps, `validation` is measured after it. */
export const epochRecord = z.strictObject({
  epoch: count,
  step: count,
  /** Training time so far, pauses left out. */
  seconds: z.number(),
  rate: z.number(),
  beta: z.number().nullable(),
  training: losses,
  validation: losses.nullable(),
})
export type EpochRecord = z.infer<typeof epochRecord>

/** A point of the live curve: a step and its loss parts, averaged since the point before. */
export const curvePoint = z.strictObject({
  step: count,
  loss: z.number(),
  reconstruction: z.number(),
  penalty: z.number().nullable(),
})
export type CurvePoint = z.infer<typeof curvePoint>

/** Everything that a run's curves show. Points are thinned to at most 1,000 by doubling their distance. */
export const history = z.strictObject({
  epochs: z.array(epochRecord),
  points: z.array(curvePoint),
})
export type History = z.infer<typeof history>

/**
 * `queued` waits for another run; `running` is written into the file too, so that a run whose engine died is
 * recognised and goes on by itself; `finished` came to its last epoch or stopped early; `stopped` was ended by a
 * person; `failed` says why and can be resumed once the reason is gone.
 */
export const runState = z.enum(['queued', 'running', 'paused', 'finished', 'stopped', 'failed'])
export type RunState = z.infer<typeof runState>

/** Where a run stands. */
export const runProgress = z.strictObject({
  state: runState,
  epoch: z.int().min(0),
  epochs: count,
  step: z.int().min(0),
  steps: count,
  seconds: z.number(),
  best: z.strictObject({ epoch: count, loss: z.number() }).nullable(),
  error: errorData.nullable(),
})
export type RunProgress = z.infer<typeof runProgress>

/** A figure that was measured, for a card. */
export const measurement = z.strictObject({ what: z.string(), value: z.number(), unit: z.string() })
export type Measurement = z.infer<typeof measurement>

/** A card's figures with further ones, instead of those of the same name. */
export function mergedFigures(
  card: readonly Measurement[],
  further: readonly Measurement[],
): Measurement[] {
  const names = new Set(further.map(({ what }) => what))
  return [...card.filter(({ what }) => !names.has(what)), ...further]
}

/** What a denoiser makes of noisy photos whose originals nobody knows. */
const blindScore = z.strictObject({
  /** √MSE over hidden pixels on the 0–255 scale (`engine/imaging/selfScore.ts`): lower is nearer to the truth. */
  error: z.number(),
  /** The largest lag-1 correlation of what was taken away (`engine/imaging/residual.ts`), averaged over the photos. */
  correlation: z.number(),
  /** Photos from which structure was taken away too. */
  structured: z.int(),
})
export type BlindScore = z.infer<typeof blindScore>

/** A denoiser that learned from noisy photos beside a bundled one, on photos that it did not learn from. */
export const denoiserComparison = z.strictObject({
  /** The bundled model's name. */
  model: z.string(),
  photos: z.int().min(1),
  /** √ of the mean of their σ², estimated, on the 0–255 scale. */
  noise: z.number(),
  trained: blindScore,
  bundled: blindScore,
  /** What the trained one is, by the scores; `same` where they do not tell. */
  verdict: z.enum(['better', 'same', 'worse']),
})
export type DenoiserComparison = z.infer<typeof denoiserComparison>

/**
 * One item of the library: a run and the model it makes are one file. `denoiser` items are model files of the Denoise
 * screen that were imported.
 */
export const libraryItem = z.strictObject({
  /** The file's name without its ending: stays the same when the item is renamed. */
  item: z.string(),
  name: z.string(),
  kind: z.enum([...modelKinds, 'photo-denoiser', 'denoiser']),
  bundled: z.boolean(),
  /** Milliseconds since 1970. */
  created: z.number(),
  changed: z.number(),
  bytes: z.int(),
  /** Null for models that were imported without their run. */
  config: runConfig.nullable(),
  data: dataCard.nullable(),
  progress: runProgress.nullable(),
  /** Validation losses of the best epoch. */
  validation: losses.nullable(),
  parameters: z.int(),
  measured: z.array(measurement),
  /** Of a finished run on noisy photos, where some were held out. */
  comparison: denoiserComparison.optional(),
  licence: z.string(),
  /** The command that makes it again. */
  command: z.string(),
  tensorflow: z.string(),
  threads: z.int(),
  /** Runs of one sweep share this. */
  group: z.string().nullable(),
  readOnly: z.boolean(),
})
export type LibraryItem = z.infer<typeof libraryItem>

/** What a run will cost, by a calibration of at most five seconds. `refusal` says why it cannot run. */
export const forecast = z.strictObject({
  parameters: z.int(),
  secondsPerEpoch: z.number(),
  /** Until the last epoch: early stopping may end it sooner. */
  seconds: z.number(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  /** What it would learn from; null where it cannot run. */
  data: dataCard.nullable(),
  refusal: errorData.nullable(),
})
export type Forecast = z.infer<typeof forecast>

/** Pictures as the window draws them: `count` images of [height, width, channels] bytes one after the other. */
export const pictures = z.strictObject({
  count: z.int(),
  width: z.int(),
  height: z.int(),
  channels: imageChannels,
  pixels: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
})
export type Pictures = z.infer<typeof pictures>

/**
 * What a model makes of a fixed set of validation images: `inputs` (noisy for denoising), `outputs`, and the clean
 * ones where the inputs are not; `latents` is a histogram of all their code values.
 */
export const preview = z.strictObject({
  epoch: z.int(),
  inputs: pictures,
  outputs: pictures,
  clean: pictures.nullable(),
  latents: z.strictObject({
    from: z.number(),
    to: z.number(),
    counts: z.array(z.int()),
    /** For sparse models: the mean activation of each latent. */
    means: z.array(z.number()),
  }),
})
export type Preview = z.infer<typeof preview>

/** One tensor of a step, as pictures and numbers: its shape, range and moments, and a picture of (a part of) it. */
export const tensorView = z.strictObject({
  name: z.string(),
  shape: z.array(z.int()),
  minimum: z.number(),
  maximum: z.number(),
  mean: z.number(),
  deviation: z.number(),
  picture: pictures.nullable(),
})
export type TensorView = z.infer<typeof tensorView>

/** One step, seen: forward (activations in order), the loss's parts, backward (gradient of each parameter), the update. */
export const stepView = z.strictObject({
  step: count,
  forward: z.array(tensorView),
  losses,
  gradients: z.array(tensorView),
  gradientNorm: z.number(),
  /** ‖Δθ‖ / ‖θ‖ of each parameter. */
  updates: z.array(z.strictObject({ name: z.string(), share: z.number() })),
})
export type StepView = z.infer<typeof stepView>
