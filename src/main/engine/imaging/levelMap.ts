/**
 * The level of noise at every place of an image: what a denoising network is told where σ depends on brightness.
 *
 * σ is read off its curve at the mean luma of each block of 8 × 8 pixels, and is linear between the blocks' middles. The
 * blocks lie on one grid over the whole image, so that a place has the same level in every tile that shows it.
 */
import { sigmaAt, type Level } from '../../../shared/noiseCurve'
import type { Region } from '../../../shared/types'
import { lumaOf } from './luma'

const side = 8

/** σ on the 0–255 scale of a whole tile, or of each 2 × 2 pixels of it, row by row. */
export type TileLevel = number | Float32Array

export interface LevelMap {
  /** √ of the mean of σ² over the image. */
  readonly sigma: number
  /** The level of a region whose place and size are even; it may reach over the right and lower edge. */
  of(region: Region): TileLevel
}

/** An image to read: so many of its rows as interleaved floats, white at 1. */
interface Source {
  width: number
  height: number
  channels: 1 | 3
  rows(y: number, count: number): Float32Array
}

/** @param turn lets other work have its turn between rows of blocks; what it throws ends the work */
export async function levelMapOf(
  source: Source,
  level: Level,
  turn: () => Promise<void> = () => Promise.resolve(),
): Promise<LevelMap> {
  const one = typeof level === 'number' ? level : (level[0] as number)
  if (typeof level === 'number' || level.every((sigma) => sigma === one))
    return { sigma: one, of: () => one }
  const [across, down] = [Math.ceil(source.width / side), Math.ceil(source.height / side)]
  const sigmas = new Float32Array(across * down)
  let squares = 0
  for (let row = 0; row < down; row++) {
    const lumas = blockRow(source, row, across)
    for (let column = 0; column < across; column++) {
      const sigma = sigmaAt(level, 255 * (lumas[column] as number))
      sigmas[row * across + column] = sigma
      squares += sigma ** 2
    }
    await turn()
  }
  const at = (columns: Weights, rows: Weights, x: number, y: number): number => {
    const from = (rows.low[y] as number) * across + (columns.low[x] as number)
    const right = across > 1 ? 1 : 0
    const below = down > 1 ? across : 0
    const share = columns.share[x] as number
    const upper = mix(sigmas[from] as number, sigmas[from + right] as number, share)
    const lower = mix(sigmas[from + below] as number, sigmas[from + below + right] as number, share)
    return mix(upper, lower, rows.share[y] as number)
  }
  return {
    sigma: Math.sqrt(squares / sigmas.length),
    of({ x, y, width, height }) {
      const [columns, rows] = [weightsOf(x, width, across), weightsOf(y, height, down)]
      const half = width / 2
      return Float32Array.from({ length: half * (height / 2) }, (_, i) =>
        at(columns, rows, i % half, Math.floor(i / half)),
      )
    },
  }
}

/** Mean lumas of a row of blocks, white at 1; those at the edge are smaller. */
function blockRow(source: Source, row: number, across: number): Float64Array {
  const { width, channels } = source
  const y = row * side
  const height = Math.min(side, source.height - y)
  const values = source.rows(y, height)
  const sums = new Float64Array(across)
  for (let i = 0; i < width * height; i++) {
    const column = Math.floor((i % width) / side)
    sums[column] = (sums[column] as number) + lumaOf(values, i * channels, channels)
  }
  return sums.map((sum, column) => sum / (height * Math.min(side, width - column * side)))
}

const mix = (from: number, to: number, share: number): number => from + share * (to - from)

/** For each pair of pixels the block whose middle is before its own, and the weight of the next. */
interface Weights {
  low: Int32Array
  share: Float32Array
}

function weightsOf(start: number, length: number, blocks: number): Weights {
  const low = new Int32Array(length / 2)
  const share = new Float32Array(length / 2)
  for (let i = 0; i < low.length; i++) {
    const place = Math.min(blocks - 1, Math.max(0, (start + 2 * i + 1) / side - 0.5))
    low[i] = Math.max(0, Math.min(blocks - 2, Math.floor(place)))
    share[i] = place - (low[i] as number)
  }
  return { low, share }
}
