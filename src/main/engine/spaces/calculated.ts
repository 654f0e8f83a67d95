/** What is calculated from a space's data, once while the space is open: codes, and the mixture that is fitted to them. */
import { setImmediate } from 'node:timers/promises'
import type { DataPart } from '../../../shared/latent'
import type { ImageSet } from '../data/imageSet'
import { stopIfAborted } from '../data/reading'
import { encodeBytes, type Codes } from '../latent/encoding'
import { fitMixture, type Mixture } from '../latent/mixture'
import type { Autoencoder } from '../models/openAutoencoder'
import { Kept } from './kept'
import type { Pace } from '../work/pace'
import type { WorkContext } from '../work/works'
import { partOf, type Space } from './spaces'

const MIXTURE_SEED = 1

/** How a calculation is ended, and how it tells how far it is (0–1). */
export interface Calculation {
  signal?: AbortSignal | undefined
  onProgress?: ((share: number) => void) | undefined
}

type Calculated = Pick<Space, 'codes' | 'mixture'>

const paceOf = ({ signal, onProgress }: Calculation): Pace => ({
  breathe: async () => {
    await setImmediate()
    stopIfAborted(signal)
  },
  ...(onProgress ? { report: onProgress } : {}),
})

/** The codes of both parts of a set and the mixture of those of the training images. */
export function calculatedFrom(autoencoder: Autoencoder, set: () => Promise<ImageSet>): Calculated {
  const parts = new Kept<DataPart, Codes>()
  const mixtures = new Kept<'mixture', Mixture>()
  const codes: Space['codes'] = (part, options = {}) => {
    const encode = async () =>
      encodeBytes(autoencoder, partOf(await set(), part).images, paceOf(options))
    return parts.get(part, encode, options.signal)
  }
  const mixture: Space['mixture'] = (options = {}) => {
    const { signal, onEncoded, onProgress } = options
    const fit = async () => {
      const { mean } = await codes('training', { signal, onProgress: onEncoded })
      const pace = paceOf({ signal, onProgress })
      return fitMixture(mean, autoencoder.config.latent, MIXTURE_SEED, pace)
    }
    return mixtures.get('mixture', fit, signal)
  }
  return { codes, mixture }
}

/** The same space, whose long calculations tell how far they are and end when the work does. */
export function spaceDuring(space: Space, { signal, report }: WorkContext): Space {
  const onEncoded = (share: number) => report('encode', share)
  const onProgress = (share: number) => report('fit', share)
  return {
    ...space,
    codes: (part) => space.codes(part, { signal, onProgress: onEncoded }),
    mixture: () => space.mixture({ signal, onEncoded, onProgress }),
  }
}
