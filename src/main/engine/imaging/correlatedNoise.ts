/**
 * The noise of camera files, where JPEG or a camera's own smoothing took the fine half of it away: what is left lies
 * in the low frequencies, which a reading of the fine ones (`noiseLevel.ts`) cannot see.
 *
 * Read from the luma of 8 × 8 blocks on JPEG's own grid, in three bands of their cosine spectrum: low, middle and top.
 * Texture is told from noise by what noise has and texture has not: it is everywhere. A block is chosen by the low
 * band of its eight neighbours and read by its own, so that choosing does not bias reading, and
 *
 * - where the top band holds more than the rounding to whole values leaves (σ² = 1/12), the file is not smoothed:
 *   the fine frequencies tell better, and nothing is said here;
 * - where the middle band of half of the chosen blocks is empty, what the low band holds is gradients and the
 *   steps of JPEG: a clean file;
 * - where the low band differs from block to block by more than χ² does, it is texture;
 * - otherwise the low band is σ² χ²₅/5, and its median over the chosen blocks tells σ. Gradients, which have most of
 *   their energy in the two lowest coefficients, are kept out by leaving those out.
 *
 * The choice by neighbours and the bands are ours; that quantisation keeps the low frequencies' noise and removes that of
 * the high ones is what every JPEG table does.
 */
import type { Planes } from '../codec'
import { maximumOf } from '../codec/planes'
import { basis, side } from './blockSpectra'
import { lumaOf } from './luma'
import { byRange, rangeOf, type Reading } from './noiseCurve'

/** Blocks whose mean is nearer to black or white than this are clipped, and tell nothing. */
const margin = 12
/** The share of blocks that are chosen, and how many there must be. */
const [share, least] = [0.25, 100]
/** At most so many places of 3 × 3 blocks are looked at, of a small photo or a large one. */
const most = 8000
/** σ of what rounding leaves is 0.29; anything above this is more than rounding. */
const rounded = 0.35
/** σ that the middle band must show in the median. */
const present = 2
/** log of the ratio of the low band's quartiles: χ² with 5 degrees of freedom has 0.91, texture several times that. */
const mostSpread = 1.65
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

type Band = readonly (readonly [number, number])[]

const within = (from: number, to: number): Band =>
  Array.from({ length: side * side }, (_, at) => [at >> 3, at & 7] as const).filter(([i, j]) => {
    const radius = Math.hypot(i, j)
    return radius >= from && radius < to
  })
/** `low` without the two lowest coefficients: 5 of them. */
const bands = { low: within(1.4, 2.5), middle: within(2.5, 4.5), top: within(7, 12) }

interface Spectrum {
  mean: number
  low: number
  middle: number
  top: number
}

/**
 * The level, on the 0–255 scale, that a denoiser is to be told of low-pass noise: {@link needed} times the
 * σ of its low frequencies; of all of the picture, and its square for each range of brightness that can be read.
 * @returns null where there is none, or the fine frequencies tell it better, or too little of the picture can be read
 */
export function correlatedNoise(planes: Planes): { sigma: number; readings: Reading[] } | null {
  const cells = readCells(planes).sort((a, b) => a.around - b.around)
  const chosen = calmest(cells, least)
  if (!chosen) return null
  if (Math.sqrt(quantile(chosen, 'top', 0.5)) > rounded) return null
  if (Math.sqrt(quantile(chosen, 'middle', 0.5)) < present) return null
  const all = readLow(chosen, least)
  if (!all) return null
  const readings = byRange((range) => {
    const some = calmest(
      cells.filter(({ own }) => rangeOf(own.mean) === range),
      leastOfRange,
    )
    const reading = some && readLow(some, leastOfRange / 2)
    const detailed =
      reading && reading.variance > all.variance && reading.middle < fill * all.middle
    return detailed ? null : reading
  })
  return { sigma: Math.sqrt(all.variance), readings }
}

interface Cell {
  own: Spectrum
  around: number
}

/** The first of the cells, which are in the order of their surroundings; null where there are too few. */
function calmest(cells: readonly Cell[], least: number): Cell[] | null {
  const count = Math.max(least, Math.round(share * cells.length))
  return cells.length < count ? null : cells.slice(0, count)
}

function quantile(cells: readonly Cell[], band: keyof Spectrum, at: number): number {
  const values = Float64Array.from(cells, ({ own }) => own[band]).sort()
  return values[Math.floor(at * values.length)] as number
}

/** The level's square as the calmest of the cells tell it, and the middle band over the low one; null for texture. */
function readLow(
  cells: readonly Cell[],
  least: number,
): (NonNullable<Reading> & { middle: number }) | null {
  if (Math.log(quantile(cells, 'low', 0.75) / quantile(cells, 'low', 0.25)) > mostSpread)
    return null
  const smoothest = cells.slice(0, Math.max(least, Math.round(0.4 * cells.length)))
  const low = quantile(smoothest, 'low', 0.5)
  return {
    variance: (needed ** 2 * low) / medianOfLow,
    freedom: freedomOfMedian * smoothest.length,
    middle: quantile(smoothest, 'middle', 0.5) / low,
  }
}

/** Blocks that are not clipped, nor any block around them, with the mean low band of those. */
function readCells(planes: Planes): Cell[] {
  const across = Math.floor(planes.width / side) - 2
  const down = Math.floor(planes.height / side) - 2
  if (across < 1 || down < 1) return []
  const pitch = Math.max(1, Math.ceil(Math.sqrt((across * down) / most)))
  const seen = new Map<number, Spectrum>()
  const spectrumAt = (x: number, y: number): Spectrum => {
    const key = y * (across + 2) + x
    let spectrum = seen.get(key)
    if (!spectrum) seen.set(key, (spectrum = spectrumOf(planes, x * side, y * side)))
    return spectrum
  }
  const usable = ({ mean, low }: Spectrum): boolean =>
    mean > margin && mean < 255 - margin && low > 0.02
  const cells: Cell[] = []
  for (let y = 1; y <= down; y += pitch) {
    for (let x = 1; x <= across; x += pitch) {
      const near = Array.from({ length: 9 }, (_, k) =>
        spectrumAt(x - 1 + (k % 3), y - 1 + Math.floor(k / 3)),
      )
      if (!near.every(usable)) continue
      const own = near[4] as Spectrum
      const around = (near.reduce((sum, { low }) => sum + low, 0) - own.low) / 8
      cells.push({ own, around })
    }
  }
  return cells
}

const block = new Float64Array(side * side)
const rows = new Float64Array(side * side)

function spectrumOf({ data, width, channels, bits }: Planes, left: number, top: number): Spectrum {
  const scale = 255 / maximumOf(bits)
  let sum = 0
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = lumaOf(data, ((top + y) * width + left + x) * channels, channels) * scale
      block[y * side + x] = value
      sum += value
    }
  }
  for (let y = 0; y < side; y++) {
    for (let k = 0; k < side; k++) {
      let value = 0
      for (let n = 0; n < side; n++)
        value += (basis[k * side + n] as number) * (block[y * side + n] as number)
      rows[y * side + k] = value
    }
  }
  const meanSquare = (band: Band): number => {
    let energy = 0
    for (const [i, j] of band) {
      let value = 0
      for (let n = 0; n < side; n++)
        value += (basis[i * side + n] as number) * (rows[n * side + j] as number)
      energy += value * value
    }
    return energy / band.length
  }
  const { low, middle, top: fine } = bands
  return {
    mean: sum / (side * side),
    low: meanSquare(low),
    middle: meanSquare(middle),
    top: meanSquare(fine),
  }
}
