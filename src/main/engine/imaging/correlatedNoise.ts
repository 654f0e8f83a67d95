/**
 * The noise of camera files, where JPEG or a camera's own smoothing took the fine half of it away: what is left lies
 * in the low frequencies, which a reading of the fine ones (`noiseLevel.ts`) cannot see.
 *
 * Read from the luma of the calmest blocks (`cells.ts`) in their low, middle and top band.
 * Texture is told from noise by what noise has and texture has not: it is everywhere.
 *
 * - where the top band holds more than the rounding to whole values leaves (σ² = 1/12), or of strong noise hardly more,
 *   the file is not smoothed: the fine frequencies tell better, and nothing is said here;
 * - where the middle band of half of the chosen blocks is empty, what the low band holds is gradients and the
 *   steps of JPEG: a clean file;
 * - where the chroma holds noise in its middle band, the file is hardly smoothed, and this reads too much;
 * - where the low band differs from block to block by more than χ² does, or has no floor, it is texture;
 * - otherwise the low band is σ² χ²₅/5, and its median over the chosen blocks tells σ. Gradients, which have most of
 *   their energy in the two lowest coefficients, are kept out by leaving those out.
 *
 * The choice by neighbours and the bands are ours; that quantisation keeps the low frequencies' noise and removes that of
 * the high ones is what every JPEG table does.
 */
import type { Planes } from '../codec'
import { calmest, calmestOf, chromaOf, quantile, sigmaIn, spreadOf, type Cell } from './cells'
import { byRange, type Reading } from './noiseCurve'

/** How many blocks must be chosen. */
const least = 100
/** σ of what rounding leaves is 0.29; anything above this is more than rounding. */
const rounded = 0.35
/** Of strong noise a JPEG leaves a little in the top band: up to this share of the low band's σ. */
const left = 0.04
/** σ that the middle band must show in the median. */
const present = 2
/** σ of the chroma's middle band, and that over the low band's: smoothed camera files have at most 1.2, or 0.3 of strong noise. */
const [mostChroma, mostOfChroma] = [2.5, 0.5]
/** log of the ratio of the low band's quartiles: χ² with 5 degrees of freedom has 0.91, texture several times that. */
const mostSpread = 1.5
/**
 * Above this σ, which no camera file read that was measured, only what spreads hardly more than χ² is taken for noise; or what
 * has noise in the low band of the chroma too, where clean photos have at most 4.4.
 */
const [strong, mostSpreadOfStrong, ofNoise] = [8, 1.1, 5]
/**
 * Noise has a floor. So the calmest tenth of the blocks holds about as much in the low band as the calmest quarter: of 21
 * camera files at least 0.83 of it, of clean JPEGs of qualities 75–95 mostly less.
 */
const [floorShare, leastFloor] = [0.1, 0.82]
/**
 * Noise has the same spectrum at every brightness, texture and edges have more of it in the low band. So what is read
 * where the middle band holds less beside the low one than this share of what it does in general is texture.
 */
const fill = 0.75
/** How many cells of a range of brightness must be chosen. */
const leastOfRange = 40
/** The median of χ² with 5 degrees of freedom, over 5, and how many degrees its certainty is worth. */
const [medianOfLow, freedomOfMedian] = [0.8703, 3]
/**
 * The level that the denoiser is told, over what the low band holds. Mean gain of `denoise-photo` in dB on 21 camera files
 * of PolyU and 24 simulated ones (mosaic, Poisson–Gaussian noise, demosaicing, gamma, JPEG of quality 75–95): 1.89 and 1.29
 * at 2, 1.95 and 1.24 at 2.5, 1.99 and 1.18 at 3, 2.00 and 1.03 at 4 (`bench:camera-level`). What was measured on real
 * files counts more, so it is not the 2 that suits the simulation it was trained on.
 */
export const needed = 2.5

/** The level that a denoiser is to be told: of all of the picture, and its square for each range of brightness that can be read. */
export interface CorrelatedNoise {
  sigma: number
  readings: Reading[]
}

/**
 * The level, on the 0–255 scale, that a denoiser is to be told of low-pass noise: {@link needed} times the
 * σ of its low frequencies.
 * @param cells of the picture, the calmest first
 * @returns null where there is none, or the fine frequencies tell it better, or too little of the picture can be read
 */
export function correlatedNoise(planes: Planes, cells: readonly Cell[]): CorrelatedNoise | null {
  const chosen = calmest(cells, least)
  if (!chosen) return null
  const spectra = chosen.map(({ own }) => own)
  if (sigmaIn(spectra, 'top') > Math.max(rounded, left * sigmaIn(spectra, 'low'))) return null
  if (sigmaIn(spectra, 'middle') < present) return null
  const chroma = chromaIn(planes, chosen)
  if (chroma.middle > Math.max(mostChroma, mostOfChroma * chroma.low)) return null
  const spread = chroma.low > ofNoise ? mostSpread : mostSpreadOfStrong
  const all = readLow(chosen, least, spread)
  if (!all || !hasFloor(chosen, cells.length)) return null
  const readings = byRange((range) => {
    const some = calmestOf(cells, range, leastOfRange)
    const reading = some && readLow(some, leastOfRange / 2, spread)
    const detailed =
      reading && reading.variance > all.variance && reading.middle < fill * all.middle
    return detailed ? null : reading
  })
  return { sigma: Math.sqrt(all.variance), readings }
}

/** σ in the chroma's bands, which a JPEG takes from before the luma's: where it has not, little was smoothed. */
function chromaIn(planes: Planes, chosen: readonly Cell[]): { low: number; middle: number } {
  if (planes.channels === 1) return { low: 0, middle: 0 }
  const chroma = chosen.map((cell) => chromaOf(planes, cell))
  return { low: sigmaIn(chroma, 'low'), middle: sigmaIn(chroma, 'middle') }
}

/** Whether the calmest of the chosen cells hold as much as all of them. `count` is how many cells there are at all. */
function hasFloor(chosen: readonly Cell[], count: number): boolean {
  const spectra = chosen.map(({ own }) => own)
  const floor = spectra.slice(0, Math.max(least, Math.round(floorShare * count)))
  return quantile(floor, 'low', 0.5) >= leastFloor ** 2 * quantile(spectra, 'low', 0.5)
}

/**
 * The level's square as the calmest of the cells tell it, and the middle band over the low one; null for texture.
 * @param ofStrong how much strong noise may differ from block to block
 */
function readLow(
  cells: readonly Cell[],
  least: number,
  ofStrong: number,
): (NonNullable<Reading> & { middle: number }) | null {
  const spectra = cells.map(({ own }) => own)
  const isStrong = quantile(spectra, 'low', 0.5) / medianOfLow > strong ** 2
  if (spreadOf(spectra) > (isStrong ? ofStrong : mostSpread)) return null
  const smoothest = spectra.slice(0, Math.max(least, Math.round(0.4 * cells.length)))
  const low = quantile(smoothest, 'low', 0.5)
  return {
    variance: (needed ** 2 * low) / medianOfLow,
    freedom: freedomOfMedian * smoothest.length,
    middle: quantile(smoothest, 'middle', 0.5) / low,
  }
}
