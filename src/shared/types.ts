/** Plain data that more than one process speaks of. Schemas, from which the types follow. */
import { z } from 'zod'
import { errorCodes } from './errors'

z.config({ jitless: true }) // zod otherwise probes `eval`, which the content policy forbids and reports

/** A rectangle in image pixels, from the top left corner. */
export const region = z.strictObject({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
})
export type Region = z.infer<typeof region>

/** `original` is the file as opened, `noisy` exists once noise was added, `denoised` once a job delivered. */
export const layer = z.enum(['original', 'noisy', 'denoised'])
export type Layer = z.infer<typeof layer>

export const imageFormat = z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff'])
export type ImageFormat = z.infer<typeof imageFormat>

export const exportFormat = z.enum(['png', 'jpeg', 'webp', 'tiff'])
export type ExportFormat = z.infer<typeof exportFormat>

/** Bits a sample of an exported file; 32 are floats from 0 to 1. `exportFormats` says which format holds which. */
export const exportBits = z.union([z.literal(8), z.literal(16), z.literal(32)])
export type ExportBits = z.infer<typeof exportBits>

/**
 * What the program tells about an opened image. `bits` is the depth that it works with, 8 or 16; `fileBits` that of
 * the file, which may be more, as floats or whole numbers. Pages count from 1; only a TIFF has several.
 */
export const photoInfo = z.strictObject({
  photo: z.string(),
  name: z.string(),
  format: imageFormat,
  width: z.int(),
  height: z.int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  alpha: z.boolean(),
  bits: z.union([z.literal(8), z.literal(16)]),
  fileBits: z.int(),
  usedBits: z.int(),
  float: z.boolean(),
  page: z.int().min(1),
  pages: z.int().min(1),
  orientation: z.int().min(1).max(8),
  exif: z.boolean(),
  /** The camera's model and the sensitivity, where the file's EXIF states both. */
  camera: z.strictObject({ name: z.string(), iso: z.int() }).nullable(),
  profile: z.string().nullable(),
  fileBytes: z.int(),
})
export type PhotoInfo = z.infer<typeof photoInfo>

/** One line of `inspect`: what a file holds, by its header and a full decode. */
export interface Inspection {
  path: string
  width: number
  height: number
  channels: number
  bits: number
  fileBits: number
  float: boolean
  pages: number
  orientation: number
}

/**
 * Corruptions to try (`engine/noise` has the equations). Amounts are what a person sets:
 * σ on the 0–255 scale, `photons` at white, shares in 0–1, JPEG quality 1–100.
 */
export const noiseKinds = [
  'gaussian',
  'poisson',
  'salt-pepper',
  'speckle',
  'masking',
  'jpeg',
] as const
export const simpleNoise = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gaussian'), sigma: z.number().min(0).max(255) }),
  z.strictObject({ kind: z.literal('poisson'), photons: z.number().min(1).max(100_000) }),
  z.strictObject({ kind: z.literal('salt-pepper'), share: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('speckle'), sigma: z.number().min(0).max(255) }),
  z.strictObject({ kind: z.literal('masking'), share: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('jpeg'), quality: z.int().min(1).max(100) }),
])
export type SimpleNoise = z.infer<typeof simpleNoise>
/** A corruption, or several applied in the given order. */
export const noise = z.discriminatedUnion('kind', [
  ...simpleNoise.options,
  z.strictObject({ kind: z.literal('mixed'), parts: z.array(simpleNoise).min(1).max(6) }),
])
export type Noise = z.infer<typeof noise>

/** PSNR in dB (`null` when both are equal) and SSIM, as `principles.md` defines them. */
export const quality = z.strictObject({ psnr: z.number().nullable(), ssim: z.number() })
export type Quality = z.infer<typeof quality>

/**
 * How noisy an image is: σ on the 0–255 scale, over all channels and for each. `correlated`: pixels share their noise, as
 * in a file of a camera; σ is then the level of white noise for which a denoiser removes it. `shared`: it is white, but
 * nearly the same in all channels, as of a grey picture saved in colour, or of a JPEG with halved colour. `byBrightness`: σ
 * of equal ranges of brightness, black first (`noiseCurve.ts`), whose root mean square over the picture is `sigma`; null where it is
 * one and the same. `impulses`: the shares of values, 0–1, that were made black and white (salt and pepper, masking); all
 * else is then said of the picture without them. Null where there are none.
 */
export const noiseLevel = z.strictObject({
  sigma: z.number(),
  perChannel: z.array(z.number()),
  correlated: z.boolean(),
  shared: z.boolean(),
  byBrightness: z.array(z.number()).nullable(),
  impulses: z.strictObject({ black: z.number(), white: z.number() }).nullable(),
})
export type NoiseLevel = z.infer<typeof noiseLevel>

const sigma = z.number().min(0).max(255)
/**
 * A level that is given instead of estimated: one σ on the 0–255 scale, or that of shadows, mid-tones and highlights
 * (`noiseCurve.ts`).
 */
export const givenLevel = z.union([sigma, z.tuple([sigma, sigma, sigma])])
export type GivenLevel = z.infer<typeof givenLevel>

/**
 * Why a job took its model and its level. Model: asked for by name (`foreign`: one that has not learned this kind of
 * noise), or by itself for a grey or a colour photo, for a camera's noise, or channel by channel where no model for
 * colour is there or the channels share their noise. Level: given, or estimated; then perhaps so low that there is
 * hardly any noise; either may be above what the model was trained for. `impulses`: the share of values, 0–1, that were
 * replaced before; null where there were none.
 */
export const choiceReasons = z.strictObject({
  model: z.enum(['named', 'foreign', 'grey', 'colour', 'camera', 'each-channel', 'shared']),
  level: z.enum(['given', 'given-above-range', 'estimated', 'hardly-any', 'above-range', 'camera']),
  impulses: z.number().nullable(),
})
export type ChoiceReasons = z.infer<typeof choiceReasons>

/**
 * How well a denoiser tells pixels that were hidden from it (`engine/imaging/selfScore.ts`): √MSE on the 0–255 scale,
 * that of the neighbours' mean, the estimated noise, which is in both, and how many pixels were hidden.
 */
export const selfScore = z.strictObject({
  error: z.number(),
  interpolation: z.number(),
  noise: z.number(),
  pixels: z.int(),
})
export type SelfScore = z.infer<typeof selfScore>

/**
 * What a finished denoising job reports. `sigma` is the level that the model was told, where it was told one by brightness
 * (`byBrightness`, as of {@link noiseLevel}) its root mean square over the picture. `residualCorrelation` is the largest
 * lag-1 correlation of input − output.
 */
export const denoiseReport = z.strictObject({
  /** The model's name. */
  model: z.string(),
  reasons: choiceReasons,
  sigma: z.number(),
  byBrightness: z.array(z.number()).nullable(),
  sigmaEstimated: z.boolean(),
  noiseBefore: noiseLevel,
  noiseAfter: noiseLevel,
  residualCorrelation: z.number(),
  residualStructured: z.boolean(),
  seconds: z.number(),
  megapixelsPerSecond: z.number(),
})
export type DenoiseReport = z.infer<typeof denoiseReport>

/** A model's card: where it comes from, what it is for, what it measured. Texts are English. */
export const modelCard = z.strictObject({
  name: z.string(),
  kind: z.literal('denoiser'),
  title: z.string(),
  description: z.string(),
  channels: z.union([z.literal(1), z.literal(3)]),
  sigmaRange: z.tuple([z.number(), z.number()]),
  parameters: z.int(),
  licence: z.string(),
  data: z.array(z.string()),
  seed: z.int(),
  command: z.string(),
  trained: z.strictObject({
    steps: z.int(),
    seconds: z.number(),
    tensorflow: z.string(),
    curve: z.array(z.tuple([z.number(), z.number()])),
  }),
  measured: z.array(z.strictObject({ what: z.string(), value: z.number(), unit: z.string() })),
})
export type ModelCard = z.infer<typeof modelCard>
/** A model that can be chosen: its card, its place and size, the SHA-256 of its file. */
export const modelInfo = z.strictObject({
  card: modelCard,
  bundled: z.boolean(),
  bytes: z.int(),
  hash: z.string(),
})
export type ModelInfo = z.infer<typeof modelInfo>

const percent = z.number().min(0).max(100)
/**
 * How much of what the denoiser changed is taken over, in luma and in chroma, and how much of the texture that it took
 * away with the noise comes back; in percent. `engine/imaging/rows.ts` has the equation.
 */
export const look = z.strictObject({ luma: percent, chroma: percent, texture: percent })
export type Look = z.infer<typeof look>
/** The denoised picture just as the model makes it. */
export const fullLook: Look = { luma: 100, chroma: 100, texture: 0 }
/** What a photo begins with: within 0.01 dB of the best that was measured (`bench/README.md`). */
export const defaultLook: Look = { luma: 100, chroma: 100, texture: 0 }

export const theme = z.enum(['dark', 'light', 'system'])
export const languageChoice = z.enum(['system', 'en', 'zh-Hans'])
/** How a photo is denoised. `model` null leaves the photo's own, `sigma` null means estimate. */
const denoising = {
  model: z.string().nullable(),
  sigma: givenLevel.nullable(),
}
const presetName = z.string().min(1).max(60)
/** A named choice of denoising settings. Those kept by earlier versions had one strength for luma and chroma. */
export const preset = z.union([
  z.strictObject({ name: presetName, ...denoising, look }),
  z
    .strictObject({ name: presetName, ...denoising, strength: percent })
    .transform(({ strength, ...rest }) => ({
      ...rest,
      look: { luma: strength, chroma: strength, texture: 0 },
    })),
])
export type Preset = z.infer<typeof preset>

/** What was chosen last for photos of a camera at a sensitivity. */
export const cameraChoice = z.strictObject({
  camera: z.string(),
  iso: z.int(),
  ...denoising,
  look,
})
export type CameraChoice = z.infer<typeof cameraChoice>

/** What runs can be sorted by. */
export const runColumns = [
  'created',
  'name',
  'model',
  'epochs',
  'validation',
  'time',
  'state',
] as const
export type RunColumn = (typeof runColumns)[number]

/** What is remembered between starts. */
export const settings = z.strictObject({
  theme,
  language: languageChoice,
  inspectorWidth: z.int().min(260).max(320),
  stripHeight: z.int().min(0).max(160),
  /** The Train screen's table of runs: its height, its order, and the run that was shown last. */
  runsHeight: z.int().min(0).max(480),
  runsOrder: z.strictObject({ by: z.enum(runColumns), descending: z.boolean() }),
  runShown: z.string().nullable(),
  /** Losses are drawn on a logarithmic scale. */
  logarithmicLoss: z.boolean(),
  threads: z.int().min(1).max(64).nullable(),
  /** Training waits while the machine runs on its battery. */
  pauseOnBattery: z.boolean(),
  exportFormat,
  exportQuality: z.int().min(1).max(100),
  keepMetadata: z.boolean(),
  viewMode: z.enum(['wipe', 'side', 'blink', 'difference']),
  /** Shortcuts of one character; WCAG 2.1.4 asks that they can be turned off. */
  singleKeys: z.boolean(),
  presets: z.array(preset).max(50),
  /** The newest first. */
  cameras: z.array(cameraChoice).max(100),
})
export type Settings = z.infer<typeof settings>
export const defaultSettings: Settings = {
  theme: 'dark',
  language: 'system',
  inspectorWidth: 300,
  stripHeight: 96,
  runsHeight: 168,
  runsOrder: { by: 'created', descending: true },
  runShown: null,
  logarithmicLoss: true,
  threads: null,
  pauseOnBattery: true,
  exportFormat: 'png',
  exportQuality: 92,
  keepMetadata: true,
  viewMode: 'wipe',
  singleKeys: true,
  presets: [],
  cameras: [],
}

export const errorData = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
