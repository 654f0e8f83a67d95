/**
 * How noisy an image is, blind: σ, for each channel, and by brightness where it differs.
 *
 * White noise is read from the fine half of the spectrum of blocks without detail (`whiteNoise.ts`). The noise of camera
 * files is correlated, and the fine half holds too little of it: see `correlatedNoise.ts` for what JPEG has smoothed and
 * `demosaicedNoise.ts` for what it has not. Either is read from all of the
 * picture first, then from the blocks of each brightness (`noiseCurve.ts`).
 */
import { hardlyAny } from '../../../shared/reasons'
import type { NoiseLevel } from '../../../shared/types'
import type { Planes } from '../codec'
import { maximumOf } from '../codec/planes'
import { blockSpectra, fineCount, side, type BlockSpectra, type Source } from './blockSpectra'
import { readCells } from './cells'
import { correlatedNoise } from './correlatedNoise'
import { demosaicedNoise } from './demosaicedNoise'
import { findImpulses, withoutImpulses } from './impulses'
import { lumaOf } from './luma'
import { middleOf, partOf } from './part'
import { byRange, fitCurve, overall, rangeOf, type Reading } from './noiseCurve'
import { leastBlocks, readWhiteNoise, usableBlocks } from './whiteNoise'

/** σ from which what the channels have in common is noise, and what it is beside all of it where they share it. */
const [surelyNoise, alike] = [3, 0.6]
/** So many blocks of a range of brightness are looked at. */
const mostOfRange = 8192

/**
 * The noise level of an image as a file holds it: clipped to its range and rounded.
 * @returns σ on the 0–255 scale to two decimals, `sigma` the root mean square of `perChannel`, and of `byBrightness`
 * over the picture where there is a curve; 0 for images of less than 8 pixels in a direction. Where there are impulses
 * it is what the middle of the picture has besides them. About 0.5 s for a photo of any size.
 */
export function estimateNoise(planes: Planes): NoiseLevel {
  const impulses = findImpulses(planes)
  if (impulses === null) return besidesImpulses(planes)
  const { width, height } = planes
  const middle = partOf(planes, middleOf({ x: 0, y: 0, width, height }))
  return { ...besidesImpulses(withoutImpulses(middle, impulses)), impulses }
}

function besidesImpulses(planes: Planes): NoiseLevel {
  const source = { ...planes, scale: 255 / maximumOf(planes.bits) }
  const seen = lookAt(source)
  const white = whiteLevel(seen, true)
  const cells = readCells(planes)
  const correlated = demosaicedNoise(planes, cells) ?? correlatedNoise(planes, cells)
  if (correlated === null || correlated.sigma <= white.sigma) return white
  const variances = white.perChannel.map(() => correlated.sigma ** 2)
  const level = noiseLevelOf(variances, () => correlated.readings, seen.lumas)
  return { ...level, correlated: true }
}

/**
 * The same for `height · width · channels` floats, interleaved, scaled by 1/255. When values lie outside of
 * [0, 1] the noise was not clipped; otherwise it is taken as clipped to that range. Noise is taken for white.
 */
export function estimateNoiseFloat(
  data: Float32Array,
  width: number,
  height: number,
  channels: 1 | 3,
): NoiseLevel {
  let [least, most] = [0, 1]
  for (let i = 0; i < data.length; i++) {
    least = Math.min(least, data[i] as number)
    most = Math.max(most, data[i] as number)
  }
  const seen = lookAt({ data, width, height, channels, scale: 255 })
  return whiteLevel(seen, least === 0 && most === 1)
}

/** An image's blocks. */
interface Seen {
  spectra: BlockSpectra[]
  /** Mean luma of each block, 0–255. */
  lumas: Float32Array
  /** How many blocks of their size the image has. */
  places: number
}

function lookAt(source: Source): Seen {
  const spectra = blockSpectra(source)
  const channels = source.channels as 1 | 3
  const means = new Float32Array(channels)
  const lumas = Float32Array.from(spectra[0]?.mean ?? [], (_, block) => {
    spectra.forEach(({ mean }, channel) => (means[channel] = mean[block] as number))
    return lumaOf(means, 0, channels)
  })
  return { spectra, lumas, places: (source.width * source.height) / side ** 2 }
}

function whiteLevel({ spectra, lumas, places }: Seen, clipped: boolean): NoiseLevel {
  const usable = usableBlocks(spectra)
  const active = spectra.filter(({ coarse }) => usable.some((block) => coarse[block] !== 0))
  const none = spectra.map(() => 0)
  if (active.length === 0) return noiseLevelOf(none, () => [], lumas)
  const { variances, common } = readWhiteNoise(active, usable, clipped)
  const perChannel = spectra.map((channel) => variances[active.indexOf(channel)] ?? 0)
  const readRange = (range: number): Reading => {
    const all = usable.filter((block) => rangeOf(lumas[block] as number) === range)
    if (all.length < leastBlocks) return null
    const every = Math.ceil(all.length / mostOfRange)
    const blocks = all.filter((_, i) => i % every === 0)
    const { variances, blocks: read, pure } = readWhiteNoise(active, blocks, clipped)
    if (!pure) return null
    // Blocks overlap: so many of them are independent.
    const independent = read * Math.min(1, (every * places) / lumas.length)
    const variance = variances.reduce((sum, each) => sum + each, 0) / spectra.length
    return { variance, freedom: independent * fineCount * active.length }
  }
  const level = noiseLevelOf(perChannel, () => byRange(readRange), lumas)
  return { ...level, shared: level.sigma >= surelyNoise && common > alike }
}

/** What readings of σ², for each channel over all and of each range of brightness, come to. */
function noiseLevelOf(
  variances: number[],
  readings: () => readonly Reading[],
  lumas: Float32Array,
): NoiseLevel {
  const rounded = (sigma: number): number => Math.round(100 * sigma) / 100
  const sigma = Math.sqrt(variances.reduce((sum, each) => sum + each, 0) / variances.length)
  const curve = sigma < hardlyAny ? null : fitCurve(readings())
  const factor = curve === null ? 1 : overall(curve, lumas) / sigma
  return {
    sigma: rounded(factor * sigma),
    perChannel: variances.map((variance) => rounded(factor * Math.sqrt(variance))),
    correlated: false,
    shared: false,
    impulses: null,
    byBrightness: curve?.map(rounded) ?? null,
  }
}
