/** Denoising as jobs: started by a request, reported by events, one a photo, cancelled within a tile. */
import { randomUUID } from 'node:crypto'
import { noiseStructureOf } from '../../../shared/automaticModel'
import type { ArgsOf, Emit, EngineEvents, EngineRequests } from '../../../shared/contract'
import { DarkroomError, errorToData } from '../../../shared/errors'
import { curveOf, levelOf, type Level } from '../../../shared/noiseCurve'
import { reasonsOf } from '../../../shared/reasons'
import type { DenoiseReport, NoiseLevel, Region, SelfScore } from '../../../shared/types'
import type { TileRunner } from '../imaging/denoise'
import { breathe, denoisePlanes, fitRunner, throwIfCancelled } from '../imaging/denoise'
import { paintDraft } from '../imaging/draft'
import { estimateNoise } from '../imaging/noiseLevel'
import { noiseCorrelation } from '../imaging/noiseCorrelation'
import { residualCorrelation } from '../imaging/residual'
import { selfScore } from '../imaging/selfScore'
import type { Planes } from '../codec'
import type { Denoisers } from './denoisers'
import type { DenoisedLayer, OpenPhoto } from './openPhoto'
import { copyOf } from './openPhoto'
import { ProgressReporter } from './progress'

type Wanted = Omit<ArgsOf<EngineRequests, 'photo.denoise'>, 'photo'>
type WantedScore = Omit<ArgsOf<EngineRequests, 'photo.score'>, 'photo'>
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

  /** How many photos are being denoised. */
  get running(): number {
    return this.#jobs.size
  }

  /** Starts denoising; a job that runs for this photo is cancelled first. Its end is told by `job.finished`, always. */
  start(photo: OpenPhoto, wanted: Wanted, emit: Emit): Promise<string> {
    return this.#launch(photo, emit, async (signal, reporter) => {
      return { state: 'done', report: await this.#denoise(photo, wanted, signal, reporter) }
    })
  }

  /** Starts scoring, in the same way. */
  score(photo: OpenPhoto, wanted: WantedScore, emit: Emit): Promise<string> {
    return this.#launch(photo, emit, async (signal, reporter) => {
      return { state: 'scored', score: await this.#score(photo, wanted, signal, reporter) }
    })
  }

  async #launch(photo: OpenPhoto, emit: Emit, work: Work): Promise<string> {
    // No turn is given away between seeing that nothing runs and starting: of several requests one is the last.
    for (let other = this.#ofPhoto.get(photo); other; other = this.#ofPhoto.get(photo)) {
      await this.cancel(other)
    }
    const job = randomUUID()
    const stop = new AbortController()
    const names = { job, photo: photo.info.photo }
    const reporter = new ProgressReporter(emit, names)
    const ended = run(work, stop.signal, reporter).then((outcome) => {
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

  async #denoise(
    photo: OpenPhoto,
    { model, sigma, visible }: Wanted,
    signal: AbortSignal,
    reporter: ProgressReporter,
  ): Promise<DenoiseReport> {
    reporter.report({ phase: 'estimate', share: 0, secondsLeft: null, region: null })
    throwIfCancelled(signal)
    const { input } = photo
    const begun = Date.now()
    const before = photo.noiseLevel()
    await breathe()
    throwIfCancelled(signal)
    const lease = await this.#denoisers.acquire(model, input.channels, noiseStructureOf(before))
    try {
      const runner = fitRunner(lease.runner, input.channels, lease.model.info.card.name)
      const layer = workingLayer(photo)
      const level = sigma ?? levelOf(before)
      const task: Task = { input, layer, runner, level, noise: before, visible, signal }
      await draft(task, sigma === null, reporter)
      const overall = await exact(task, reporter)
      const told = sigma === null ? before.sigma : overall
      const { card, hash } = lease.model.info
      layer.making = { model: card.name, hash, sigma: told, byBrightness: curveOf(level) }
      layer.complete = true
      const seconds = (Date.now() - begun) / 1000
      const reasons = reasonsOf({
        model,
        sigma,
        estimate: before,
        channels: input.channels,
        card,
      })
      const report = await reportOf(task, told, sigma === null, seconds)
      return { model: card.name, reasons, ...report }
    } finally {
      lease.release()
    }
  }

  async #score(
    photo: OpenPhoto,
    { model, sigma }: WantedScore,
    signal: AbortSignal,
    reporter: ProgressReporter,
  ): Promise<SelfScore> {
    const { input } = photo
    checkIndependent(photo)
    const noise = photo.noiseLevel()
    const lease = await this.#denoisers.acquire(model, input.channels, noiseStructureOf(noise))
    try {
      const runner = fitRunner(lease.runner, input.channels, lease.model.info.card.name)
      const onShare = (share: number): void =>
        reporter.report({ phase: 'score', share, secondsLeft: null, region: null })
      onShare(0)
      const score = await selfScore(input, runner, sigma ?? levelOf(noise), {
        noise,
        signal,
        onShare,
      })
      return { noise: noise.sigma, ...score }
    } finally {
      lease.release()
    }
  }
}

/**
 * From this correlation on noise does not count as independent between pixels. Measured with {@link noiseCorrelation}:
 * camera files of PolyU 0.63–0.78; Kodak and Set12 with white noise of σ 10 and more at most 0.25, of σ 5 at most 0.49
 * (three of 36 above 0.25, all full of texture).
 */
const mostCorrelation = 0.3

function checkIndependent({ input, info: { name: file } }: OpenPhoto): void {
  const correlation = noiseCorrelation(input)
  if (correlation < mostCorrelation) return
  const text = `noise in ${file} has a correlation of ${correlation} between pixels`
  throw new DarkroomError('score-invalid', text, { file, correlation: correlation.toFixed(2) })
}

type Work = (signal: AbortSignal, reporter: ProgressReporter) => Promise<Outcome>

async function run(work: Work, signal: AbortSignal, reporter: ProgressReporter): Promise<Outcome> {
  try {
    await breathe() // the caller hears of the job before the job is heard of
    return await work(signal, reporter)
  } catch (error) {
    if (error instanceof DarkroomError && error.code === 'cancelled') return { state: 'cancelled' }
    return { state: 'failed', error: errorToData(error) }
  }
}

interface Task {
  input: Planes
  layer: DenoisedLayer
  runner: TileRunner
  level: Level
  noise: NoiseLevel
  visible: Region | null
  signal: AbortSignal
}

/**
 * Where the result grows: over a copy of the last result, so that a change of a setting does not flash the noise, and one
 * that is being exported stays as it is; else over the input.
 */
function workingLayer(photo: OpenPhoto): DenoisedLayer {
  const planes = copyOf(photo.denoised?.planes ?? photo.input)
  const layer: DenoisedLayer = { planes, complete: false, making: null, texture: null }
  photo.denoised = layer
  return layer
}

async function draft(task: Task, estimate: boolean, reporter: ProgressReporter): Promise<void> {
  const { input, layer, runner, level, noise, visible, signal } = task
  if (!visible || noise.impulses) return // impulses, averaged, are no noise that a draft could show removed
  const painted = await paintDraft(input, layer.planes, visible, runner, {
    level,
    estimate,
    signal,
  })
  if (painted) reporter.report({ phase: 'draft', share: 0, secondsLeft: null, region: visible })
  if (painted) reporter.flush()
  await breathe()
}

/** @returns the level as one number */
async function exact(task: Task, reporter: ProgressReporter): Promise<number> {
  const { input, layer, runner, level, noise, visible, signal } = task
  const begun = Date.now()
  let first = begun
  return denoisePlanes(input, layer.planes, runner, level, {
    noise,
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
  { input, layer, level, noise: noiseBefore }: Task,
  sigma: number,
  sigmaEstimated: boolean,
  seconds: number,
): Promise<Omit<DenoiseReport, 'model' | 'reasons'>> {
  const noiseAfter = estimateNoise(layer.planes)
  await breathe()
  const { correlation, structured } = residualCorrelation(input, layer.planes)
  const megapixels = (input.width * input.height) / 1e6
  return {
    sigma,
    byBrightness: curveOf(level),
    sigmaEstimated,
    noiseBefore,
    noiseAfter,
    residualCorrelation: correlation,
    residualStructured: structured,
    seconds,
    megapixelsPerSecond: megapixels / Math.max(seconds, 1e-3),
  }
}
