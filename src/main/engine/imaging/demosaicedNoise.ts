/**
 * The noise of a developed RAW that no JPEG has smoothed: demosaicing fills in two of three values from their neighbours, so
 * noise comes out coarse, and coarsest in the chroma, where its fine half holds a third of what its coarse half does. Photos
 * have little chroma detail in calm places; so noise is read there, from the low band of R − Y and B − Y in the calmest
 * blocks (`cells.ts`), and told from
 *
 * - clean photos, which hold less than {@link present} in the middle band of the chroma;
 * - colour texture, which differs from block to block by more than χ² does;
 * - white noise, which has as much in the top band as in the low one;
 * - textured photos, whose luma holds more than the chroma does: the level that their noise is read at is too high, and a
 *   denoiser takes more of their texture than of the noise.
 */
import type { Planes } from '../codec'
import {
  calmest,
  calmestOf,
  chromaOf,
  quantile,
  sigmaIn,
  spreadOf,
  type Cell,
  type Spectrum,
} from './cells'
import type { CorrelatedNoise } from './correlatedNoise'
import { byRange, type Reading } from './noiseCurve'

/** How many blocks must be chosen, of the picture and of a range of brightness. */
const [least, leastOfRange] = [100, 40]
/**
 * σ that the middle band of the chroma must show: clean photos have at most 2.3. Below it a denoiser takes as much of what
 * demosaicing made of edges as it takes noise (simulated: −1.3 to +1.1 dB at an error of 3, +0.9 to +6 from 6 on).
 */
const present = 5.5
/** log of the ratio of the low band's quartiles: χ² with 10 degrees of freedom has 0.64, colour texture 0.7–2. */
const mostSpread = 1
/** The top band over the low one, as σ: about 0.3 for what was demosaiced, 1 for white noise. */
const mostTop = 0.6
/** The luma's low band over the chroma's, as σ: 0.6–0.8 for noise. */
const mostLuma = 0.85
/** The median of χ² with 10 degrees of freedom, over 10, and how many degrees its certainty is worth. */
const [medianOfLow, freedomOfMedian] = [0.9342, 6]
/**
 * The level that the denoiser is told, over σ of the chroma's low band: three quarters of the root mean square error.
 */
const needed = 0.45

/**
 * The level that a denoiser is to be told of demosaiced noise, on the 0–255 scale.
 * @param cells of the picture, the calmest first
 * @returns null for grey pictures, and where there is none
 */
export function demosaicedNoise(planes: Planes, cells: readonly Cell[]): CorrelatedNoise | null {
  if (planes.channels === 1) return null
  const chosen = calmest(cells, least)
  if (!chosen) return null
  const luma = chosen.map(({ own }) => own)
  if (!isCoarse(luma)) return null
  const chroma = chosen.map((cell) => chromaOf(planes, cell))
  if (!isCoarse(chroma) || sigmaIn(chroma, 'middle') < present) return null
  if (sigmaIn(luma, 'low') > mostLuma * sigmaIn(chroma, 'low')) return null
  const all = readingOf(chroma)
  if (!all) return null
  const readings = byRange((range) => {
    const some = calmestOf(cells, range, leastOfRange)
    return some && readingOf(some.map((cell) => chromaOf(planes, cell)))
  })
  return { sigma: Math.sqrt(all.variance), readings }
}

const isCoarse = (spectra: readonly Spectrum[]): boolean =>
  sigmaIn(spectra, 'top') < mostTop * sigmaIn(spectra, 'low')

/** The level's square; null for texture. */
function readingOf(chroma: readonly Spectrum[]): Reading {
  if (spreadOf(chroma) > mostSpread) return null
  return {
    variance: (needed ** 2 * quantile(chroma, 'low', 0.5)) / medianOfLow,
    freedom: freedomOfMedian * chroma.length,
  }
}
