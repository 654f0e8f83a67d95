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
/** The median of χ² with 5 degrees of freedom, over 5. */
const medianOfLow = 0.8703
/**
 * The level that a denoiser of white noise needs, over what the low band holds: where the fine noise is gone, what is left
 * looks more like texture to it. On 18 simulated camera files (mosaic, Poisson–Gaussian noise, demosaicing, gamma, JPEG of
 * quality 75–95) the mean gain was 0.94 dB at 1, 1.17 at 1.5, 1.24 at 2 and 1.23 at 2.5.
 */
const needed = 2

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
 * The level, on the 0–255 scale, that a denoiser of white noise is to be told of low-pass noise: {@link needed} times the
 * σ of its low frequencies.
 * @returns null where there is none, or the fine frequencies tell it better, or too little of the picture can be read
 */
export function correlatedNoise(planes: Planes): number | null {
  const cells = readCells(planes)
  const count = Math.max(least, Math.round(share * cells.length))
  if (cells.length < count) return null
  const chosen = cells.sort((a, b) => a.around - b.around).slice(0, count)
  const quantile = (band: keyof Spectrum, at: number, of = chosen): number => {
    const values = Float64Array.from(of, ({ own }) => own[band]).sort()
    return values[Math.floor(at * values.length)] as number
  }
  if (Math.sqrt(quantile('top', 0.5)) > rounded) return null
  if (Math.sqrt(quantile('middle', 0.5)) < present) return null
  if (Math.log(quantile('low', 0.75) / quantile('low', 0.25)) > mostSpread) return null
  const smoothest = chosen.slice(0, Math.max(least, Math.round(0.4 * count)))
  return needed * Math.sqrt(quantile('low', 0.5, smoothest) / medianOfLow)
}

/** Blocks that are not clipped, nor any block around them, with the mean low band of those. */
function readCells(planes: Planes): { own: Spectrum; around: number }[] {
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
  const cells: { own: Spectrum; around: number }[] = []
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
