/** The requests of training: each a thin function over the runs, the data and the recipes. */
import type { Emit, EngineHandlers } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Forecast, RunConfig, StepView } from '../../../shared/training'
import { openImageSet } from '../data/imageSet'
import type { State } from '../runtime/program'
import type { Library } from '../store/library'
import { tensorsUnder } from '../store/runFile'
import { pythonOf } from '../training/python'
import { recipes } from '../training/recipes'
import { forecastOf, refused } from './forecast'
import type { TrainingRequest } from './lazily'
import { prepare, type Places } from './prepare'
import type { Runs } from './runs'
import { viewOfStep } from './view'

const SAMPLES = 24
/** Images of a step that is looked at. */
const VIEWED = 16

/** What a run is started by: for its card. */
const commandOf = (config: RunConfig): string =>
  `npm run --silent cli -- train --config FILE --seed ${config.training.seed}`

/** The handlers, over runs that all of them share. */
export function trainingHandlers(
  runs: Runs,
  library: Library,
  places: Places,
): Pick<EngineHandlers, TrainingRequest> {
  const { cache } = places
  const forecaster = new Forecaster(places)
  return {
    'recipes.list': () => Promise.resolve([...recipes]),
    'data.describe': async ({ source }) => {
      const { card, images } = await openImageSet(source, { cache })
      const { width, height, channels } = card
      const count = Math.min(SAMPLES, card.images)
      const pixels = images.slice(0, count * width * height * channels)
      return { card, samples: { count, width, height, channels, pixels } }
    },
    'data.principalError': async (args) => {
      const { principalError } = await import('../evaluate/principalError')
      return principalError(args, { cache })
    },
    'train.forecast': ({ config }) => forecaster.forecast(config),
    'train.start': ({ config, name, group }, emit) =>
      runs.start({ config, name, group, command: commandOf(config) }, emit),
    'train.pause': ({ item }, emit) => runs.end(item, 'paused', emit).then(() => null),
    'train.resume': ({ item }, emit) => runs.resume(item, emit).then(() => null),
    'train.stop': ({ item }, emit) => runs.end(item, 'stopped', emit).then(() => null),
    'train.view': ({ of }) => viewOf(of, library, places),
    'train.python': ({ config }) => Promise.resolve(pythonOf(config)),
    'train.suspend': ({ as }, emit: Emit) => runs.suspend(as, emit).then(() => null),
  }
}

/** One forecast at a time; a newer question ends an older one, which then fails as `cancelled`. */
class Forecaster {
  readonly #places: Places
  #stop: AbortController | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(places: Places) {
    this.#places = places
  }

  async forecast(config: RunConfig): Promise<Forecast> {
    this.#stop?.abort()
    const stop = new AbortController()
    this.#stop = stop
    const before = this.#last
    const made = before.then(async () => {
      if (stop.signal.aborted) throw new DarkroomError('cancelled', 'The forecast was replaced')
      return forecastOf(config, { ...this.#places, signal: stop.signal })
    })
    this.#last = made.catch(() => undefined)
    try {
      return await made
    } catch (error) {
      if (error instanceof DarkroomError && error.code !== 'cancelled') return refused(error)
      throw error
    }
  }
}

/** The next step of a run, or the first of a configuration. */
async function viewOf(
  of: { item: string } | { config: RunConfig },
  library: Library,
  places: Places,
): Promise<StepView> {
  const file = 'item' in of ? await library.read(of.item) : null
  const config = file?.config ?? (of as { config: RunConfig }).config
  const { task, autoencoder } = await prepare(config, places)
  try {
    if (!autoencoder) {
      const reason = 'single steps can be looked at for autoencoders only'
      throw new DarkroomError('model-unsuitable', reason, { reason })
    }
    const saved = tensorsUnder(file?.tensors ?? new Map(), 'last')
    if (saved.size > 0) task.assign(saved)
    else task.start()
    const state: State = task.read('all')
    const step = (file?.progress.step ?? 0) + 1
    return viewOfStep(autoencoder.run, autoencoder.dataOf(step, VIEWED), state)
  } finally {
    task.close()
  }
}
