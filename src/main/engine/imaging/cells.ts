/**
 * 8 × 8 blocks on JPEG's own grid, in three bands of their cosine spectrum, for a reading of noise that is correlated
 * between pixels. A block is chosen by the low band of its eight neighbours and read by its own, so that choosing does not
 * bias reading.
 */
import type { Planes } from '../codec'
import { maximumOf } from '../codec/planes'
import { basis, side } from './blockSpectra'
import { lumaOf } from './luma'
import { rangeOf } from './noiseCurve'

/** Blocks whose mean is nearer to black or white than this are clipped, and tell nothing. */
const margin = 12
/** The share of blocks that are chosen. */
const share = 0.25
/** At most so many places of 3 × 3 blocks are looked at, of a small photo or a large one. */
const most = 8000

type Band = readonly (readonly [number, number])[]

const within = (from: number, to: number): Band =>
  Array.from({ length: side * side }, (_, at) => [at >> 3, at & 7] as const).filter(([i, j]) => {
    const radius = Math.hypot(i, j)
    return radius >= from && radius < to
  })
/** `low` without the two lowest coefficients: 5 of them. */
const bands = { low: within(1.4, 2.5), middle: within(2.5, 4.5), top: within(7, 12) }

/** Mean squares of a block's coefficients in each band, on the 0–255 scale; so white noise of σ has σ² in all of them. */
export interface Spectrum {
  mean: number
  low: number
  middle: number
  top: number
}

export interface Cell {
  /** Of the luma. */
  own: Spectrum
  /** The mean low band of the neighbours. */
  around: number
  left: number
  top: number
  /** What {@link chromaOf} found; null before it was asked. */
  chroma: Spectrum | null
}

/** The calmest quarter of the cells, which are in the order of their surroundings; null where that is less than `least`. */
export function calmest(cells: readonly Cell[], least: number): Cell[] | null {
  const count = Math.max(least, Math.round(share * cells.length))
  return cells.length < count ? null : cells.slice(0, count)
}

/** The calmest quarter of the cells of a range of brightness; null where that is less than `least`. */
export const calmestOf = (cells: readonly Cell[], range: number, least: number): Cell[] | null =>
  calmest(
    cells.filter(({ own }) => rangeOf(own.mean) === range),
    least,
  )

/** The value below which a share `at` of the spectra lie in a band. */
export function quantile(spectra: readonly Spectrum[], band: keyof Spectrum, at: number): number {
  const values = Float64Array.from(spectra, (spectrum) => spectrum[band]).sort()
  return values[Math.floor(at * values.length)] as number
}

/** σ in a band: the root of the median. */
export const sigmaIn = (spectra: readonly Spectrum[], band: keyof Spectrum): number =>
  Math.sqrt(quantile(spectra, band, 0.5))

/** How much the low band differs from block to block: log of the ratio of its quartiles. */
export const spreadOf = (spectra: readonly Spectrum[]): number =>
  Math.log(quantile(spectra, 'low', 0.75) / quantile(spectra, 'low', 0.25))

/** The spectrum of a cell's chroma, R − Y and B − Y together, of a colour picture; found once. */
export const chromaOf = (planes: Planes, cell: Cell): Spectrum =>
  (cell.chroma ??= readChroma(planes, cell))

function readChroma(planes: Planes, { left, top }: Cell): Spectrum {
  const [red, blue] = [0, 2].map((channel) =>
    spectrumOf(
      planes,
      left,
      top,
      (data, at) => (data[at + channel] as number) - lumaOf(data, at, 3),
    ),
  ) as [Spectrum, Spectrum]
  return {
    mean: (red.mean + blue.mean) / 2,
    low: (red.low + blue.low) / 2,
    middle: (red.middle + blue.middle) / 2,
    top: (red.top + blue.top) / 2,
  }
}

/** Blocks that are not clipped, nor any block around them, in the order of how calm their surroundings are. */
export function readCells(planes: Planes): Cell[] {
  const across = Math.floor(planes.width / side) - 2
  const down = Math.floor(planes.height / side) - 2
  if (across < 1 || down < 1) return []
  const pitch = Math.max(1, Math.ceil(Math.sqrt((across * down) / most)))
  const seen = new Map<number, Spectrum>()
  const luma: Value = (data, at) => lumaOf(data, at, planes.channels)
  const spectrumAt = (x: number, y: number): Spectrum => {
    const key = y * (across + 2) + x
    let spectrum = seen.get(key)
    if (!spectrum) seen.set(key, (spectrum = spectrumOf(planes, x * side, y * side, luma)))
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
      cells.push({ own, around, left: x * side, top: y * side, chroma: null })
    }
  }
  return cells.sort((a, b) => a.around - b.around)
}

const block = new Float64Array(side * side)
const rows = new Float64Array(side * side)

/** What a block is read of: a value of each pixel, which begins at `at`. */
type Value = (data: ArrayLike<number>, at: number) => number

function spectrumOf(
  { data, width, channels, bits }: Planes,
  left: number,
  top: number,
  valueOf: Value,
): Spectrum {
  const scale = 255 / maximumOf(bits)
  let sum = 0
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = valueOf(data, ((top + y) * width + left + x) * channels) * scale
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
