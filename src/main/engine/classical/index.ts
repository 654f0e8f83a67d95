/**
 * Denoisers that learned nothing, one a file with its equation on top: what a network has to beat. Written here because
 * no maintained package has them in plain JavaScript: OpenCV's WebAssembly is 10 MB for two of the five, image-js has
 * the median alone. Their results are those of scikit-image, to 0.05 dB (`classical.test.ts`).
 */
import type { ClassicalName } from '../../../shared/lab'
import { bilateral } from './bilateral'
import { median } from './median'
import { nonLocalMeans } from './nonLocalMeans'
import type { Method } from './picture'
import { totalVariation } from './totalVariation'
import { wavelet } from './wavelet'

export const classical: Record<ClassicalName, Method> = {
  nlm: nonLocalMeans,
  wavelet,
  'total-variation': totalVariation,
  bilateral,
  median,
}
