/** Cosine spectra of the 8×8 blocks of an image, as far as a noise estimate looks at them. */

export const side = 8
/** Coefficients (i, j) with i + j ≥ 8: the fine half of the spectrum. */
export const fineCount = 28
/** Those with 1 ≤ i + j < 8: the coarse half, without the mean. */
export const coarseCount = 35

/** One channel's blocks, in the same order for all channels; values on the 0–255 scale. */
export interface BlockSpectra {
  mean: Float32Array
  /** Mean square of the coarse coefficients of each block. */
  coarse: Float32Array
  /** `fineCount` coefficients a block, orthonormal, so that white noise of σ has variance σ² in each. */
  fine: Float32Array
}

/** cos(kπ/16)/2 for k = 1 … 7, by half angles: square roots are exact to the last bit on every platform. */
const halfCosines = (() => {
  const c4 = Math.SQRT1_2
  const [c2, c6] = [Math.sqrt((1 + c4) / 2), Math.sqrt((1 - c4) / 2)]
  const [c1, c7] = [Math.sqrt((1 + c2) / 2), Math.sqrt((1 - c2) / 2)]
  const [c3, c5] = [Math.sqrt((1 + c6) / 2), Math.sqrt((1 - c6) / 2)]
  return [c1, c2, c3, c4, c5, c6, c7].map((cosine) => cosine / 2)
})() as [number, number, number, number, number, number, number]

/** The orthonormal DCT-II matrix, row by row: basis[8 k + n] = √(2/8) cos((2n + 1)kπ/16), √(1/8) for k = 0. */
export const basis = Float64Array.from({ length: side * side }, (_, at) => {
  const [k, n] = [at >> 3, at & 7]
  if (k === 0) return halfCosines[3]
  const turn = ((2 * n + 1) * k) % 32 // in π/16
  const folded = turn > 16 ? 32 - turn : turn
  if (folded === 8) return 0
  return folded < 8 ? (halfCosines[folded - 1] as number) : -(halfCosines[15 - folded] as number)
})

/** An image to look at: any numbers, interleaved; `scale` takes them to 0–255. */
export interface Source {
  data: ArrayLike<number>
  width: number
  height: number
  channels: number
  scale: number
}

/** About so many blocks are looked at, of a small photo or a large one. */
const wantedBlocks = 65_536

/** The spectra of all blocks on a grid, which is the denser the smaller the image; none when it is under 8 pixels in a direction. */
export function blockSpectra(source: Source): BlockSpectra[] {
  const { width, height, channels } = source
  const pitch = Math.max(
    Math.min(width, height) < 128 ? 1 : 2,
    Math.floor(Math.sqrt((width * height) / wantedBlocks)),
  )
  const across = width < side ? 0 : Math.floor((width - side) / pitch) + 1
  const down = height < side ? 0 : Math.floor((height - side) / pitch) + 1
  const blocks = across * down
  const spectra = Array.from({ length: channels }, () => ({
    mean: new Float32Array(blocks),
    coarse: new Float32Array(blocks),
    fine: new Float32Array(blocks * fineCount),
  }))
  for (let block = 0; block < blocks; block++) {
    const left = (block % across) * pitch
    const top = Math.floor(block / across) * pitch
    spectra.forEach((into, channel) => measure(source, left, top, channel, into, block))
  }
  return spectra
}

const rows = new Float64Array(side * side)

function measure(
  { data, width, channels, scale }: Source,
  left: number,
  top: number,
  channel: number,
  into: BlockSpectra,
  block: number,
): void {
  let [sum, energy] = [0, 0]
  for (let y = 0; y < side; y++) {
    let at = ((top + y) * width + left) * channels + channel
    const a = (data[at] as number) * scale
    const b = (data[(at += channels)] as number) * scale
    const c = (data[(at += channels)] as number) * scale
    const d = (data[(at += channels)] as number) * scale
    const e = (data[(at += channels)] as number) * scale
    const f = (data[(at += channels)] as number) * scale
    const g = (data[(at += channels)] as number) * scale
    const h = (data[at + channels] as number) * scale
    sum += a + b + c + d + e + f + g + h
    energy += a * a + b * b + c * c + d * d + e * e + f * f + g * g + h * h
    transformRow(y * side, a, b, c, d, e, f, g, h)
  }
  let fineEnergy = 0
  let at = block * fineCount
  for (let j = 1; j < side; j++) {
    for (let i = side - j; i < side; i++) {
      let value = 0
      for (let y = 0; y < side; y++) {
        value += (basis[i * side + y] as number) * (rows[y * side + j] as number)
      }
      into.fine[at++] = value
      fineEnergy += value * value
    }
  }
  into.mean[block] = sum / (side * side)
  into.coarse[block] = Math.max(0, energy - (sum * sum) / (side * side) - fineEnergy) / coarseCount
}

const [c1, c2, c3, c4, c5, c6, c7] = halfCosines

/** The DCT-II of one row of eight, in its even and odd halves. */
function transformRow(
  at: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): void {
  const [s0, s1, s2, s3] = [a + h, b + g, c + f, d + e]
  const [d0, d1, d2, d3] = [a - h, b - g, c - f, d - e]
  rows[at] = c4 * (s0 + s1 + s2 + s3)
  rows[at + 1] = c1 * d0 + c3 * d1 + c5 * d2 + c7 * d3
  rows[at + 2] = c2 * (s0 - s3) + c6 * (s1 - s2)
  rows[at + 3] = c3 * d0 - c7 * d1 - c1 * d2 - c5 * d3
  rows[at + 4] = c4 * (s0 - s1 - s2 + s3)
  rows[at + 5] = c5 * d0 - c1 * d1 + c7 * d2 + c3 * d3
  rows[at + 6] = c6 * (s0 - s3) - c2 * (s1 - s2)
  rows[at + 7] = c7 * d0 - c5 * d1 + c3 * d2 - c1 * d3
}
