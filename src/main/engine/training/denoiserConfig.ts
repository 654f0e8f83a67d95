/** The configuration of a denoiser's training, as a JSON file. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import { photoDenoiserConfig, sideMultiple } from '../networks/photoDenoiser'

const names = z.array(z.string())

/** Peak learning rate, reached after `warmUp` steps; a cosine down to nearly 0 follows. */
const denoiserLeg = z.strictObject({
  steps: z.int().min(1),
  rate: z.number().positive(),
  warmUp: z.int().min(1),
  /** What is minimised, see `buildDenoiserTraining`; the mean absolute error where nothing is said. */
  loss: z.enum(['absolute', 'squared']).optional(),
  /** See `PatchOptions`. */
  candidates: z.int().min(1).max(16).optional(),
  shuffle: z.boolean().optional(),
  exposure: z.tuple([z.number().positive(), z.number().positive().max(1)]).optional(),
  /** The share of cameras' pictures that are resized, see `drawCamera`; 0 where nothing is said. */
  resized: z.number().min(0).max(1).optional(),
  /** The share of the leg's change of the weights that is kept at its end, see `blended`; all of it where nothing is said. */
  kept: z.number().positive().max(1).optional(),
})

export const denoiserTrainingConfig = z.strictObject({
  model: photoDenoiserConfig,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /**
   * Legs of training, one after the other (warm restarts, Loshchilov and Hutter 2017): each begins with the weights
   * of the one before and with no moments, so that a finished model can be trained for another leg.
   */
  legs: z.array(denoiserLeg).min(1),
  /** Patches a step, and their side in pixels. */
  batch: z.int().min(1).max(256),
  patch: z.int().min(16).max(512),
  adam: z.strictObject({ clipNorm: z.number().positive(), weightDecay: z.number().min(0) }),
  /** Noise levels to train on, uniform between the two, on the 0–255 scale. */
  sigma: z.tuple([z.number().min(0), z.number().max(255)]),
  /** The level told to the network is wrong by up to this share, so that it forgives an estimate. */
  levelJitter: z.number().min(0).max(0.5),
  /** Shares of the patches with a camera's noise (`noise/camera.ts`) and with none; the rest has Gaussian noise. */
  camera: z
    .strictObject({ share: z.number().min(0).max(1), clean: z.number().min(0).max(1) })
    .optional(),
  precision: z.enum(['float32', 'bfloat16']),
  photos: z.strictObject({
    exclude: names,
    holdOut: names,
    reduceFrom: z.int().min(1),
    reduceBy: z.array(z.int().min(1).max(16)).min(1),
  }),
  card: z.strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    licence: z.string(),
    data: names,
  }),
})
export type DenoiserTrainingConfig = z.infer<typeof denoiserTrainingConfig>

/** The steps of all legs. */
export const stepsOf = ({ legs }: DenoiserTrainingConfig): number =>
  legs.reduce((sum, { steps }) => sum + steps, 0)

/** The leg that a step (counted from 1) belongs to, and which of the leg's steps it is, counted from 1 as well. */
export function legAt(
  { legs }: DenoiserTrainingConfig,
  step: number,
): DenoiserTrainingConfig['legs'][number] & { at: number } {
  let at = step
  for (const leg of legs) {
    if (at <= leg.steps) return { ...leg, at }
    at -= leg.steps
  }
  throw new Error(`Expected a step of the ${legs.length} legs. Received ${step}.`)
}

/**
 * Reads and checks a config.
 * @throws DarkroomError `file-not-found`, or `config-invalid` with what is wrong and where
 */
export async function readTrainingConfig(path: string): Promise<DenoiserTrainingConfig> {
  const file = basename(path)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DarkroomError('file-not-found', `Cannot read ${path}`, { file: path }, { cause })
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new DarkroomError(
      'config-invalid',
      `${file} is not JSON: ${(cause as Error).message}`,
      { file, reason: (cause as Error).message },
      { cause },
    )
  }
  const parsed = denoiserTrainingConfig.safeParse(json)
  if (!parsed.success) {
    const reason = z.prettifyError(parsed.error)
    throw new DarkroomError('config-invalid', `${file}: ${reason}`, { file, reason })
  }
  const multiple = sideMultiple(parsed.data.model)
  if (parsed.data.patch % multiple !== 0) {
    const reason = `patch must be a multiple of ${multiple} for this network`
    throw new DarkroomError('config-invalid', `${file}: ${reason}`, { file, reason })
  }
  return parsed.data
}
