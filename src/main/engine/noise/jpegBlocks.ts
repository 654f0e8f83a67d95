/**
 * What JPEG loses, without a file: YCbCr, colour at half resolution, 8 × 8 cosine transform, rounding by the standard's
 * tables. In memory and at once, as a training step needs it. ITU-T T.81, annex K.
 */

const lumaTable = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const chromaTable = [
  17,
  18,
  24,
  47,
  99,
  99,
  99,
  99,
  18,
  21,
  26,
  66,
  99,
  99,
  99,
  99,
  24,
  26,
  56,
  99,
  99,
  99,
  99,
  99,
  47,
  66,
  99,
  99,
  99,
  99,
  99,
  99,
  ...new Array<number>(32).fill(99),
]
const basis = Float64Array.from({ length: 64 }, (_, at) => {
  const [k, n] = [at >> 3, at & 7]
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * n + 1) * k * Math.PI) / 16)
})

/** Rounds a picture [height, width, 3] in [0, 1] in place, as JPEG of a quality (1–100) would; sides are multiples of 8. */
export function compressBlocks(
  picture: Float32Array,
  height: number,
  width: number,
  quality: number,
): void {
  const pixels = height * width
  const [luma, blue, red] = [
    new Float32Array(pixels),
    new Float32Array(pixels),
    new Float32Array(pixels),
  ]
  for (let at = 0; at < pixels; at++) {
    const [r, g, b] = [0, 1, 2].map((c) => 255 * (picture[3 * at + c] as number)) as [
      number,
      number,
      number,
    ]
    const y = 0.299 * r + 0.587 * g + 0.114 * b
    luma[at] = y - 128
    blue[at] = (b - y) / 1.772
    red[at] = (r - y) / 1.402
  }
  const scale = quality < 50 ? 50 / quality : 2 - quality / 50
  const halve = quality < 90 && height % 16 === 0 && width % 16 === 0
  quantise(luma, height, width, lumaTable, scale)
  for (const plane of [blue, red]) {
    if (!halve) {
      quantise(plane, height, width, chromaTable, scale)
      continue
    }
    const half = new Float32Array(pixels / 4)
    const [rows, columns] = [height / 2, width / 2]
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const at = 2 * y * width + 2 * x
        half[y * columns + x] =
          ((plane[at] as number) +
            (plane[at + 1] as number) +
            (plane[at + width] as number) +
            (plane[at + width + 1] as number)) /
          4
      }
    quantise(half, rows, columns, chromaTable, scale)
    for (let at = 0; at < pixels; at++)
      plane[at] = half[(Math.floor(at / width) >> 1) * columns + ((at % width) >> 1)] as number
  }
  for (let at = 0; at < pixels; at++) {
    const [y, b, r] = [(luma[at] as number) + 128, blue[at] as number, red[at] as number]
    picture[3 * at] = (y + 1.402 * r) / 255
    picture[3 * at + 1] = (y - 0.344136 * b - 0.714136 * r) / 255
    picture[3 * at + 2] = (y + 1.772 * b) / 255
  }
}

const rows = new Float64Array(64)
const coefficients = new Float64Array(64)

function quantise(
  plane: Float32Array,
  height: number,
  width: number,
  table: readonly number[],
  scale: number,
): void {
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8) {
      const from = top * width + left
      for (let y = 0; y < 8; y++)
        for (let k = 0; k < 8; k++) {
          let sum = 0
          for (let x = 0; x < 8; x++)
            sum += (basis[8 * k + x] as number) * (plane[from + y * width + x] as number)
          rows[8 * y + k] = sum
        }
      for (let j = 0; j < 8; j++)
        for (let k = 0; k < 8; k++) {
          let sum = 0
          for (let y = 0; y < 8; y++)
            sum += (basis[8 * j + y] as number) * (rows[8 * y + k] as number)
          const step = Math.max(1, Math.round((table[8 * j + k] as number) * scale))
          coefficients[8 * j + k] = Math.round(sum / step) * step
        }
      for (let j = 0; j < 8; j++)
        for (let x = 0; x < 8; x++) {
          let sum = 0
          for (let k = 0; k < 8; k++)
            sum += (basis[8 * k + x] as number) * (coefficients[8 * j + k] as number)
          rows[8 * j + x] = sum
        }
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++) {
          let sum = 0
          for (let j = 0; j < 8; j++)
            sum += (basis[8 * j + y] as number) * (rows[8 * j + x] as number)
          plane[from + y * width + x] = sum
        }
    }
}
