/** The requests of the Map screen. */
import type { EngineHandlers } from '../../../shared/contract'
import type { Works } from '../work/works'
import { Maps } from './maps'
import type { Spaces } from './spaces'

type Name = 'map.start' | 'map.read' | 'map.images' | 'map.neighbours' | 'map.decode' | 'map.locate'

export function mapHandlers(spaces: Spaces, works: Works): Pick<EngineHandlers, Name> {
  const maps = new Maps(spaces, works)
  return {
    'map.start': async ({ map }, emit) => ({ job: await maps.start(map, emit) }),
    'map.read': async ({ job }) => Promise.resolve(maps.read(job)),
    'map.images': ({ item, part, indices }) => maps.images(item, part, indices),
    'map.neighbours': ({ item, part, code, count }) => maps.neighbours(item, part, code, count),
    'map.decode': async ({ job, x, y }) => Promise.resolve(maps.decode(job, x, y)),
    'map.locate': ({ job, code }) => maps.locate(job, code),
  }
}
