/** The photo denoiser, taught by noise that is added to clean photos. */
import type { Losses, RunConfig } from '../../../shared/training'
import type { PhotoSet } from '../data/photoPatches'
import { buildDenoiserTraining, type DenoiserTraining } from '../models/photoDenoiser'
import { sideMultiple } from '../networks/photoDenoiser'
import type { State } from '../runtime/program'
import { checkPatch, DenoiserTask, LEVEL_JITTER, type PhotoRun } from './denoiserTask'
import { breathe } from './loop'
import { measureHeldOut, photoBatch, type HeldOut, type PhotoBatchOptions } from './photoBatch'

const VALIDATION_SIGMA = 25

export class PhotoTask extends DenoiserTask {
  readonly penalised = false
  readonly training: DenoiserTraining
  readonly #batch: PhotoBatchOptions
  readonly #photos: PhotoSet

  /** @throws DarkroomError `config-invalid` */
  constructor(config: RunConfig, model: PhotoRun, photos: PhotoSet, initial: State | null) {
    super(config, model, initial)
    checkPatch(model.patch, sideMultiple(this.network))
    const { batch, seed, precision, clipNorm, weightDecay } = config.training
    const { patch, sigma } = model
    this.#batch = { model: this.network, seed, batch, patch, sigma, levelJitter: LEVEL_JITTER }
    this.#photos = photos
    this.training = buildDenoiserTraining(this.network, batch, patch, precision, {
      clipNorm: clipNorm ?? Infinity,
      weightDecay,
    })
  }

  step(step: number, rate: number): ReturnType<DenoiserTask['step']> {
    const batch = photoBatch(this.#photos.training, this.#batch, step)
    const { loss, updated } = this.training.step(batch, step, rate)
    const levels = loss * 255
    return { losses: { loss: levels, reconstruction: levels, penalty: null }, updated }
  }

  async validate(): Promise<Losses | null> {
    const { heldOut } = this.#photos
    if (heldOut.length === 0) return null
    let [mse, mae] = [0, 0]
    for (const index of heldOut.keys()) {
      const measured = this.#measure(index)
      mse += measured.mse / heldOut.length
      mae += (measured.mae * 255) / heldOut.length
      await breathe()
    }
    return { loss: mae, reconstruction: mae, penalty: null, mse }
  }

  protected shown(count: number): HeldOut[] {
    const { length } = this.#shownPhotos
    return Array.from({ length: Math.min(count, length) }, (_, index) => this.#measure(index))
  }

  get #shownPhotos(): PhotoSet['training'] {
    const { heldOut, training } = this.#photos
    return heldOut.length > 0 ? heldOut : training
  }

  #measure(index: number): HeldOut {
    const photo = this.#shownPhotos[index] as PhotoSet['training'][number]
    const { seed } = this
    const how = { model: this.network, seed, sigma: VALIDATION_SIGMA }
    return measureHeldOut(this.training, photo, index, how)
  }
}
