/** The photo denoiser with a folder of photos, as the loop's task. An epoch is a fixed number of steps. */
import type { Losses, ModelConfig, RunConfig } from '../../../shared/training'
import { DarkroomError } from '../../../shared/errors'
import type { PhotoSet } from '../data/photoPatches'
import { buildDenoiserTraining, type DenoiserTraining } from '../models/photoDenoiser'
import { zeroMoments } from '../models/training'
import {
  photoDenoiserParameters,
  sideMultiple,
  type PhotoDenoiserConfig,
} from '../networks/photoDenoiser'
import { initialValues } from '../networks/parameters'
import type { State } from '../runtime/program'
import { breathe, type Task } from './loop'
import { measureHeldOut, photoBatch, type PhotoBatchOptions } from './photoBatch'

/** Steps that are called an epoch: photos have no natural one. */
export const PHOTO_STEPS = 200
const VALIDATION_SIGMA = 25
/** The level told to the network is wrong by up to this share, so that it forgives an estimate. */
const LEVEL_JITTER = 0.1

type PhotoRun = Extract<ModelConfig, { kind: 'photo-denoiser' }>

/** The network of a run. */
export const photoNetwork = ({ channels, widths, blocks }: PhotoRun): PhotoDenoiserConfig => ({
  network: 'photo-denoiser',
  channels,
  widths,
  blocks,
})

export class PhotoTask implements Task {
  readonly stepsPerEpoch = PHOTO_STEPS
  readonly imagesPerStep: number
  readonly penalised = false
  readonly network: PhotoDenoiserConfig
  readonly training: DenoiserTraining
  readonly #batch: PhotoBatchOptions
  readonly #photos: PhotoSet

  /** @throws DarkroomError `config-invalid` */
  constructor(config: RunConfig, photos: PhotoSet) {
    const { model, training } = config
    if (model.kind !== 'photo-denoiser')
      throw new Error(`Expected a photo denoiser. Received ${model.kind}.`)
    this.network = photoNetwork(model)
    const multiple = sideMultiple(this.network)
    if (model.patch % multiple !== 0) {
      throw new DarkroomError(
        'config-invalid',
        `Expected a patch that is a multiple of ${multiple}. Received ${model.patch}.`,
        { reason: 'config-patch' },
      )
    }
    const { batch, seed, precision, clipNorm, weightDecay } = training
    const { patch, sigma } = model
    this.imagesPerStep = batch
    this.#batch = { model: this.network, seed, batch, patch, sigma, levelJitter: LEVEL_JITTER }
    this.#photos = photos
    this.training = buildDenoiserTraining(this.network, batch, patch, precision, {
      clipNorm: clipNorm ?? Infinity,
      weightDecay,
    })
  }

  start(): void {
    const parameters = photoDenoiserParameters(this.network)
    this.training.program.assign(initialValues(parameters, this.#batch.seed))
    this.training.program.assign(zeroMoments(parameters))
  }

  step(step: number, rate: number): ReturnType<Task['step']> {
    const batch = photoBatch(this.#photos.training, this.#batch, step)
    const { loss, updated } = this.training.step(batch, step, rate)
    const levels = loss * 255
    return { losses: { loss: levels, reconstruction: levels, penalty: null }, updated }
  }

  async validate(): Promise<Losses | null> {
    const { heldOut } = this.#photos
    if (heldOut.length === 0) return null
    let [mse, mae] = [0, 0]
    for (const [index, photo] of heldOut.entries()) {
      const measured = measureHeldOut(this.training, photo, index, this.#measure)
      mse += measured.mse / heldOut.length
      mae += (measured.mae * 255) / heldOut.length
      await breathe()
    }
    return { loss: mae, reconstruction: mae, penalty: null, mse }
  }

  /** What the model makes of the held-out photos' middles (of the training photos', where there are no others). */
  preview(count: number): {
    side: number
    inputs: Float32Array
    outputs: Float32Array
    clean: Float32Array
    count: number
  } {
    const { heldOut, training } = this.#photos
    const shown = (heldOut.length > 0 ? heldOut : training).slice(0, count)
    const measured = shown.map((photo, index) =>
      measureHeldOut(this.training, photo, index, this.#measure),
    )
    const side = Math.min(...measured.map((each) => each.side))
    const join = (pick: (of: (typeof measured)[number]) => Float32Array): Float32Array => {
      const values = new Float32Array(measured.length * side * side * this.network.channels)
      measured.forEach((each, index) => {
        const row = side * this.network.channels
        const from = each.side * this.network.channels
        for (let y = 0; y < side; y++)
          values.set(pick(each).subarray(y * from, y * from + row), (index * side + y) * row)
      })
      return values
    }
    return {
      side,
      inputs: join(({ noisy }) => noisy),
      outputs: join(({ denoised }) => denoised),
      clean: join(({ clean }) => clean),
      count: measured.length,
    }
  }

  beta(): null {
    return null
  }

  read(what: 'weights' | 'all'): State {
    const { program, parameters } = this.training
    return what === 'all' ? program.read() : program.read(parameters)
  }

  assign(state: State): void {
    this.training.program.assign(state)
  }

  close(): void {
    this.training.close()
  }

  get #measure(): { model: PhotoDenoiserConfig; seed: number; sigma: number } {
    return { model: this.network, seed: this.#batch.seed, sigma: VALIDATION_SIGMA }
  }
}
