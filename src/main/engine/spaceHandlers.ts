/** Generate, Map and Measure for an engine that may never need them: TensorFlow is loaded with the first request that does. */
import { join } from 'node:path'
import type { Emit, EngineHandlers } from '../../shared/contract'
import type { Library } from './store/library'
import { Works } from './work/works'

/** The requests of the three screens, in the order of the contract. */
const requests = [
  'latent.facts',
  'latent.gallery',
  'latent.decode',
  'latent.between',
  'latent.posteriors',
  'map.start',
  'map.read',
  'map.images',
  'map.neighbours',
  'map.decode',
  'measure.start',
  'measure.list',
  'measure.read',
  'measure.delete',
  'measure.scores',
  'measure.images',
  'latent.export',
  'latent.provenance',
  'latent.exportCodes',
  'measure.export',
] as const
export type SpaceRequest = (typeof requests)[number]
type Handlers = Pick<EngineHandlers, SpaceRequest>

export interface LazySpaces {
  handlers: Handlers
  /** Ends a map or a measurement that is being made; false for any other job. */
  cancel(job: string): Promise<boolean>
  close(): Promise<void>
}

export function spacesOf(library: Library): LazySpaces {
  const works = new Works()
  let loaded: Promise<{ handlers: Handlers; close: () => void }> | null = null
  const load = async (): Promise<{ handlers: Handlers; close: () => void }> => {
    const [{ Spaces }, latent, maps, measures] = await Promise.all([
      import('./spaces/spaces'),
      import('./spaces/latentHandlers'),
      import('./spaces/mapHandlers'),
      import('./measures/handlers'),
    ])
    const spaces = new Spaces({ library, cache: join(library.folders.items, 'cache') })
    const handlers = {
      ...latent.latentHandlers(spaces),
      ...maps.mapHandlers(spaces, works),
      ...measures.measureHandlers(spaces, works),
    }
    return { handlers, close: () => spaces.close() }
  }
  const forward = (name: SpaceRequest) => async (args: never, emit: Emit) => {
    const { handlers } = await (loaded ??= load())
    return handlers[name](args, emit)
  }
  return {
    handlers: Object.fromEntries(
      requests.map((name) => [name, forward(name)]),
    ) as unknown as Handlers,
    cancel: (job) => works.cancel(job),
    async close() {
      await works.close()
      if (loaded) (await loaded).close()
    },
  }
}
