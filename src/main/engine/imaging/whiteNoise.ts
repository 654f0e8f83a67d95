/**
 * White Gaussian noise, read blind: its σ² in each channel.
 *
 * White noise has variance σ² in every coefficient of an orthonormal transform, detail has most of its
 * energy in the coarse ones. So the 8×8 blocks with the least energy in the coarse half of their cosine
 * spectrum are taken, those of all channels together, and σ² is read from the fine half of the same blocks.
 * Under white noise both halves are independent: choosing by the one does not bias the other.
 *
 * - How many blocks: all with no more coarse energy than noise of σ has in the mean, at least 0.5 %. Since
 *   that depends on σ it is repeated until σ stands still.
 * - Of the 28 variances in the fine half the highest are left out until their mean is not above their
 *   median: detail that is left in some of them does not count.
 * - Clipping to 0–255 takes noise away near black and white. How much is known for a given σ and brightness
 *   (`clippedNormal.ts`): each block is divided by the share that is left; blocks with less than 0.6 are not used.
 * - What the channels of a colour image have in common there is detail rather than noise, as long as it is little.
 *   Without colour to tell, the grain of a finished photo is subtracted: see {@link grain}.
 *
 * Sources: the selection by coarse energy, N. N. Ponomarenko et al., 'An automatic approach to lossy
 * compression of AVIRIS images', IGARSS 2007, and Lebrun, Colom, Morel, 'The noise clinic', IPOL 2015;
 * mean against median, Chen, Zhu, Heng, 'An efficient statistical method for image noise level estimation',
 * ICCV 2015. The correction for clipping and the channels' common part are ours.
 */
import { fineCount, type BlockSpectra } from './blockSpectra'
import { visibleShares } from './clippedNormal'

const leastShare = 0.005
/** So many blocks are read at least. */
export const leastBlocks = 100
const leastVisible = 0.6
const mostRounds = 20

/**
 * What counts as a clean photo's own. Published photos that pass as clean read 0.2–2: grain that is left in them,
 * fine texture. Subtracted in squares, at σ 5 it is a matter of 6 %; with it all of Kodak and Set12 read less than 1.
 */
const grain = 1.75
/** Up to this share of a channel's variance what is common to the channels is taken for detail. */
const commonDetail = 0.15

/** All blocks but those that are evenly black or white: borders, and what was overexposed, tell nothing. */
export function usableBlocks(spectra: BlockSpectra[]): Uint32Array {
  const all = Uint32Array.from(spectra[0]?.mean ?? [], (_, block) => block)
  return all.filter((block) =>
    spectra.some(({ mean, coarse }) => {
      const value = mean[block] as number
      return (coarse[block] as number) > 1e-6 || (value > 1e-3 && value < 254.999)
    }),
  )
}

/** What the chosen blocks told. */
export interface WhiteReading {
  /** σ² of each channel. */
  variances: number[]
  /** How alike the channels' noise is: the mean of their covariance over variance; 0 for grey. */
  common: number
  /** How many blocks there were. */
  blocks: number
  /** Whether they show noise alone, and enough of it: else some of what was read is detail, or clipped. */
  pure: boolean
}

/**
 * The noise variances of the channels, in rounds: σ decides which blocks are read, and they tell σ.
 * @param usable the blocks to choose from
 * @param clipped whether values were clipped to 0–255
 */
export function readWhiteNoise(
  spectra: BlockSpectra[],
  usable: Uint32Array,
  clipped: boolean,
): WhiteReading {
  let sigmas = spectra.map(() => 0)
  for (let round = 1; ; round++) {
    const chosen = choose(spectra, usable, sigmas, clipped)
    const variances = spectra.map((channel, i) =>
      varianceOf(fineProducts(channel, channel, chosen, i, i)),
    )
    const before = sigmas
    sigmas = variances.map(Math.sqrt)
    const still = sigmas.every(
      (sigma, i) => Math.abs(sigma - (before[i] as number)) <= 1e-3 * sigma,
    )
    if (!still && round < mostRounds) continue
    const { blocks, pure } = chosen
    const shared = variances.map((_, channel) => sharedOf(spectra, chosen, channel))
    const common = mean(shared.map((value, i) => value / Math.max(1e-6, variances[i] as number)))
    return { variances: withoutDetail(variances, shared), common, blocks: blocks.length, pure }
  }
}

/** Blocks to read from, and for each channel the share of its noise that clipping left in each of them. */
interface Chosen {
  blocks: Uint32Array
  pure: boolean
  visible: Float32Array[]
}

function choose(
  spectra: BlockSpectra[],
  usable: Uint32Array,
  sigmas: number[],
  clipped: boolean,
): Chosen {
  const visible = spectra.map((channel, i) =>
    visibleIn(channel, usable, clipped ? (sigmas[i] as number) : 0),
  )
  const candidates = mostVisible(visible)
  const energies = new Float64Array(candidates.length)
  for (const [i, { coarse }] of spectra.entries()) {
    const shares = visible[i] as Float32Array
    const weight = 1 / (spectra.length * Math.max(1e-3, sigmas[i] || 1) ** 2)
    for (let at = 0; at < energies.length; at++) {
      const candidate = candidates[at] as number
      const energy = coarse[usable[candidate] as number] as number
      energies[at] =
        (energies[at] as number) + (energy * weight) / (shares[candidate] as number) ** 2
    }
  }
  const wanted = Math.max(leastBlocks, Math.floor(leastShare * energies.length))
  const known = sigmas.some((sigma) => sigma > 0)
  const least = smallest(energies, wanted)
  const limit = Math.max(known ? 1 : 0, least)
  const chosen = candidates.filter((_, at) => (energies[at] as number) <= limit)
  const shown = visible.map((shares) => Float32Array.from(chosen, (at) => shares[at] as number))
  return {
    blocks: chosen.map((candidate) => usable[candidate] as number),
    pure:
      known &&
      least <= 1 &&
      shown.every((shares) => shares.every((share) => share >= leastVisible)),
    visible: shown,
  }
}

/** For each of the usable blocks the share of noise of σ that clipping leaves at its brightness; 1 for σ = 0. */
function visibleIn({ mean }: BlockSpectra, usable: Uint32Array, sigma: number): Float32Array {
  const shares = new Float32Array(usable.length).fill(1)
  if (sigma === 0) return shares
  const table = visibleShares(Math.max(0.5, sigma))
  for (let i = 0; i < usable.length; i++) {
    const value = Math.round(mean[usable[i] as number] as number)
    shares[i] = table[Math.min(255, Math.max(0, value))] as number
  }
  return shares
}

/** Places in `visible` that show enough of the noise in every channel; if there are too few, those that show most. */
function mostVisible(visible: Float32Array[]): Uint32Array {
  const least = (visible[0] as Float32Array).map((_, i) => {
    let share = 1
    for (const shares of visible) share = Math.min(share, shares[i] as number)
    return share
  })
  const hidden = least.map((share) => 1 - share)
  const limit = Math.max(1 - leastVisible, smallest(hidden, leastBlocks))
  return Uint32Array.from(least.keys()).filter((i) => (hidden[i] as number) <= limit)
}

/** The `count`-th smallest value, or the largest when there are fewer. */
function smallest(values: Float32Array | Float64Array, count: number): number {
  return values.slice().sort()[Math.min(count, values.length) - 1] as number
}

/** For each fine coefficient the mean over the chosen blocks of a·b: variances, or covariances of two channels. */
function fineProducts(
  a: BlockSpectra,
  b: BlockSpectra,
  { blocks, visible }: Chosen,
  channelA: number,
  channelB: number,
): Float64Array {
  const sums = new Float64Array(fineCount)
  const [visibleA, visibleB] = [
    visible[channelA] as Float32Array,
    visible[channelB] as Float32Array,
  ]
  for (let i = 0; i < blocks.length; i++) {
    const at = (blocks[i] as number) * fineCount
    const scale = 1 / ((visibleA[i] as number) * (visibleB[i] as number))
    for (let k = 0; k < fineCount; k++) {
      sums[k] =
        (sums[k] as number) + (a.fine[at + k] as number) * (b.fine[at + k] as number) * scale
    }
  }
  return sums.map((sum) => sum / blocks.length)
}

/** The mean of the smallest variances: as many as leave it at or under their median. */
function varianceOf(variances: Float64Array): number {
  const sorted = variances.slice().sort()
  for (let count = sorted.length; ; count--) {
    let sum = 0
    for (let k = 0; k < count; k++) sum += sorted[k] as number
    if (sum / count <= median(sorted.subarray(0, count)) || count === 1) return sum / count
  }
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** What a channel has in common with the others: the mean covariance; 0 for grey. */
function sharedOf(spectra: BlockSpectra[], chosen: Chosen, channel: number): number {
  const own = spectra[channel] as BlockSpectra
  const others = spectra.map((_, other) => other).filter((other) => other !== channel)
  return mean(
    others.map((other) => {
      const products = fineProducts(own, spectra[other] as BlockSpectra, chosen, channel, other)
      return median(products.sort())
    }),
  )
}

/** The variances less what is taken for the photo's own detail and grain. */
function withoutDetail(variances: number[], shared: readonly number[]): number[] {
  const colour = variances.length > 1
  return variances.map((variance, channel) => {
    const common = shared[channel] as number
    const detail =
      colour && common <= commonDetail * variance
        ? common
        : Math.min(colour ? common : Infinity, grain ** 2)
    return Math.max(0, variance - Math.max(0, detail))
  })
}
