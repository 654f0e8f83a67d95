/** What a denoiser took away, and whether it looks like noise. */
import { maximumOf, type Planes } from '../codec/planes'

/** Side of the blocks that are looked at. */
export const side = 16
/** About so many blocks are looked at, of a small photo or a large one. */
const wantedBlocks = 8192
/** Fewer blocks than that tell nothing about edges. */
const leastBlocks = 40
/** The busiest blocks, where edges are, and the calmest, where there is nothing but noise. */
const busyShare = 0.1
const calmShare = 0.5
/** Below this standard deviation, on the 0–255 scale, the residual is rounding. */
const leastDeviation = 0.75
/**
 * From this excess on the residual counts as structured. Measured on ten held-out photos and Set12, noise of σ 5–50:
 * the very noise −0.07–0.06 (none above at σ ≤ 25), our grey model −0.31–0.06 but for one scan whose line pattern it
 * takes away at σ 5 (0.18), the same told four times the σ 0.09 in the mean, a blur of one pixel 0.04–0.81
 * (85 of 88 above), of three pixels 0.09–0.81.
 */
const structuredFrom = 0.06

/** Sums over the pixels of one block of the residual r: Σ r², Σ r(x, y) r(x+1, y) and Σ r(x, y) r(x, y+1). */
export interface Sums {
  squares: number
  across: number
  down: number
}

interface Block {
  channels: Sums[]
  /** Of the channels' mean: detail is common to them, noise is less so. */
  grey: Sums
  /** Mean of the output, on the 0–255 scale. */
  brightness: number
  /** Mean absolute step of the output to the next pixel, across and down. */
  steps: [number, number]
}

/**
 * Tells of the residual r = input − output:
 *
 * `correlation`: its largest lag-1 correlation in magnitude, Σ r(x) r(x+1) / Σ r(x)², across or down, of any
 * channel. White noise of n pixels gives about ±1/√n, camera noise 0.2–0.7, over-smoothed white noise −0.2–0.
 *
 * `structured`: whether edges were removed with the noise. A residual of noise alone, white or not, is as
 * correlated along edges as it is where nothing is; what was taken from an edge runs along it. So the
 * correlation along the edge, in the tenth of the blocks where the output has its strongest edges, is compared
 * with the calm half, and a clear excess is structure. False where there is too little to tell.
 *
 * Blocks so dark or bright that clipping cut off their noise are left out, as long as others remain.
 */
export function residualCorrelation(
  input: Planes,
  output: Planes,
): { correlation: number; structured: boolean } {
  const all = blocksOf(input, output)
  const deviation = Math.sqrt(total(all.map(({ grey }) => grey)).squares / (all.length * side ** 2))
  const inside = all.filter(
    ({ brightness }) => Math.min(brightness, 255 - brightness) >= 2 * deviation,
  )
  const blocks = inside.length >= leastBlocks ? inside : all
  let correlation = 0
  for (let channel = 0; channel < input.channels; channel++) {
    const sums = total(blocks.map(({ channels }) => channels[channel] as Sums))
    const [across, down] = [ratio(sums.across, sums.squares), ratio(sums.down, sums.squares)]
    correlation = Math.max(correlation, Math.abs(across), Math.abs(down))
  }
  const tellable = blocks.length >= leastBlocks && deviation >= leastDeviation
  return { correlation, structured: tellable && excessAlongEdges(blocks) >= structuredFrom }
}

/** A block has one pair less than pixels in each row. */
const ratio = (products: number, squares: number): number =>
  squares === 0 ? 0 : ((products / squares) * side) / (side - 1)

function total(sums: Sums[]): Sums {
  const result = { squares: 0, across: 0, down: 0 }
  for (const { squares, across, down } of sums) {
    result.squares += squares
    result.across += across
    result.down += down
  }
  return result
}

function excessAlongEdges(blocks: Block[]): number {
  const strength = ({ steps }: Block): number => Math.hypot(...steps)
  const sorted = [...blocks].sort((a, b) => strength(a) - strength(b))
  const along = (chosen: Block[]): number => {
    let [products, squares] = [0, 0]
    for (const { grey, steps } of chosen) {
      products += steps[0] > steps[1] ? grey.down : grey.across
      squares += grey.squares
    }
    return ratio(products, squares)
  }
  const calm = sorted.slice(0, Math.ceil(calmShare * sorted.length))
  const busy = sorted.slice(-Math.ceil(busyShare * sorted.length))
  return along(busy) - along(calm)
}

function blocksOf(input: Planes, output: Planes): Block[] {
  const { width, height } = input
  const pitch = Math.max(side, Math.floor(Math.sqrt((width * height) / wantedBlocks)))
  const blocks: Block[] = []
  for (let top = 0; top + side <= height; top += pitch) {
    for (let left = 0; left + side <= width; left += pitch) {
      blocks.push(blockAt(input, output, left, top))
    }
  }
  return blocks
}

const residual = new Float64Array(side * side)
const meanResidual = new Float64Array(side * side)
const meanOutput = new Float64Array(side * side)

function blockAt(input: Planes, output: Planes, left: number, top: number): Block {
  const { width, channels, bits } = input
  const scale = 255 / maximumOf(bits)
  meanResidual.fill(0)
  meanOutput.fill(0)
  const sums: Sums[] = []
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < side * side; i++) {
      const [x, y] = [left + (i % side), top + Math.floor(i / side)]
      const at = (y * width + x) * channels + channel
      const shown = (output.data[at] as number) * scale
      residual[i] = (input.data[at] as number) * scale - shown
      meanResidual[i] = (meanResidual[i] as number) + (residual[i] as number) / channels
      meanOutput[i] = (meanOutput[i] as number) + shown / channels
    }
    sums.push(sumsOf(residual))
  }
  let brightness = 0
  for (const value of meanOutput) brightness += value / (side * side)
  return { channels: sums, grey: sumsOf(meanResidual), brightness, steps: stepsOf(meanOutput) }
}

/** {@link Sums} of a block's values. */
export function sumsOf(values: Float64Array): Sums {
  let [squares, across, down] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    squares += value * value
    if (i % side < side - 1) across += value * (values[i + 1] as number)
    if (i < values.length - side) down += value * (values[i + side] as number)
  }
  return { squares, across, down }
}

function stepsOf(values: Float64Array): [number, number] {
  let [across, down] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (i % side < side - 1) across += Math.abs(value - (values[i + 1] as number))
    if (i < values.length - side) down += Math.abs(value - (values[i + side] as number))
  }
  const pairs = side * (side - 1)
  return [across / pairs, down / pairs]
}
