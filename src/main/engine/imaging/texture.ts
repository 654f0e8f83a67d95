/**
 * Texture: what of a residual (input − denoised) is detail that went with the noise.
 *
 * The residual's luma r is split into bands by an undecimated spline transform: c₀ = r, cₛ₊₁ = hₛ ∗ cₛ, wₛ = cₛ − cₛ₊₁,
 * hₛ = [1 4 6 4 1]/16 across and down with 2ˢ pixels between its taps. In each band the mean energy E of the pixels
 * around one is compared with what noise alone has there, N, and what does not stand out from it is dropped by
 * Wiener's gain, so that next to nothing is left of pure noise:
 *
 *   texture = Σₛ wₛ · max(0, 1 − k·N / E)
 *
 * N is read from the residual itself, for each band and brightness: the lower quartile of the energies of small
 * blocks, of which some always hold nothing but noise. So it holds for noise that is correlated or grows with
 * brightness as well, which a single σ does not describe. Where everything is texture it takes that for noise, and
 * less comes back.
 *
 * Sources: the transform, J.-L. Starck, F. Murtagh, 'Image restoration with noise suppression using the wavelet
 * transform', 1994; the gain from local energy, M. K. Mıhçak et al., 'Low-complexity image denoising based on
 * statistical modeling of wavelet coefficients', 1999.
 */
import type { Region } from '../../../shared/types'
import type { Planes, Samples } from '../codec/planes'
import type { Rows } from '../codec/rows'
import { breathe } from './denoise'
import { lumaOf } from './luma'
import {
  bandCount,
  bandReach,
  bandsOf,
  energyAround,
  readResidual,
  scaleOf,
  type Pair,
} from './residualBands'

/** One value a pixel, signed, in 65535ths of white. */
export interface Texture {
  width: number
  height: number
  data: Int16Array
}

/**
 * k of each band: how far above the noise's energy detail must be to be told from its fluctuations. Measured on noise
 * alone, with the windows below: of white noise 0.001 % of its energy comes back, of one averaged over 3 × 3 pixels
 * with weights 1, 2, 1 0.02 %.
 */
const margins = [1.5, 1.6, 2]
/** Half a side of the window for E, of each band: the coarser, the fewer independent values are in it. */
const radii = [6, 10, 14]
/** How far a value depends on its neighbours: the filters of all bands, and the last one's window. */
const reach = bandReach + Math.max(...radii)
const blockSide = 16
const mostBlocks = 512
const brightnesses = 8
/** A brightness with fewer blocks tells nothing by itself. */
const leastBlocks = 12
/** Noise at one brightness is taken to have at least this share of the energy that it has in general. */
const leastShare = 0.25
/** Standard deviation in 65535ths below which a block was clipped or is artificial: a third of a step of 8 bits. */
const leastDeviation = 85
/** Side of what is calculated at once: about a tenth of a second. */
const tile = 512
/** Nothing of a texture is stronger: half of white. */
const most = 32_639

/** A texture as a grey picture, none as {@link middle}, to be resampled like any other. */
export function rowsOfTexture({ width, height, data }: Texture): Rows {
  const row = (y: number, from: number, to: number): Samples =>
    Uint16Array.from(data.subarray(y * width + from, y * width + to), (value) => value + middle)
  return { width, height, channels: 1, bits: 16, alpha: null, row }
}

/** The texture that a rendered view of {@link rowsOfTexture} shows, in steps of 8 bits. */
export function textureOfView(rgba: Uint8Array, width: number, height: number): Texture {
  const data = Int16Array.from(
    { length: width * height },
    (_, i) => (rgba[4 * i] as number) * 257 - middle,
  )
  return { width, height, data }
}
/** 128 of 255. */
const middle = 128 * 257

/**
 * The texture of a finished picture. Gives way to other work of the engine after every tile.
 * @param wanted asked each time whether to go on
 * @returns null when it was no longer wanted
 */
export async function findTexture(
  input: Planes,
  denoised: Planes,
  wanted: () => boolean = () => true,
): Promise<Texture | null> {
  const pair = { input, denoised }
  const { width, height } = input
  const noise = noiseEnergies(pair)
  const data = new Int16Array(width * height)
  for (let top = 0; top < height; top += tile) {
    for (let left = 0; left < width; left += tile) {
      await breathe()
      if (!wanted()) return null
      const [columns, rows] = [Math.min(tile, width - left), Math.min(tile, height - top)]
      fillTile(pair, noise, { x: left, y: top, width: columns, height: rows }, data)
    }
  }
  return { width, height, data }
}

/** N of each band at each brightness. */
type NoiseEnergies = Float64Array[]

function noiseEnergies(pair: Pair): NoiseEnergies {
  const { width, height } = pair.input
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.floor(side / blockSide)))
  const count = (columns as number) * (rows as number)
  const step = Math.max(1, Math.ceil(count / mostBlocks))
  const blocks: { level: number; energies: number[] }[] = []
  for (let block = 0; block < count; block += step) {
    const left = (block % (columns as number)) * blockSide
    const top = Math.floor(block / (columns as number)) * blockSide
    const found = blockAt(pair, left, top)
    if (found) blocks.push(found)
  }
  return Array.from({ length: bandCount }, (_, band) => {
    const quartile = (level: number | null): number | null => {
      const energies = blocks
        .filter((block) => level === null || block.level === level)
        .map(({ energies }) => energies[band] as number)
        .sort((a, b) => a - b)
      if (level !== null && energies.length < leastBlocks) return null
      return energies[Math.floor(energies.length / 4)] ?? 0
    }
    const general = quartile(null) as number
    return Float64Array.from({ length: brightnesses }, (_, level) =>
      Math.max(quartile(level) ?? general, leastShare * general),
    )
  })
}

function blockAt(
  pair: Pair,
  left: number,
  top: number,
): { level: number; energies: number[] } | null {
  const { width, height, channels } = pair.input
  const [columns, rows] = [Math.min(blockSide, width), Math.min(blockSide, height)]
  const border = bandReach
  const plane = readResidual(pair, left, top, columns, rows, border)
  const energies: number[] = []
  for (const band of bandsOf(plane)) {
    let sum = 0
    for (let y = border; y < border + rows; y++) {
      for (let x = border; x < border + columns; x++) {
        sum += (band[y * plane.width + x] as number) ** 2
      }
    }
    energies.push(sum / (columns * rows))
  }
  if ((energies[0] as number) < leastDeviation ** 2) return null
  const middle = (top + (rows >> 1)) * width + left
  let brightness = 0
  for (let x = 0; x < columns; x++) {
    brightness += lumaOf(pair.denoised.data, (middle + x) * channels, channels) / columns
  }
  return { level: levelOf(brightness * scaleOf(pair)), energies }
}

const levelOf = (brightness: number): number =>
  Math.min(brightnesses - 1, Math.floor((brightness / 65536) * brightnesses))

function fillTile(pair: Pair, noise: NoiseEnergies, region: Region, into: Int16Array): void {
  const { x: left, y: top, width: columns, height: rows } = region
  const { width } = pair.input
  const plane = readResidual(pair, left, top, columns, rows, reach)
  const sum = new Float32Array(columns * rows)
  const levels = levelsOf(pair, region)
  let band = 0
  for (const values of bandsOf(plane)) {
    const margin = margins[band] as number
    const explained = (noise[band] as Float64Array).map((energy) => margin * energy)
    const energy = energyAround(values, plane, radii[band] as number)
    for (let y = 0, to = 0; y < rows; y++) {
      let from = (y + reach) * plane.width + reach
      for (let x = 0; x < columns; x++, to++, from++) {
        const gain = 1 - (explained[levels[to] as number] as number) / (energy[from] as number)
        if (gain > 0) sum[to] = (sum[to] as number) + gain * (values[from] as number)
      }
    }
    band++
  }
  for (let y = 0, from = 0; y < rows; y++) {
    for (let x = 0, to = (top + y) * width + left; x < columns; x++, to++) {
      into[to] = Math.max(-most, Math.min(most, Math.round(sum[from++] as number)))
    }
  }
}

function levelsOf(
  pair: Pair,
  { x: left, y: top, width: columns, height: rows }: Region,
): Uint8Array {
  const { width, channels } = pair.input
  const { data } = pair.denoised
  const scale = scaleOf(pair)
  const levels = new Uint8Array(columns * rows)
  for (let y = 0, to = 0; y < rows; y++) {
    let at = ((top + y) * width + left) * channels
    for (let x = 0; x < columns; x++, at += channels) {
      levels[to++] = levelOf(scale * lumaOf(data, at, channels))
    }
  }
  return levels
}
