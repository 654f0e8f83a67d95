/** Training of photo denoisers: photos and a config come in, a model file with its card comes out. Resumable. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError, errorToData } from '../../../shared/errors'
import { modelCard, type ModelCard } from '../../../shared/types'
import { readPhotos, type TrainingPhoto } from '../data/photoPatches'
import { buildDenoiserTraining, type DenoiserTraining } from '../models/photoDenoiser'
import { zeroMoments } from '../models/training'
import {
  initialParameters,
  parameterCount,
  photoDenoiserParameters,
} from '../networks/photoDenoiser'
import type { State } from '../runtime/program'
import { tensorflowVersion } from '../runtime/tensorflow'
import { threads } from '../runtime/environment'
import { readContainer, writeContainer } from '../store/container'
import { blended } from './blended'
import { legAt, readTrainingConfig, stepsOf, type DenoiserTrainingConfig } from './denoiserConfig'
import { heldOutPsnr, photoBatch } from './photoBatch'
import { cosineRate } from './schedule'

/** A line of progress: the mean of what the leg minimises since the last one, on the 0–255 scale; `psnr` is on held-out photos at σ 25, in dB. */
export interface TrainingProgress {
  step: number
  steps: number
  loss: number
  rate: number
  seconds: number
  secondsLeft: number
  psnr: number | null
}

export interface TrainDenoiserOptions {
  /** The config's path; see {@link DenoiserTrainingConfig}. */
  config: string
  /** Folders with photos. */
  images: readonly string[]
  /** A model file that the config's first legs have made: training goes on with the leg after them. */
  from?: string
  /** The model file to write. The checkpoint lies beside it, with `.checkpoint` at its end, until training is done. */
  out: string
  /** The command that a reader of the card can repeat. */
  command: string
  signal?: AbortSignal
  onProgress?: (progress: TrainingProgress) => void
  onMessage?: (message: string) => void
}

interface Position {
  step: number
  seconds: number
  curve: [number, number][]
  /** The weights that the present leg began with, where it keeps only a share of its change. */
  before: State | null
}

/** In a checkpoint these weights stand beside the present ones, by this before their names. */
const BEFORE = 'before/'

const PROGRESS_STEPS = 100
const CHECKPOINT_SECONDS = 60
const EVALUATION_STEPS = 1000
const EVALUATION_SIGMA = 25

/** The checkpoint's place for a model file. */
export const checkpointOf = (out: string): string => `${out}.checkpoint`

async function start(
  training: DenoiserTraining,
  config: DenoiserTrainingConfig,
  checkpoint: string,
  from: string | undefined,
): Promise<Position> {
  if (existsSync(checkpoint)) return goOn(training, config, checkpoint)
  training.program.assign(zeroMoments(photoDenoiserParameters(config.model)))
  if (from !== undefined) return startFrom(training, config, from)
  training.program.assign(initialParameters(config.model, config.seed))
  return { step: 0, seconds: 0, curve: [], before: null }
}

async function goOn(
  training: DenoiserTraining,
  config: DenoiserTrainingConfig,
  checkpoint: string,
): Promise<Position> {
  const saved = await readContainer(checkpoint)
  const position = saved.header['position'] as Omit<Position, 'before'>
  if (
    saved.header.kind !== 'denoiser-checkpoint' ||
    JSON.stringify(saved.header.config) !== JSON.stringify(config)
  ) {
    throw new DarkroomError(
      'config-invalid',
      `${basename(checkpoint)} belongs to another configuration; delete it to start anew, or use the configuration it was made with.`,
      { file: basename(checkpoint) },
    )
  }
  const isBefore = (name: string): boolean => name.startsWith(BEFORE)
  const before: State = new Map(
    [...saved.tensors]
      .filter(([name]) => isBefore(name))
      .map(([name, tensor]) => [name.slice(BEFORE.length), tensor]),
  )
  training.program.assign(new Map([...saved.tensors].filter(([name]) => !isBefore(name))))
  const { step, seconds, curve } = position
  return { step, seconds, curve, before: before.size > 0 ? before : null }
}

async function startFrom(
  training: DenoiserTraining,
  config: DenoiserTrainingConfig,
  from: string,
): Promise<Position> {
  const { header, tensors } = await readContainer(from)
  const card = modelCard.safeParse(header.card).data
  const legs = config.legs.map((_, index) =>
    stepsOf({ ...config, legs: config.legs.slice(0, index) }),
  )
  if (
    !card ||
    JSON.stringify(header.config) !== JSON.stringify(config.model) ||
    !legs.slice(1).includes(card.trained.steps)
  ) {
    const file = basename(from)
    throw new DarkroomError(
      'config-invalid',
      `${file} is not what the first legs of this configuration make: another network, or trained for ${card?.trained.steps ?? 0} steps where a leg begins after ${legs.slice(1).join(', ') || 'none'}.`,
      { file },
    )
  }
  training.program.assign(tensors)
  const { steps, seconds, curve } = card.trained
  return { step: steps, seconds, curve, before: null }
}

/**
 * Trains, or goes on from the checkpoint beside `out`. On abort, and every minute, the checkpoint is written.
 * @returns whether training came to its end and `out` was written
 * @throws DarkroomError `config-invalid`, `folder-without-images`, `training-diverged`, errors of the store
 */
export async function trainDenoiser(
  options: TrainDenoiserOptions,
): Promise<{ finished: boolean; step: number }> {
  const config = await readTrainingConfig(options.config)
  const photos = await readPhotos(options.images, {
    ...config.photos,
    channels: config.model.channels,
    smallestSide: config.patch,
  })
  for (const { file, error } of photos.skipped)
    options.onMessage?.(`skipped ${file}: ${errorToData(error).message}`)
  const pixels = photos.training.reduce((sum, { width, height }) => sum + width * height, 0)
  options.onMessage?.(
    `${photos.training.length} pictures (${(pixels / 1e6).toFixed(1)} megapixels) to train on, ${photos.heldOut.length} held out`,
  )
  const training = buildDenoiserTraining(
    config.model,
    config.batch,
    config.patch,
    config.precision,
    config.adam,
  )
  try {
    const checkpoint = checkpointOf(options.out)
    const position = await start(training, config, checkpoint, options.from)
    const save = (): Promise<void> => {
      const { before, ...rest } = position
      const beside = [...(before ?? [])].map(([name, tensor]) => [BEFORE + name, tensor] as const)
      return writeContainer(checkpoint, {
        header: {
          kind: 'denoiser-checkpoint',
          config,
          card: null,
          position: { ...rest, threads, tensorflow: tensorflowVersion },
        },
        tensors: new Map([...training.program.read(), ...beside]),
      })
    }
    await run(training, config, photos, position, save, options)
    if (position.step < stepsOf(config)) return { finished: false, step: position.step }
    await writeModel(training, config, position, options)
    await rm(checkpoint, { force: true })
    return { finished: true, step: position.step }
  } finally {
    training.close()
  }
}

async function run(
  training: DenoiserTraining,
  config: DenoiserTrainingConfig,
  photos: { training: TrainingPhoto[]; heldOut: TrainingPhoto[] },
  position: Position,
  save: () => Promise<void>,
  { signal, onProgress }: TrainDenoiserOptions,
): Promise<void> {
  let [losses, counted, skippedInARow, lastSave, mark] = [0, 0, 0, Date.now(), Date.now()]
  const before = position.seconds
  const startStep = position.step
  const begun = Date.now()
  const steps = stepsOf(config)
  while (position.step < steps && !signal?.aborted) {
    const step = position.step + 1
    const leg = legAt(config, step)
    if (leg.at === 1 && step > 1)
      training.program.assign(zeroMoments(photoDenoiserParameters(config.model)))
    if (leg.at === 1 && leg.kept !== undefined)
      position.before = training.program.read(training.parameters)
    const rate = cosineRate(leg.at, leg.steps, leg.rate, leg.warmUp)
    const batch = photoBatch(photos.training, config, step, leg)
    const { loss, updated } = training.step({ ...batch, loss: leg.loss }, leg.at, rate)
    skippedInARow = updated ? 0 : skippedInARow + 1
    if (skippedInARow >= 20) {
      throw new DarkroomError(
        'training-diverged',
        `The loss was not finite for 20 steps in a row, at step ${step}.`,
        { step },
      )
    }
    if (leg.at === leg.steps && leg.kept !== undefined && position.before) {
      const after = training.program.read(training.parameters)
      training.program.assign(blended(position.before, after, leg.kept))
      position.before = null
    }
    position.step = step
    position.seconds = before + (Date.now() - begun) / 1000
    if (updated) [losses, counted] = [losses + loss, counted + 1]
    if (step % PROGRESS_STEPS === 0 || step === steps) {
      const psnr =
        step % EVALUATION_STEPS === 0 || step === steps
          ? heldOutPsnr(training, photos.heldOut, { ...config, sigma: EVALUATION_SIGMA })
          : null
      if (psnr !== null) position.curve.push([step, Number(psnr.toFixed(4))])
      const perStep = (Date.now() - begun) / 1000 / (step - startStep)
      onProgress?.({
        step,
        steps,
        loss: (losses / counted) * 255,
        rate,
        seconds: position.seconds,
        secondsLeft: perStep * (steps - step),
        psnr,
      })
      ;[losses, counted] = [0, 0]
    }
    if (Date.now() - lastSave > CHECKPOINT_SECONDS * 1000) {
      await save()
      lastSave = Date.now()
    }
    if (Date.now() - mark > 50) {
      await new Promise((resolve) => setImmediate(resolve)) // an abort or a request must get its turn
      mark = Date.now()
    }
  }
  await save()
}

async function writeModel(
  training: DenoiserTraining,
  config: DenoiserTrainingConfig,
  position: Position,
  { out, command }: TrainDenoiserOptions,
): Promise<void> {
  const { name, title, description, licence, data } = config.card
  const card: ModelCard = {
    name,
    kind: 'denoiser',
    title,
    description,
    channels: config.model.channels,
    sigmaRange: config.sigma,
    parameters: parameterCount(config.model),
    licence,
    data,
    seed: config.seed,
    command,
    trained: {
      steps: position.step,
      seconds: Math.round(position.seconds),
      tensorflow: tensorflowVersion,
      curve: position.curve,
    },
    measured: [],
  }
  await writeContainer(out, {
    header: { kind: 'denoiser', config: config.model, card },
    tensors: training.program.read(training.parameters),
  })
}
