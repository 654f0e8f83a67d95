/** The photo denoiser, taught by noisy photos alone: see `models/neighbours.ts`. */
import type { Losses, RunConfig } from '../../../shared/training'
import { chooseNeighbours } from '../data/neighbours'
import { photoOfPatch, samplePatches, type TrainingPhoto } from '../data/photoPatches'
import { uniform } from '../data/random'
import { selfScore } from '../imaging/selfScore'
import {
  buildNeighbourTraining,
  neighbourMultiple,
  type NeighbourTraining,
} from '../models/neighbours'
import { sideMultiple } from '../networks/photoDenoiser'
import type { State } from '../runtime/program'
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

/**
 * γ: from random weights it rises from 0, as the paper's own training does. A model that denoises already knows what
 * the image has between neighbours: it has γ whole from the start (`bench/README.md` has what was tried).
 */
const CONSISTENCY = 2

/** Noisy photos, each with the level of its noise on the 0–255 scale. */
export interface NoisyPhotos {
  training: readonly TrainingPhoto[]
  heldOut: readonly TrainingPhoto[]
  levels: ReadonlyMap<TrainingPhoto, number>
}

/** Losses of a step are squared errors on the 0–255 scale: between two views, and of what differs between them. */
const squares = 255 ** 2

export class NeighbourTask extends DenoiserTask {
  readonly penalised = true
  readonly training: NeighbourTraining
  readonly #photos: NoisyPhotos
  readonly #config: RunConfig
  readonly #patch: number
  /** Whether it begins with the weights of a model that denoises. */
  readonly #knows: boolean

  /** @throws DarkroomError `config-invalid` */
  constructor(config: RunConfig, model: PhotoRun, photos: NoisyPhotos, initial: State | null) {
    super(config, model, initial)
    checkPatch(model.patch, neighbourMultiple(this.network))
    const { batch, precision, clipNorm, weightDecay } = config.training
    this.#config = config
    this.#knows = initial !== null
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
    const rising = this.#knows ? 0 : epochs
    const weight = warmedUp(CONSISTENCY, rising, step, this.stepsPerEpoch)
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

  /**
   * The squared error at hidden pixels of the held-out photos' middles (`imaging/selfScore.ts`). Views may favour a
   * model that blurs what they do not share; and they have half of the photo's size, at which nobody denoises.
   */
  async validate(): Promise<Losses | null> {
    const { heldOut } = this.#photos
    if (heldOut.length === 0) return null
    let error = 0
    for (const photo of heldOut) {
      error += (await this.#hiddenError(photo)) / heldOut.length
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

  async #hiddenError(photo: TrainingPhoto): Promise<number> {
    const { side, values } = middleOf(photo, this.network)
    const { channels } = this.network
    const data = Uint8Array.from(values, (value) => Math.round(255 * value))
    const planes = { width: side, height: side, channels, bits: 8, data, alpha: null } as const
    const runner = {
      channels,
      multiple: sideMultiple(this.network),
      run: this.training.denoise.bind(this.training),
    }
    return (await selfScore(planes, runner, this.#levelOf(photo))).error ** 2
  }
}
