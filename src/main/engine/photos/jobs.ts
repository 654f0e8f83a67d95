/** Denoising as jobs: started by a request, reported by events, one a photo, cancelled within a tile. */
import { randomUUID } from 'node:crypto'
import type { ArgsOf, Emit, EngineEvents, EngineRequests } from '../../../shared/contract'
import { DarkroomError, errorToData } from '../../../shared/errors'
import type { DenoiseReport, NoiseLevel, Region } from '../../../shared/types'
import type { TileRunner } from '../imaging/denoise'
import { breathe, denoisePlanes, fitRunner, throwIfCancelled } from '../imaging/denoise'
import { paintDraft } from '../imaging/draft'
import { estimateNoise } from '../imaging/noiseLevel'
import { residualCorrelation } from '../imaging/residual'
import type { Planes } from '../codec'
import type { Denoisers } from './denoisers'
import type { DenoisedLayer, OpenPhoto } from './openPhoto'
import { copyOf } from './openPhoto'
import { ProgressReporter } from './progress'

type Wanted = Omit<ArgsOf<EngineRequests, 'photo.denoise'>, 'photo'>
type Outcome = EngineEvents['job.finished']['outcome']

interface Job {
  stop: AbortController
  ended: Promise<void>
}

export class Jobs {
  readonly #denoisers: Denoisers
  readonly #jobs = new Map<string, Job>()
  readonly #ofPhoto = new Map<OpenPhoto, string>()

  constructor(denoisers: Denoisers) {
    this.#denoisers = denoisers
  }

  /** Starts a job; one that runs for this photo is cancelled first. Its end is told by `job.finished`, always. */
  async start(photo: OpenPhoto, wanted: Wanted, emit: Emit): Promise<string> {
    // No turn is given away between seeing that nothing runs and starting: of several requests one is the last.
    for (let other = this.#ofPhoto.get(photo); other; other = this.#ofPhoto.get(photo)) {
      await this.cancel(other)
    }
    const job = randomUUID()
    const stop = new AbortController()
    const names = { job, photo: photo.info.photo }
    const reporter = new ProgressReporter(emit, names)
    const ended = this.#run(photo, wanted, stop.signal, reporter).then((outcome) => {
      this.#jobs.delete(job)
      this.#ofPhoto.delete(photo)
      reporter.flush()
      emit('job.finished', { ...names, outcome })
    })
    this.#jobs.set(job, { stop, ended })
    this.#ofPhoto.set(photo, job)
    return job
  }

  /** Ends a job and returns when it has ended. One that has ended already is no error. */
  async cancel(job: string): Promise<void> {
    const found = this.#jobs.get(job)
    found?.stop.abort()
    await found?.ended
  }

  /** Ends what runs for a photo now. */
  async cancelFor(photo: OpenPhoto): Promise<void> {
    await this.cancel(this.#ofPhoto.get(photo) ?? '')
  }

  /** Ends all jobs. */
  async close(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((job) => this.cancel(job)))
  }

  async #run(
    photo: OpenPhoto,
    wanted: Wanted,
    signal: AbortSignal,
    reporter: ProgressReporter,
  ): Promise<Outcome> {
    try {
      await breathe() // the caller hears of the job before the job is heard of
      return { state: 'done', report: await this.#denoise(photo, wanted, signal, reporter) }
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'cancelled')
        return { state: 'cancelled' }
      return { state: 'failed', error: errorToData(error) }
    }
  }

  async #denoise(
    photo: OpenPhoto,
    { model, sigma, visible }: Wanted,
    signal: AbortSignal,
    reporter: ProgressReporter,
  ): Promise<DenoiseReport> {
    reporter.report({ phase: 'estimate', share: 0, secondsLeft: null, region: null })
    throwIfCancelled(signal)
    const { input } = photo
    const lease = await this.#denoisers.acquire(model, input.channels)
    try {
      const runner = fitRunner(lease.runner, input.channels, lease.model.info.card.name)
      const begun = Date.now()
      const before = photo.noiseLevel()
      await breathe()
      throwIfCancelled(signal)
      const layer = workingLayer(photo)
      const work: Work = { input, layer, runner, sigma: sigma ?? before.sigma, visible, signal }
      await draft(work, sigma === null, reporter)
      await exact(work, reporter)
      const { card, hash } = lease.model.info
      layer.making = { model: card.name, hash, sigma: work.sigma }
      layer.complete = true
      return await reportOf(work, sigma === null, before, (Date.now() - begun) / 1000)
    } finally {
      lease.release()
    }
  }
}

interface Work {
  input: Planes
  layer: DenoisedLayer
  runner: TileRunner
  sigma: number
  visible: Region | null
  signal: AbortSignal
}

/** Where the result grows: over the last result, so that a change of a setting does not flash the noise; else over the input. */
function workingLayer(photo: OpenPhoto): DenoisedLayer {
  const planes = photo.denoised?.planes ?? copyOf(photo.input)
  const layer: DenoisedLayer = { planes, complete: false, making: null, texture: null }
  photo.denoised = layer
  return layer
}

async function draft(work: Work, estimate: boolean, reporter: ProgressReporter): Promise<void> {
  const { input, layer, runner, sigma, visible, signal } = work
  if (!visible) return
  const painted = await paintDraft(input, layer.planes, visible, runner, {
    sigma,
    estimate,
    signal,
  })
  if (painted) reporter.report({ phase: 'draft', share: 0, secondsLeft: null, region: visible })
  if (painted) reporter.flush()
  await breathe()
}

async function exact(work: Work, reporter: ProgressReporter): Promise<void> {
  const { input, layer, runner, sigma, visible, signal } = work
  const begun = Date.now()
  let first = begun
  await denoisePlanes(input, layer.planes, runner, sigma, {
    visible,
    signal,
    onTile: ({ done, total, region }) => {
      // The first call also lets TensorFlow prepare its kernels: it says nothing about the others.
      if (done === 1) first = Date.now()
      const perTile = done > 1 ? (Date.now() - first) / (done - 1) : null
      const secondsLeft = perTile === null ? null : (perTile * (total - done)) / 1000
      reporter.report({ phase: 'exact', share: done / total, secondsLeft, region })
    },
  })
}

async function reportOf(
  { input, layer, sigma }: Work,
  sigmaEstimated: boolean,
  noiseBefore: NoiseLevel,
  seconds: number,
): Promise<DenoiseReport> {
  const noiseAfter = estimateNoise(layer.planes)
  await breathe()
  const { correlation, structured } = residualCorrelation(input, layer.planes)
  const megapixels = (input.width * input.height) / 1e6
  return {
    sigma,
    sigmaEstimated,
    noiseBefore,
    noiseAfter,
    residualCorrelation: correlation,
    residualStructured: structured,
    seconds,
    megapixelsPerSecond: megapixels / Math.max(seconds, 1e-3),
  }
}
