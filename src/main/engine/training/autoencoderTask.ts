/** An autoencoder with its data, as the loop's task. */
import type { Losses, RunConfig } from '../../../shared/training'
import { augmentTransforms } from '../data/augment'
import type { ImageSet } from '../data/imageSet'
import { epochOrder, splitIndices } from '../data/split'
import { valuesAt } from '../data/values'
import {
  assignImages,
  buildAutoencoderTraining,
  zeroMoments,
  type AutoencoderTraining,
  type Reconstructions,
} from '../models/training'
import type { ImageShape } from '../networks/autoencoder'
import { initialValues } from '../networks/parameters'
import type { State } from '../runtime/program'
import { checkedRun, shapeOf, type AutoencoderRun } from './checks'
import { breathe, type Task } from './loop'
import { rateOf, warmedUp } from './schedule'

/** Values of one call of validation: 250 of MNIST's images, fewer of larger ones, so that no call takes long. */
const VALIDATION_VALUES = 250 * 28 * 28
const LEAST_VALIDATION_BATCH = 8
/** What tells validation's random numbers from those of the steps. */
const VALIDATION_SEED = 0x2545f491
const PREVIEW_SEED = 0x1b873593

export interface AutoencoderTaskOptions {
  config: RunConfig
  set: ImageSet
  /** The set's images after a corruption that cannot be traced; null for all others. */
  corruptedImages: Uint8Array | null
}

/** One step's batch, as numbers. Augmentation is left out. */
export interface StepData {
  step: number
  rate: number
  weight: number
  seed: readonly [number, number]
  indices: Int32Array
  shape: ImageShape
  clean: Float32Array
  corrupted: Float32Array | null
}

export class AutoencoderTask implements Task {
  readonly stepsPerEpoch: number
  readonly imagesPerStep: number
  readonly penalised: boolean
  readonly training: AutoencoderTraining
  readonly #run: AutoencoderRun
  readonly #set: ImageSet
  readonly #trained: Int32Array
  readonly #validated: Int32Array
  readonly #validationBatch: number
  readonly #corruptedImages: Uint8Array | null
  #order: { epoch: number; indices: Int32Array } | null = null

  /** @throws DarkroomError `config-invalid`, `batch-too-large`, `training-too-large` */
  constructor({ config, set, corruptedImages }: AutoencoderTaskOptions) {
    const { card } = set
    const split = splitIndices(card.images, config.validation, config.training.seed)
    this.#run = checkedRun(config, card, split.training.length)
    const { batch, clipNorm, weightDecay, precision } = this.#run.training
    this.#set = set
    this.#corruptedImages = corruptedImages
    this.#trained = split.training
    this.#validated = split.validation
    const values = card.width * card.height * card.channels
    const fitting = Math.max(LEAST_VALIDATION_BATCH, Math.floor(VALIDATION_VALUES / values))
    this.#validationBatch = Math.min(250, fitting, card.images)
    this.stepsPerEpoch = Math.floor(split.training.length / batch)
    this.imagesPerStep = batch
    this.training = buildAutoencoderTraining({
      config: this.#run.model,
      shape: shapeOf(card),
      images: card.images,
      batch,
      validationBatch: this.#validationBatch,
      adam: { clipNorm: clipNorm ?? Infinity, weightDecay },
      precision,
      binarise: config.binarise,
      augmented: this.#transforms(1) !== null,
    })
    const { kind } = this.#run.model
    this.penalised = kind === 'sparse' || kind === 'contractive' || kind === 'variational'
    assignImages(this.training, set.images, corruptedImages)
  }

  /** The run, checked. */
  get run(): AutoencoderRun {
    return this.#run
  }

  /** Initial weights and moments. */
  start(): void {
    const { parameters, program } = this.training
    program.assign(initialValues(parameters, this.#run.training.seed))
    program.assign(zeroMoments(parameters))
  }

  step(step: number, rate: number): ReturnType<Task['step']> {
    const weight = this.#weight(step)
    const { loss, updated, parts } = this.training.step(
      {
        indices: this.#batch(step),
        seed: [this.#run.training.seed, step],
        weight,
        transforms: this.#transforms(step),
      },
      step,
      rate,
    )
    const [reconstruction = loss, penalty = null] = parts
    return { losses: { loss, reconstruction, penalty }, updated }
  }

  async validate(): Promise<Losses | null> {
    const count = this.#validated.length
    if (count === 0) return null
    const sums = { reconstruction: 0, penalty: 0, mse: 0 }
    for (let at = 0; at < count; at += this.#validationBatch) {
      const indices = this.#validated.subarray(at, at + this.#validationBatch)
      const part = this.training.validate(indices, [VALIDATION_SEED, at])
      sums.reconstruction += part.reconstruction
      sums.penalty += part.penalty ?? 0
      sums.mse += part.mse
      await breathe()
    }
    const [reconstruction, penalty] = [sums.reconstruction / count, sums.penalty / count]
    const { weight } = this.training.model
    return {
      loss: reconstruction + (this.penalised ? weight * penalty : 0),
      reconstruction,
      penalty: this.penalised ? penalty : null,
      mse: sums.mse / count,
    }
  }

  /** What the model makes of the first `count` validation images (or training images, where there are no others). */
  preview(count: number): Reconstructions & { count: number } {
    const from = this.#validated.length > 0 ? this.#validated : this.#trained
    const indices = from.subarray(0, Math.min(count, this.#validationBatch))
    return {
      count: indices.length,
      ...this.training.reconstruct(indices, [PREVIEW_SEED, 0]),
    }
  }

  /** What step number `step` is made of, for looking at it: `count` images of its batch at most. */
  dataOf(step: number, count: number): StepData {
    const { card, images } = this.#set
    const indices = this.#batch(step).slice(0, count)
    const size = card.width * card.height * card.channels
    return {
      step,
      rate: rateOf(this.#run.training, step, this.stepsPerEpoch),
      weight: this.#weight(step),
      seed: [this.#run.training.seed, step],
      indices,
      shape: shapeOf(card),
      clean: valuesAt(images, size, indices),
      corrupted: this.#corruptedImages ? valuesAt(this.#corruptedImages, size, indices) : null,
    }
  }

  beta(step: number): number | null {
    return this.#run.model.kind === 'variational' ? this.#weight(step) : null
  }

  read(what: 'weights' | 'all'): State {
    const { program, parameters } = this.training
    return what === 'all' ? program.read() : program.read([...parameters.keys()])
  }

  assign(state: State): void {
    this.training.program.assign(state)
  }

  close(): void {
    this.training.close()
  }

  /** λ or β at a step. */
  #weight(step: number): number {
    const { model } = this.#run
    const { weight } = this.training.model
    return model.kind === 'variational'
      ? warmedUp(weight, model.betaWarmUp, step, this.stepsPerEpoch)
      : weight
  }

  /** The images of a step: each epoch has an order of its own, of which the rest that fills no batch is left out. */
  #batch(step: number): Int32Array {
    const epoch = Math.floor((step - 1) / this.stepsPerEpoch)
    if (this.#order?.epoch !== epoch) {
      const indices = epochOrder(this.#trained, this.#run.training.seed, epoch)
      this.#order = { epoch, indices }
    }
    const at = ((step - 1) % this.stepsPerEpoch) * this.imagesPerStep
    return this.#order.indices.slice(at, at + this.imagesPerStep)
  }

  #transforms(step: number): Float32Array | null {
    const { augmentation, training } = this.#run
    const { width, height } = this.#set.card
    return augmentTransforms(augmentation, { width, height }, training.batch, training.seed, step)
  }
}
