/** The requests of this room. */
import type { EngineHandlers } from '../../../shared/contract'
import type { Spaces } from '../spaces/spaces'
import type { Works } from '../work/works'

type Name =
  | 'measure.start'
  | 'measure.list'
  | 'measure.read'
  | 'measure.delete'
  | 'measure.scores'
  | 'measure.images'
  | 'measure.export'

export function measureHandlers(spaces: Spaces, works: Works): Pick<EngineHandlers, Name> {
  void spaces
  void works
  const missing = () => Promise.reject(new Error('not built yet'))
  return {
    'measure.start': missing,
    'measure.list': missing,
    'measure.read': missing,
    'measure.delete': missing,
    'measure.scores': missing,
    'measure.images': missing,
    'measure.export': missing,
  }
}
