/** Whether the noise of a picture is correlated between neighbouring pixels, told from the picture alone. */
import type { Planes } from '../codec/planes'
import { side, sumsOf, type Sums } from './residual'

/** About so many blocks are looked at, of a small photo or a large one. */
const wantedBlocks = 4096
/** The calmest blocks, in which there is hardly anything but noise. */
const calmShare = 0.05
const leastCalm = 8

/**
 * The lag-1 correlation of the calmest twentieth of the picture's blocks after their slopes are taken out,
 * Σ v(x) v(x+1) / Σ v², across or down, the larger, of the channel that has most. White noise gives about 0, the noise
 * of finished camera files 0.2–0.8, what is calm and has no noise nearly 1. Zero for a picture without any block that is
 * not even.
 */
export function noiseCorrelation({ width, height, channels, data }: Planes): number {
  const pitch = Math.max(side, Math.floor(Math.sqrt((width * height) / wantedBlocks)))
  let most = 0
  for (let channel = 0; channel < channels; channel++) {
    const blocks: Sums[] = []
    for (let top = 0; top + side <= height; top += pitch) {
      for (let left = 0; left + side <= width; left += pitch) {
        const at = (top * width + left) * channels + channel
        blocks.push(blockOf(data, at, channels, width * channels))
      }
    }
    // What is quite even was clipped, or is no photo.
    const noisy = blocks.filter(({ squares }) => squares > side * side * 0.1)
    noisy.sort((a, b) => a.squares - b.squares)
    const calm = noisy.slice(0, Math.max(leastCalm, Math.ceil(calmShare * noisy.length)))
    const sum = (part: keyof Sums): number => calm.reduce((all, block) => all + block[part], 0)
    const squares = sum('squares') * ((side - 1) / side) // a row has one pair less than pixels
    if (squares > 0) most = Math.max(most, sum('across') / squares, sum('down') / squares)
  }
  return most
}

const values = new Float64Array(side * side)
const middle = (side - 1) / 2
/** Σ (x − middle)² over a block. */
const spread = (side * side * (side * side - 1)) / 12

function blockOf(data: ArrayLike<number>, at: number, step: number, line: number): Sums {
  let [mean, slopeAcross, slopeDown] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side)]
    const value = data[at + x * step + y * line] as number
    values[i] = value
    mean += value / values.length
    slopeAcross += (value * (x - middle)) / spread
    slopeDown += (value * (y - middle)) / spread
  }
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side)]
    const plane = mean + slopeAcross * (x - middle) + slopeDown * (y - middle)
    values[i] = (values[i] as number) - plane
  }
  return sumsOf(values)
}
