/** A quick look at what denoising will do: the visible region, reduced to what one call of the network takes. */
import type { Level } from '../../../shared/noiseCurve'
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec'
import type { TileRunner } from './denoise'
import { breathe, sourceOf, throwIfCancelled, tileOptionsFor } from './denoise'
import { levelMapOf } from './levelMap'
import { estimateNoiseFloat } from './noiseLevel'
import { mirror, planTiles, tileRegion, overlaps } from './tiles'

export interface DraftOptions {
  level: Level
  /** σ of the reduced picture is estimated again: noise that is correlated averages out less than white noise. */
  estimate: boolean
  signal?: AbortSignal
}

interface Reduced {
  data: Float32Array
  width: number
  height: number
}

/**
 * Paints a draft of `visible` into `output`: reduced by area average, denoised in one call, enlarged bilinearly.
 * @returns whether it did: not when the exact result of `visible` is itself one call away
 * @throws DarkroomError `cancelled`
 */
export async function paintDraft(
  input: Planes,
  output: Planes,
  visible: Region,
  runner: TileRunner,
  options: DraftOptions,
): Promise<boolean> {
  const plan = planTiles(input.width, input.height, tileOptionsFor(runner))
  const touched = plan.tiles.filter((tile) => overlaps(tileRegion(plan, tile), visible))
  const size = plan.tiles[0]?.input
  if (touched.length <= 1 || !size || options.level === 0) return false
  const factor = Math.max(visible.width / size.width, visible.height / size.height, 1)
  const reduced = await reduce(input, visible, factor, options.signal)
  const { data, width, height } = reduced
  const levels = await levelMapOf(sourceOf(data, width, height, input.channels, 1), options.level)
  const sigma = options.estimate
    ? reducedSigma(reduced, input.channels, levels.sigma, factor)
    : levels.sigma / factor
  const tile = levels.of({ ...size, x: 0, y: 0 })
  const level = typeof tile === 'number' ? sigma : tile.map((each) => (each * sigma) / levels.sigma)
  // The shape of the exact tiles, so that no other graph is compiled for a draft.
  const padded = pad(reduced, size.width, size.height, input.channels)
  const clean = runner.run(padded, size.height, size.width, level)
  await enlarge({ ...reduced, data: clean }, size.width, output, visible, options.signal)
  return true
}

function reducedSigma(reduced: Reduced, channels: 1 | 3, sigma: number, factor: number): number {
  const found = estimateNoiseFloat(reduced.data, reduced.width, reduced.height, channels).sigma
  return Math.min(sigma, Math.max(sigma / factor, found))
}

const pixelsBetweenBreaths = 1_000_000

/** Averages whole pixels: bin i of n covers [⌊i·W/n⌋, ⌊(i+1)·W/n⌋). */
async function reduce(
  { width: stride, channels, bits, data }: Planes,
  region: Region,
  factor: number,
  signal: AbortSignal | undefined,
): Promise<Reduced> {
  const width = Math.max(1, Math.floor(region.width / factor))
  const height = Math.max(1, Math.floor(region.height / factor))
  const result = new Float32Array(width * height * channels)
  const white = bits === 8 ? 255 : 65535
  let work = 0
  for (let y = 0; y < height; y++) {
    const top = region.y + Math.floor((y * region.height) / height)
    const bottom = region.y + Math.floor(((y + 1) * region.height) / height)
    for (let x = 0; x < width; x++) {
      const left = region.x + Math.floor((x * region.width) / width)
      const right = region.x + Math.floor(((x + 1) * region.width) / width)
      const scale = 1 / ((right - left) * (bottom - top) * white)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            sum += data[(row * stride + column) * channels + channel] as number
          }
        }
        result[(y * width + x) * channels + channel] = sum * scale
      }
    }
    work += region.width * (bottom - top)
    if (work < pixelsBetweenBreaths) continue
    work = 0
    await breathe()
    throwIfCancelled(signal)
  }
  return { data: result, width, height }
}

function pad(image: Reduced, width: number, height: number, channels: number): Float32Array {
  const result = new Float32Array(width * height * channels)
  let at = 0
  for (let y = 0; y < height; y++) {
    const row = mirror(y, image.height) * image.width
    for (let x = 0; x < width; x++) {
      const from = (row + mirror(x, image.width)) * channels
      for (let channel = 0; channel < channels; channel++) {
        result[at++] = image.data[from + channel] as number
      }
    }
  }
  return result
}

/** For each of `length` pixels, its two neighbours in a row of `small` and the weight of the second. */
function bilinear(length: number, small: number): { low: Int32Array; share: Float32Array } {
  const low = new Int32Array(length)
  const share = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    const place = Math.min(small - 1, Math.max(0, ((i + 0.5) * small) / length - 0.5))
    low[i] = Math.max(0, Math.min(small - 2, Math.floor(place)))
    share[i] = place - (low[i] as number)
  }
  return { low, share }
}

async function enlarge(
  { data, width, height }: Reduced,
  stride: number,
  output: Planes,
  region: Region,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { channels } = output
  const white = output.bits === 8 ? 255 : 65535
  const across = bilinear(region.width, width)
  const down = bilinear(region.height, height)
  const right = width > 1 ? channels : 0
  const below = height > 1 ? stride * channels : 0
  let work = 0
  for (let y = 0; y < region.height; y++) {
    const row = (down.low[y] as number) * stride
    const v = down.share[y] as number
    let to = ((region.y + y) * output.width + region.x) * channels
    for (let x = 0; x < region.width; x++) {
      const u = across.share[x] as number
      const from = (row + (across.low[x] as number)) * channels
      for (let at = from; at < from + channels; at++) {
        const upper = (data[at] as number) * (1 - u) + (data[at + right] as number) * u
        const lower =
          (data[at + below] as number) * (1 - u) + (data[at + below + right] as number) * u
        const value = upper * (1 - v) + lower * v
        output.data[to++] = Math.round(Math.min(1, Math.max(0, value)) * white)
      }
    }
    work += region.width
    if (work < pixelsBetweenBreaths) continue
    work = 0
    await breathe()
    throwIfCancelled(signal)
  }
}
