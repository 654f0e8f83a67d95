/**
 * Corruptions C(x̃ | x) of images, one a file with its equation on top (`principles.md`, 'Corruptions').
 * Results are clipped and rounded to the image's depth, as a file would hold them; alpha stays as it is.
 * The same seed gives the same bytes on every platform: see `philox.ts` and `elementary.ts`.
 */
import type { Noise, SimpleNoise } from '../../../shared/types'
import type { Planes } from '../codec'
import { gaussian } from './gaussian'
import { jpeg } from './jpeg'
import { masking } from './masking'
import type { Stream } from './philox'
import { poisson } from './poisson'
import { saltPepper } from './saltPepper'
import { speckle } from './speckle'

export { gaussianField } from './gaussian'
export { hashSeed } from './hashSeed'

/**
 * New planes with the noise; the given ones are not changed. Of a mix each part works on the rounded result
 * of the one before, with random numbers of its own; a mix of one part equals that part alone.
 * Other work of the engine gets its turn in between.
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @throws for JPEG what the codec throws
 */
export async function corrupt(planes: Planes, noise: Noise, seed: number): Promise<Planes> {
  if (noise.kind !== 'mixed') return corruptSimply(planes, noise, { seed, part: 0 })
  let result = planes
  for (const [part, simple] of noise.parts.entries()) {
    result = await corruptSimply(result, simple, { seed, part })
  }
  return result
}

function corruptSimply(planes: Planes, noise: SimpleNoise, stream: Stream): Promise<Planes> {
  switch (noise.kind) {
    case 'gaussian':
      return gaussian(planes, noise.sigma, stream)
    case 'poisson':
      return poisson(planes, noise.photons, stream)
    case 'salt-pepper':
      return saltPepper(planes, noise.share, stream)
    case 'speckle':
      return speckle(planes, noise.sigma, stream)
    case 'masking':
      return masking(planes, noise.share, stream)
    case 'jpeg':
      return jpeg(planes, noise.quality)
  }
}
