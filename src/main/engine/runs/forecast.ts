/** What a run will cost, measured by a few steps of it on this machine. */
import { DarkroomError, errorToData } from '../../../shared/errors'
import type { Forecast, RunConfig } from '../../../shared/training'
import { memoryOf } from '../training/checks'
import { breathe } from '../training/loop'
import { rateOf } from '../training/schedule'
import { prepare, type PrepareOptions } from './prepare'

/** Milliseconds of measuring after the first step, which compiles. */
const MEASURED = 1500
const LEAST_STEPS = 3
/** Best weights, weights and two moments, and room for history and pictures. */
const FILE_COPIES = 4
const FILE_REST = 500_000

/**
 * Forecasts a run: compiles its step, makes a few, measures one validation.
 * What cannot be run is no error of this: `refusal` says why.
 * @throws DarkroomError `cancelled`, and what the data room throws when the data themselves cannot be opened
 */
export async function forecastOf(config: RunConfig, options: PrepareOptions): Promise<Forecast> {
  const before = process.memoryUsage().rss
  const { task, parameters, card, autoencoder } = await prepare(config, options)
  try {
    task.start()
    const step = (number: number): void =>
      void task.step(number, rateOf(config.training, number, task.stepsPerEpoch))
    step(1)
    await breathe()
    const begun = performance.now()
    let steps = 0
    while (steps < LEAST_STEPS || performance.now() - begun < MEASURED) {
      if (options.signal?.aborted) throw new DarkroomError('cancelled', 'The forecast was replaced')
      steps += 1
      step(1 + (steps % task.stepsPerEpoch))
      await breathe()
    }
    const perStep = (performance.now() - begun) / steps / 1000
    const validated = performance.now()
    await task.validate()
    const validation = (performance.now() - validated) / 1000
    const secondsPerEpoch = perStep * task.stepsPerEpoch + validation
    const measured = process.memoryUsage().rss - before
    const estimated = autoencoder ? memoryOf(autoencoder.run, card) : measured
    return {
      parameters,
      secondsPerEpoch,
      seconds: secondsPerEpoch * config.training.epochs,
      memoryBytes: Math.max(measured, estimated),
      diskBytes: 4 * FILE_COPIES * parameters + FILE_REST,
      data: card,
      refusal: null,
    }
  } finally {
    task.close()
  }
}

/** A forecast of what cannot be run. */
export const refused = (error: unknown): Forecast => ({
  parameters: 0,
  secondsPerEpoch: 0,
  seconds: 0,
  memoryBytes: 0,
  diskBytes: 0,
  data: null,
  refusal: errorToData(error),
})
