/** The photo denoiser, taught by noisy photos alone: see `models/neighbours.ts`. */
import type { Losses, RunConfig } from '../../../shared/training'
import { chooseNeighbours } from '../data/neighbours'
import { photoOfPatch, samplePatches, type TrainingPhoto } from '../data/photoPatches'
import { uniform } from '../data/random'
import {
  buildNeighbourTraining,
  neighbourMultiple,
  viewOf,
  type NeighbourTraining,
} from '../models/neighbours'
import type { State } from '../runtime/program'
import { tf } from '../runtime/tensorflow'
import {
  checkPatch,
  DenoiserTask,
  LEVEL_JITTER,
  type PhotoRun,
  type ShownPatch,
} from './denoiserTask'
import { breathe } from './loop'
import { middleOf } from './photoBatch'
import { warmedUp } from './schedule'

/** γ at the last step: it rises from 0, as the paper's own training does. */
const CONSISTENCY = 2

/** Noisy photos, each with the level of its noise on the 0–255 scale. */
export interface NoisyPhotos {
  training: readonly TrainingPhoto[]
  heldOut: readonly TrainingPhoto[]
  levels: ReadonlyMap<TrainingPhoto, number>
}

/** Losses here are squared errors on the 0–255 scale: between two views, and of what differs between them. */
const squares = 255 ** 2

export class NeighbourTask extends DenoiserTask {
  readonly penalised = true
  readonly training: NeighbourTraining
  readonly #photos: NoisyPhotos
  readonly #config: RunConfig
  readonly #patch: number

  /** @throws DarkroomError `config-invalid` */
  constructor(config: RunConfig, model: PhotoRun, photos: NoisyPhotos, initial: State | null) {
    super(config, model, initial)
    checkPatch(model.patch, neighbourMultiple(this.network))
    const { batch, precision, clipNorm, weightDecay } = config.training
    this.#config = config
    this.#patch = model.patch
    this.#photos = photos
    this.training = buildNeighbourTraining(this.network, batch, model.patch, precision, {
      clipNorm: clipNorm ?? Infinity,
      weightDecay,
    })
  }

  step(step: number, rate: number): ReturnType<DenoiserTask['step']> {
    const { batch, seed, epochs } = this.#config.training
    const { training: photos } = this.#photos
    const side = this.#patch
    const sigmas = Float32Array.from({ length: batch }, (_, index) => {
      const photo = photoOfPatch(photos, seed, step, index)
      const jitter = 2 * uniform(seed, step, 'jitter', index) - 1
      return this.#levelOf(photo) * (1 + LEVEL_JITTER * jitter)
    })
    const weight = warmedUp(CONSISTENCY, epochs, step, this.stepsPerEpoch)
    const { loss, updated, parts } = this.training.step(
      {
        noisy: samplePatches(photos, this.network.channels, batch, side, seed, step),
        sigmas,
        choice: chooseNeighbours(batch, side, side, seed, step),
        weight,
      },
      step,
      rate,
    )
    const [reconstruction, penalty] = parts.map((part) => part * squares) as [number, number]
    return { losses: { loss: loss * squares, reconstruction, penalty }, updated }
  }

  /** The error between two views of the held-out photos' middles: what noise is left in the target is always the same. */
  async validate(): Promise<Losses | null> {
    const { heldOut } = this.#photos
    if (heldOut.length === 0) return null
    let error = 0
    for (const [index, photo] of heldOut.entries()) {
      error += this.#viewError(photo, index) / heldOut.length
      await breathe()
    }
    return { loss: error, reconstruction: error, penalty: null, mse: null }
  }

  protected shown(count: number): ShownPatch[] {
    const { heldOut, training } = this.#photos
    return (heldOut.length > 0 ? heldOut : training).slice(0, count).map((photo) => {
      const { side, values } = middleOf(photo, this.network)
      const denoised = this.training.denoise(values, side, side, this.#levelOf(photo))
      return { side, noisy: values, denoised, clean: null }
    })
  }

  #levelOf(photo: TrainingPhoto): number {
    return this.#photos.levels.get(photo) ?? 0
  }

  #viewError(photo: TrainingPhoto, index: number): number {
    const { side, values } = middleOf(photo, this.network, 2)
    const choice = chooseNeighbours(1, side, side, this.seed, 1_000_000 + index)
    const [first, second] = tf.tidy(() => {
      const image = tf.tensor4d(values, [1, side, side, this.network.channels])
      return [choice.first, choice.second].map((each) =>
        viewOf(image, tf.tensor4d(each, [1, side / 2, side / 2, 4])).dataSync(),
      )
    }) as [Float32Array, Float32Array]
    const denoised = this.training.denoise(first, side / 2, side / 2, this.#levelOf(photo))
    const error = denoised.reduce((sum, value, i) => sum + (value - (second[i] as number)) ** 2, 0)
    return (error / denoised.length) * squares
  }
}
