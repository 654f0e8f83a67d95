/** The Lab: one noisy picture through several methods, side by side. */
import { z } from 'zod'
import { errorData, givenLevel, quality, region } from './types'

/** Denoisers that learned nothing; `engine/classical` has their equations. */
export const classicalNames = ['nlm', 'wavelet', 'total-variation', 'bilateral', 'median'] as const
export type ClassicalName = (typeof classicalNames)[number]

/** A method: a classical one, a denoiser of photos by its name, an autoencoder of the library at its own size. */
export const labMethod = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('classical'), name: z.enum(classicalNames) }),
  z.strictObject({ kind: z.literal('denoiser'), model: z.string() }),
  z.strictObject({ kind: z.literal('autoencoder'), item: z.string() }),
])
export type LabMethod = z.infer<typeof labMethod>

/**
 * What a method reached. `quality` is against the clean picture, where there is one; `noise` the σ that is left (0–255),
 * `residualCorrelation` and `residualStructured` as in a denoiser's report. `seconds` leaves the opening of a model out.
 */
export const labFigures = z.strictObject({
  quality: quality.nullable(),
  noise: z.number(),
  residualCorrelation: z.number(),
  residualStructured: z.boolean(),
  seconds: z.number(),
})
export type LabFigures = z.infer<typeof labFigures>

/** `title` is a network's own name, null for the classical methods, whose names have words. */
export const labRow = z.strictObject({
  method: labMethod,
  title: z.string().nullable(),
  outcome: z
    .discriminatedUnion('state', [
      z.strictObject({ state: z.literal('done'), figures: labFigures }),
      z.strictObject({ state: z.literal('failed'), error: errorData }),
    ])
    .nullable(),
})
export type LabRow = z.infer<typeof labRow>

/** A run of the Lab as far as it has come. `input` is the noisy picture's quality where the clean one is known. */
export const labRun = z.strictObject({
  job: z.string(),
  photo: z.string(),
  name: z.string(),
  /** The part of the photo that all methods were given, with the photo's own size. */
  region,
  photoWidth: z.int(),
  photoHeight: z.int(),
  /** What the methods were told of the noise, 0–255; denoisers by brightness, where the level depends on it. */
  sigma: z.number(),
  sigmaEstimated: z.boolean(),
  clean: z.boolean(),
  input: quality.nullable(),
  rows: z.array(labRow),
})
export type LabRun = z.infer<typeof labRun>

/** A picture of a run: the noisy one, the clean one, or what row number so and so made. */
export const labPicture = z.union([z.literal('noisy'), z.literal('clean'), z.int().min(0)])
export type LabPicture = z.infer<typeof labPicture>

/** What is asked of the Lab. `clean` is another open photo; without one the original is, where noise was added. */
export const labRequest = {
  photo: z.string(),
  clean: z.string().nullable(),
  /** Where to look; null for the middle. Of a larger region the middle is taken. */
  region: region.nullable(),
  sigma: givenLevel.nullable(),
  methods: z.array(labMethod).min(1).max(16),
}
