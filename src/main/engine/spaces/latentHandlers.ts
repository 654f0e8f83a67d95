/** The requests of this room. */
import { basename } from 'node:path'
import type { EngineHandlers } from '../../../shared/contract'
import { exportCodes } from './exportCodes'
import type { Spaces } from './spaces'

type Name =
  | 'latent.facts'
  | 'latent.gallery'
  | 'latent.decode'
  | 'latent.between'
  | 'latent.posteriors'
  | 'latent.export'
  | 'latent.provenance'
  | 'latent.exportCodes'

export function latentHandlers(spaces: Spaces): Pick<EngineHandlers, Name> {
  const missing = () => Promise.reject(new Error('not built yet'))
  return {
    'latent.facts': missing,
    'latent.gallery': missing,
    'latent.decode': missing,
    'latent.between': missing,
    'latent.posteriors': missing,
    'latent.export': missing,
    'latent.provenance': missing,
    'latent.exportCodes': async ({ item, part, format, path }) => {
      const { bytes } = await exportCodes(await spaces.open(item), { part, format, path })
      return { name: basename(path), bytes }
    },
  }
}
