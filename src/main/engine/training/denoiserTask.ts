/** What the loop needs of a photo denoiser, however it is taught. An epoch is a fixed number of steps. */
import type { Losses, ModelConfig, RunConfig } from '../../../shared/training'
import { DarkroomError } from '../../../shared/errors'
import type { DenoiserProgram } from '../models/photoDenoiser'
import { zeroMoments } from '../models/training'
import { photoDenoiserParameters, type PhotoDenoiserConfig } from '../networks/photoDenoiser'
import { initialValues } from '../networks/parameters'
import type { State } from '../runtime/program'
import type { Task } from './loop'

/** Steps that are called an epoch: photos have no natural one. */
export const PHOTO_STEPS = 200
/** The level told to the network is wrong by up to this share, so that it forgives an estimate. */
export const LEVEL_JITTER = 0.1

export type PhotoRun = Extract<ModelConfig, { kind: 'photo-denoiser' }>

/** The network of a run. */
export const photoNetwork = ({ channels, widths, blocks }: PhotoRun): PhotoDenoiserConfig => ({
  network: 'photo-denoiser',
  channels,
  widths,
  blocks,
})

/** A square out of a photo, before and after; `clean` where it is known. Values in 0–1, [side, side, channels]. */
export interface ShownPatch {
  side: number
  noisy: Float32Array
  denoised: Float32Array
  clean: Float32Array | null
}

/** @throws DarkroomError `config-invalid` */
export function checkPatch(patch: number, multiple: number): void {
  if (patch % multiple === 0) return
  throw new DarkroomError(
    'config-invalid',
    `Expected a patch that is a multiple of ${multiple}. Received ${patch}.`,
    { reason: 'config-patch' },
  )
}

export abstract class DenoiserTask implements Task {
  readonly stepsPerEpoch = PHOTO_STEPS
  readonly imagesPerStep: number
  abstract readonly penalised: boolean
  abstract readonly training: DenoiserProgram
  readonly network: PhotoDenoiserConfig
  protected readonly seed: number
  readonly #initial: State | null

  /** @param initial the weights to begin with; null: random ones */
  constructor({ training }: RunConfig, model: PhotoRun, initial: State | null) {
    this.network = photoNetwork(model)
    this.imagesPerStep = training.batch
    this.seed = training.seed
    this.#initial = initial
  }

  abstract step(step: number, rate: number): ReturnType<Task['step']>
  abstract validate(): Promise<Losses | null>
  /** What the model makes of some photos that it is not trained on (of others, where there are none). */
  protected abstract shown(count: number): ShownPatch[]

  start(): void {
    const parameters = photoDenoiserParameters(this.network)
    this.training.program.assign(this.#initial ?? initialValues(parameters, this.seed))
    this.training.program.assign(zeroMoments(parameters))
  }

  /** Patches of one size for a preview, one after the other. */
  preview(count: number): ShownPatch & { count: number } {
    const patches = this.shown(count)
    const side = Math.min(...patches.map((each) => each.side))
    const join = (pick: (of: ShownPatch) => Float32Array): Float32Array => {
      const values = new Float32Array(patches.length * side * side * this.network.channels)
      patches.forEach((each, index) => {
        const row = side * this.network.channels
        const from = each.side * this.network.channels
        for (let y = 0; y < side; y++)
          values.set(pick(each).subarray(y * from, y * from + row), (index * side + y) * row)
      })
      return values
    }
    return {
      side,
      noisy: join(({ noisy }) => noisy),
      denoised: join(({ denoised }) => denoised),
      clean: patches.every(({ clean }) => clean !== null)
        ? join(({ clean }) => clean as Float32Array)
        : null,
      count: patches.length,
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
}
