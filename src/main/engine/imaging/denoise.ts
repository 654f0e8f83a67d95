/**
 * Runs a denoising network over an image, tile by tile: integer planes of any size, or floats for measurement.
 * Floats exist for one tile at a time, other work gets its turn between tiles, and a cancel is seen at each.
 */
import { DarkroomError } from '../../../shared/errors'
import type { Level } from '../../../shared/noiseCurve'
import type { NoiseLevel, Region } from '../../../shared/types'
import type { Planes } from '../codec'
import type { Sink } from './assembly'
import { Assembly } from './assembly'
import type { TileOptions } from './tiles'
import { clippingCorrection } from './clippingCorrection'
import { levelMapOf, type LevelMap, type TileLevel } from './levelMap'
import { removeImpulses } from './impulses'
import { boundRemoval } from './littleNoise'
import { mirror, orderTiles, planTiles, tileRegion } from './tiles'

/** What is needed of a network: `engine/models` makes one from a model's file. */
export interface TileRunner {
  readonly channels: 1 | 3
  /** Sides of what `run` takes are multiples of this. */
  readonly multiple: number
  /** How far a pixel's result depends on others, in pixels, where the network tells. */
  readonly radius?: number
  /** The largest side of a tile, where `run` takes longer than one call of a network. */
  readonly largestTile?: number
  /** `noisy` [height · width · channels], white is 1; returns the same shape. One call, synchronous. */
  run(noisy: Float32Array, height: number, width: number, level: TileLevel): Float32Array
  /** Two of them side by side, in one call, where that is faster than one after the other. */
  runBoth?(noisy: Pair, height: number, width: number, levels: [TileLevel, TileLevel]): Pair
}
export type Pair = [Float32Array, Float32Array]

export interface Progress {
  done: number
  total: number
  /** What the tile changed. */
  region: Region
}

export interface TilingOptions {
  /** Tiles that show a part of it come first. */
  visible?: Region | null
  signal?: AbortSignal
  onTile?: (progress: Progress) => void
  tiles?: Partial<TileOptions>
}

export interface PlaneOptions extends TilingOptions {
  /** What is known of the noise besides its level; white and the same at every brightness where nothing is. */
  noise?: Pick<NoiseLevel, 'correlated' | 'byBrightness' | 'impulses'>
}

/**
 * The largest context around a tile. Measured with a network whose reach is 98 pixels, tiles against one call for the
 * whole image, largest difference in steps of 8 bits at σ 10/25/50: 0.10/0.35/0.63 (root mean square 0.001/0.004/0.009);
 * with 24 pixels 0.26/0.75/1.2, with 48 0.01/0.05/0.12, with 98 none.
 */
const maxHalo = 32
/** The largest side of a tile: two older cores take about half a second for two, the most that other requests may wait. */
const maxTile = 448

/** Sizes for a network: fixed, never by the machine's speed, since the same image must give the same bytes everywhere. */
export function tileOptionsFor(runner: TileRunner, wanted: Partial<TileOptions> = {}): TileOptions {
  const halo = Math.min(runner.radius ?? maxHalo, maxHalo)
  return {
    tile: runner.largestTile ?? maxTile,
    halo,
    blend: 16,
    multiple: runner.multiple,
    ...wanted,
  }
}

/** Lets waiting messages, timers and requests have their turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** @throws DarkroomError `cancelled` when the signal was given */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
}

/** An image as the tiles see it: any region of it as floats, mirrored beyond its right and lower edge; rows as they are. */
interface Source {
  width: number
  height: number
  channels: 1 | 3
  read(region: Region): Float32Array
  rows(y: number, count: number): Float32Array
}

/**
 * A grey network for colour images: each channel passes on its own.
 * @throws DarkroomError `model-unfit` for a colour network and a grey image, which it was never trained for
 */
export function fitRunner(runner: TileRunner, channels: 1 | 3, model: string): TileRunner {
  if (runner.channels === channels) return runner
  if (runner.channels === 3) {
    throw new DarkroomError('model-unfit', `${model} is for colour images, this one is grey`, {
      model,
      expected: 3,
      received: 1,
    })
  }
  const all = (tiles: Float32Array[], height: number, width: number, levels: TileLevel[]) => {
    const planes = tiles.flatMap((tile) =>
      [0, 1, 2].map((channel) =>
        Float32Array.from({ length: height * width }, (_, i) => tile[3 * i + channel] as number),
      ),
    )
    const ofPlanes = levels.flatMap((level) => [level, level, level])
    const clean = runAll(runner, planes, height, width, ofPlanes)
    return tiles.map((tile, k) =>
      Float32Array.from(tile, (_, i) => clean[3 * k + (i % 3)]?.[Math.floor(i / 3)] as number),
    )
  }
  const run: TileRunner['run'] = (noisy, height, width, level) =>
    all([noisy], height, width, [level])[0] as Float32Array
  const runBoth: TileRunner['runBoth'] = (noisy, ...rest) => all(noisy, ...rest) as Pair
  const { multiple, radius } = runner
  const largestTile = Math.floor(maxTile / Math.sqrt(3)) // three calls take the time of one
  return {
    channels: 3,
    multiple,
    largestTile,
    run,
    runBoth,
    ...(radius === undefined ? {} : { radius }),
  }
}

/** Any number of tiles of one size, two at a time where the runner can. */
function runAll(
  runner: TileRunner,
  tiles: Float32Array[],
  height: number,
  width: number,
  levels: TileLevel[],
): Float32Array[] {
  const results: Float32Array[] = []
  for (let at = 0; at < tiles.length; at += 2) {
    const [first, second] = tiles.slice(at, at + 2) as [Float32Array, Float32Array | undefined]
    const [level, other] = levels.slice(at, at + 2) as [TileLevel, TileLevel]
    if (second && runner.runBoth)
      results.push(...runner.runBoth([first, second], height, width, [level, other]))
    else {
      results.push(runner.run(first, height, width, level))
      if (second) results.push(runner.run(second, height, width, other))
    }
  }
  return results
}

async function runTiles(
  source: Source,
  runner: TileRunner,
  levels: LevelMap,
  options: TilingOptions,
  sink: Sink,
): Promise<void> {
  const plan = planTiles(source.width, source.height, tileOptionsFor(runner, options.tiles))
  const assembly = new Assembly(plan, source.channels, sink)
  const total = plan.tiles.length
  const tiles = orderTiles(plan, options.visible ?? null)
  for (let done = 0; done < total; done += 2) {
    throwIfCancelled(options.signal)
    const both = tiles.slice(done, done + 2)
    const { width, height } = (both[0] as (typeof both)[0]).input // all have one size
    const results = runAll(
      runner,
      both.map(({ input }) => source.read(input)),
      ...[height, width],
      both.map(({ input }) => levels.of(input)),
    )
    both.forEach((tile, k) => {
      assembly.add(tile, results[k] as Float32Array)
      options.onTile?.({ done: done + k + 1, total, region: tileRegion(plan, tile) })
    })
    await breathe()
  }
  throwIfCancelled(options.signal)
}

/** Copies a region out of interleaved values, times `scale`, mirrored beyond the right and lower edge. */
function readRegion(
  data: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
  region: Region,
  scale: number,
): Float32Array {
  const result = new Float32Array(region.width * region.height * channels)
  const inside = Math.max(0, Math.min(region.width, width - region.x))
  let at = 0
  for (let y = 0; y < region.height; y++) {
    const row = mirror(region.y + y, height) * width
    const from = (row + region.x) * channels
    for (let i = 0; i < inside * channels; i++) result[at++] = (data[from + i] as number) * scale
    for (let x = inside; x < region.width; x++) {
      const pixel = (row + mirror(region.x + x, width)) * channels
      for (let channel = 0; channel < channels; channel++) {
        result[at++] = (data[pixel + channel] as number) * scale
      }
    }
  }
  return result
}

/** Interleaved values, times `scale`, as a source. */
export function sourceOf(
  data: ArrayLike<number>,
  width: number,
  height: number,
  channels: 1 | 3,
  scale: number,
): Source {
  const read = (region: Region): Float32Array =>
    readRegion(data, width, height, channels, region, scale)
  const rows = (y: number, count: number): Float32Array => read({ x: 0, y, width, height: count })
  return { width, height, channels, read, rows }
}
const sourceOfPlanes = ({ data, width, height, channels, bits }: Planes): Source =>
  sourceOf(data, width, height, channels, bits === 8 ? 1 / 255 : 1 / 65535)

/** √ of the mean of σ² over a picture: the one number for a level that may depend on brightness. */
export const overallSigma = async (planes: Planes, level: Level): Promise<number> =>
  (await levelMapOf(sourceOfPlanes(planes), level)).sigma

/**
 * Denoises a picture into `output`, planes of the same size, depth and channels that the caller made (a copy of the
 * input, or a draft). Where impulses are known of, they are replaced before (`impulses.ts`). Then each pixel is replaced
 * once, by the network's value, corrected where the file clipped its noise ({@link clippingCorrection}), clipped to
 * [0, 1] and rounded to the depth.
 * Where there is little noise, no more than σ is removed ({@link boundRemoval}), unless it is correlated, where σ is not
 * all of it. Alpha is not touched. σ 0 leaves the values as they are then. Where σ depends on brightness the network is told so of
 * every place (`levelMap.ts`).
 * @returns the level as one number, see {@link overallSigma}
 * @throws DarkroomError `cancelled`
 */
export async function denoisePlanes(
  noisy: Planes,
  output: Planes,
  runner: TileRunner,
  level: Level,
  options: PlaneOptions = {},
): Promise<number> {
  const turn = async (): Promise<void> => {
    await breathe()
    throwIfCancelled(options.signal)
  }
  const { noise } = options
  const input = noise?.impulses ? await removeImpulses(noisy, noise.impulses, turn) : noisy
  const source = sourceOfPlanes(input)
  const levels = await levelMapOf(source, level, turn)
  if (levels.sigma === 0) {
    output.data.set(input.data)
    return 0
  }
  // Of correlated noise σ is the strength in the low frequencies, and says too little of what was clipped.
  const correct =
    (noise?.correlated ? null : clippingCorrection(input, level, !noise?.byBrightness)) ??
    ((value: number) => value)
  const white = input.bits === 8 ? 255 : 65535
  const { channels, width } = input
  const target = output.data
  await runTiles(source, runner, levels, options, (region, values, offset, stride) => {
    const run = region.width * channels
    for (let y = 0; y < region.height; y++) {
      const to = ((region.y + y) * width + region.x) * channels
      const from = offset + y * stride
      for (let i = 0; i < run; i++) {
        const value = correct(values[from + i] as number)
        target[to + i] = value <= 0 ? 0 : value >= 1 ? white : Math.round(value * white)
      }
    }
  })
  if (!noise?.correlated && (await boundRemoval(input, output, levels.sigma, turn)))
    options.onTile?.({ done: 1, total: 1, region: { x: 0, y: 0, width, height: input.height } })
  return levels.sigma
}

/**
 * Denoises floats with white at 1, which may lie outside [0, 1] (noise that was not clipped, as papers measure it).
 * @returns values clipped to [0, 1], not rounded. σ 0 gives the input, clipped.
 */
export async function denoiseFloats(
  data: Float32Array,
  width: number,
  height: number,
  runner: TileRunner,
  level: Level,
  options: TilingOptions = {},
): Promise<Float32Array> {
  const { channels } = runner
  const source = sourceOf(data, width, height, channels, 1)
  const levels = await levelMapOf(source, level)
  if (levels.sigma === 0) return data.map((value) => Math.min(1, Math.max(0, value)))
  const result = new Float32Array(data.length)
  await runTiles(source, runner, levels, options, (region, values, offset, stride) => {
    const run = region.width * channels
    for (let y = 0; y < region.height; y++) {
      const to = ((region.y + y) * width + region.x) * channels
      const from = offset + y * stride
      for (let i = 0; i < run; i++) {
        result[to + i] = Math.min(1, Math.max(0, values[from + i] as number))
      }
    }
  })
  return result
}
