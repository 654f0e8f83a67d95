/** Generate, Map and Measure for an engine that may never need them: TensorFlow is loaded with the first request that does. */
import type { Emit, EngineHandlers } from '../../shared/contract'
import type { Spaces } from './spaces/spaces'
import type { Library } from './store/library'
import type { Works } from './work/works'

/** The requests of the three screens, in the order of the contract. */
const requests = [
  'latent.facts',
  'latent.gallery',
  'latent.decode',
  'latent.between',
  'latent.labels',
  'latent.posteriors',
  'map.start',
  'map.read',
  'map.images',
  'map.neighbours',
  'map.decode',
  'map.locate',
  'measure.start',
  'measure.list',
  'measure.read',
  'measure.delete',
  'measure.scores',
  'measure.images',
  'latent.export',
  'latent.exportPicture',
  'latent.provenance',
  'latent.exportCodes',
  'measure.export',
] as const
export type SpaceRequest = (typeof requests)[number]
type Handlers = Pick<EngineHandlers, SpaceRequest>
interface Loaded {
  handlers: Handlers
  spaces: Spaces
}

export interface LazySpaces {
  handlers: Handlers
  /** The spaces themselves, loaded, for the command line. */
  spaces(): Promise<Spaces>
  close(): Promise<void>
}

export function spacesOf(library: Library, works: Works): LazySpaces {
  let loaded: Promise<Loaded> | null = null
  const load = async (): Promise<Loaded> => {
    const [{ Spaces }, latent, maps, measures] = await Promise.all([
      import('./spaces/spaces'),
      import('./spaces/latentHandlers'),
      import('./spaces/mapHandlers'),
      import('./measures/handlers'),
    ])
    const spaces = new Spaces({ library, cache: library.folders.cache })
    const handlers = {
      ...latent.latentHandlers(spaces, works),
      ...maps.mapHandlers(spaces, works),
      ...measures.measureHandlers(spaces, works),
    }
    return { handlers, spaces }
  }
  const forward = (name: SpaceRequest) => async (args: never, emit: Emit) => {
    const { handlers } = await (loaded ??= load())
    return handlers[name](args, emit)
  }
  return {
    handlers: Object.fromEntries(
      requests.map((name) => [name, forward(name)]),
    ) as unknown as Handlers,
    spaces: async () => (await (loaded ??= load())).spaces,
    async close() {
      if (loaded) (await loaded).spaces.close()
    },
  }
}
