/**
 * A score without a clean original: some pixels are hidden from the denoiser, which then has to tell them from their
 * neighbours, and what it tells is compared with what the file holds there. For noise of mean zero that is independent
 * between pixels,
 *
 *   E (f(x̃)ⱼ − xⱼ)² = E (f(x̃)ⱼ − cleanⱼ)² + σ²,
 *
 * so that whatever scores lower is nearer to the truth. It says nothing where noise is correlated between pixels, as
 * that of most finished camera files is (`noiseCorrelation.ts`): the neighbours then tell of the noise as well, and
 * taking away too little wins.
 *
 * Hidden are the pixels of a grid of every fourth row and column, all channels at once; in their place stands the
 * mean of the eight neighbours, those beside counted twice.
 *
 * Source: J. Batson, L. Royer, 'Noise2Self: blind denoising by self-supervision', 2019, J-invariance by masking.
 */
import type { Level } from '../../../shared/noiseCurve'
import type { SelfScore } from '../../../shared/types'
import { maximumOf, type Planes } from '../codec/planes'
import { denoisePlanes, type PlaneOptions, type TileRunner } from './denoise'
import { mirror } from './tiles'

const pitch = 4
/** Grids that share no row and no column, as many as {@link wantedPixels} takes. */
const offsets = [
  [0, 0],
  [2, 1],
  [1, 3],
  [3, 2],
] as const
/** With so many the score's own error is below half a percent. */
const wantedPixels = 100_000

export interface ScoreOptions extends Pick<PlaneOptions, 'noise'> {
  signal?: AbortSignal
  /** 0–1 of the work. */
  onShare?: (share: number) => void
}

/**
 * The score of a network at a level, at full strength: √MSE over the hidden pixels on the 0–255 scale, beside that of
 * the neighbours' mean, which any denoiser must beat.
 * @throws DarkroomError `cancelled`
 */
export async function selfScore(
  input: Planes,
  runner: TileRunner,
  level: Level,
  { noise, signal, onShare }: ScoreOptions = {},
): Promise<Omit<SelfScore, 'noise'>> {
  const each = Math.ceil(input.width / pitch) * Math.ceil(input.height / pitch)
  const grids = offsets.slice(0, Math.max(1, Math.ceil(wantedPixels / each)))
  let [error, interpolation, pixels] = [0, 0, 0]
  for (const [i, [left, top]] of grids.entries()) {
    const places = placesOf(input, left, top)
    const hidden = withNeighbours(input, places)
    const output = { ...hidden, data: hidden.data.slice() }
    await denoisePlanes(hidden, output, runner, level, {
      ...(signal ? { signal } : {}),
      ...(noise ? { noise } : {}),
      onTile: ({ done, total }) => onShare?.((i + done / total) / grids.length),
    })
    error += squares(input, output, places)
    interpolation += squares(input, hidden, places)
    pixels += places.length
  }
  const root = (sum: number): number =>
    (255 / maximumOf(input.bits)) * Math.sqrt(sum / Math.max(1, pixels * input.channels))
  return { error: root(error), interpolation: root(interpolation), pixels }
}

/** Indices of the grid's pixels. */
function placesOf({ width, height }: Planes, left: number, top: number): Int32Array {
  const places: number[] = []
  for (let y = top; y < height; y += pitch) {
    for (let x = left; x < width; x += pitch) places.push(y * width + x)
  }
  return Int32Array.from(places)
}

function withNeighbours(input: Planes, places: Int32Array): Planes {
  const { width, height, channels, data } = input
  const hidden = data.slice()
  for (const place of places) {
    const [x, y] = [place % width, Math.floor(place / width)]
    const columns = [mirror(x - 1, width), x, mirror(x + 1, width)]
    const rows = [mirror(y - 1, height), y, mirror(y + 1, height)]
    for (let channel = 0; channel < channels; channel++) {
      const at = (column: number, row: number): number =>
        data[
          ((rows[row] as number) * width + (columns[column] as number)) * channels + channel
        ] as number
      const beside = at(1, 0) + at(0, 1) + at(2, 1) + at(1, 2)
      const across = at(0, 0) + at(2, 0) + at(0, 2) + at(2, 2)
      hidden[place * channels + channel] = Math.round((2 * beside + across) / 12)
    }
  }
  return { ...input, data: hidden }
}

function squares(input: Planes, output: Planes, places: Int32Array): number {
  const { channels } = input
  let sum = 0
  for (const place of places) {
    for (let at = place * channels; at < (place + 1) * channels; at++) {
      sum += ((input.data[at] as number) - (output.data[at] as number)) ** 2
    }
  }
  return sum
}
