/** The requests of this room. */
import type { EngineHandlers } from '../../../shared/contract'
import type { Spaces } from './spaces'
import type { Works } from '../work/works'

type Name = 'map.start' | 'map.read' | 'map.images' | 'map.neighbours' | 'map.decode'

export function mapHandlers(spaces: Spaces, works: Works): Pick<EngineHandlers, Name> {
  void spaces
  void works
  const missing = () => Promise.reject(new Error('not built yet'))
  return {
    'map.start': missing,
    'map.read': missing,
    'map.images': missing,
    'map.neighbours': missing,
    'map.decode': missing,
  }
}
