/** Training for an engine that may never train: TensorFlow is loaded with the first request that needs it. */
import type { Emit, EngineHandlers } from '../../../shared/contract'
import type { Library } from '../store/library'
import type { LiveRun } from '../store/libraryHandlers'
import type { Runs } from './runs'

/** The requests of training, in the order of the contract. */
const requests = [
  'recipes.list',
  'data.describe',
  'data.principalError',
  'train.forecast',
  'train.start',
  'train.pause',
  'train.resume',
  'train.stop',
  'train.view',
  'train.python',
  'train.suspend',
] as const
export type TrainingRequest = (typeof requests)[number]

type Handlers = Pick<EngineHandlers, TrainingRequest>

export interface Training {
  handlers: Handlers
  /** The runs, loaded. */
  runs(): Promise<Runs>
  /** Goes on with what was being trained when an engine died. */
  resumeInterrupted(emit: Emit): Promise<void>
  /** A run as it is now, if it is being trained here. */
  live(item: string): LiveRun | null
  /** Pauses a run if it is being trained or waits. */
  pause(item: string, emit: Emit): Promise<void>
  close(emit: Emit): Promise<void>
}

/** @param denoisers where the bundled denoisers lie */
export function trainingOf(library: Library, denoisers: string): Training {
  const places = { cache: library.folders.cache, denoisers }
  let loaded: Promise<{ runs: Runs; handlers: Handlers }> | null = null
  let present: Runs | null = null
  const load = (): Promise<{ runs: Runs; handlers: Handlers }> => (loaded ??= loadNow())
  const loadNow = async (): Promise<{ runs: Runs; handlers: Handlers }> => {
    const [{ Runs: Loaded }, { trainingHandlers }] = await Promise.all([
      import('./runs'),
      import('./handlers'),
    ])
    const runs = new Loaded({ library, places })
    present = runs
    return { runs, handlers: trainingHandlers(runs, library, places) }
  }
  const forward = (name: TrainingRequest) => async (args: never, emit: Emit) => {
    const { handlers } = await load()
    return handlers[name](args, emit)
  }
  return {
    handlers: Object.fromEntries(
      requests.map((name) => [name, forward(name)]),
    ) as unknown as Handlers,
    runs: async () => (await load()).runs,
    async resumeInterrupted(emit) {
      if ((await library.interrupted()).length === 0) return
      await (await load()).runs.resumeInterrupted(emit)
    },
    live: (item) => present?.activeRun(item)?.live ?? null,
    async pause(item, emit) {
      if (loaded) await (await loaded).runs.end(item, 'paused', emit)
    },
    async close(emit) {
      if (!loaded) return
      await (await loaded).runs.close(emit)
      const { forgetImageSets } = await import('../data/imageSet')
      forgetImageSets()
    },
  }
}
