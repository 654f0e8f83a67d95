/** What the window shows: regions of a picture as RGBA8 at another size, differences, and mixing by strength. */
import type { Region } from '../../../shared/types'
import { newSamples, type Planes, type Samples } from '../codec/planes'

/** For each output position along one axis: the first source sample, how many, and their weights. */
interface Resampling {
  first: Int32Array
  count: Int32Array
  weights: Float32Array
  /** Weights of one output position; positions do not share them. */
  stride: number
}

/**
 * How `to` positions are made of the samples `start … start + from − 1` of an axis of `length`:
 * by area when smaller, linearly up to twice the size, by the nearest above, so that pixels can be told apart.
 */
function resampling(start: number, from: number, to: number, length: number): Resampling {
  const scale = from / to
  const stride = scale > 1 ? Math.ceil(scale) + 1 : 2
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Float32Array(to * stride)
  for (let i = 0; i < to; i++) {
    const at = i * stride
    if (scale > 1) {
      const [left, right] = [start + i * scale, start + (i + 1) * scale]
      const begin = Math.floor(left + 1e-9)
      const end = Math.min(start + from, Math.ceil(right - 1e-9))
      first[i] = begin
      count[i] = end - begin
      for (let s = begin; s < end; s++) {
        weights[at + s - begin] = (Math.min(right, s + 1) - Math.max(left, s)) / scale
      }
    } else if (scale === 1 || scale < 0.5) {
      first[i] = Math.min(length - 1, start + Math.floor((i + 0.5) * scale))
      count[i] = 1
      weights[at] = 1
    } else {
      const centre = Math.min(length - 1, Math.max(0, start + (i + 0.5) * scale - 0.5))
      const begin = Math.min(Math.floor(centre), Math.max(0, length - 2))
      first[i] = begin
      count[i] = Math.min(2, length - begin)
      weights[at] = count[i] === 1 ? 1 : 1 - (centre - begin)
      weights[at + 1] = centre - begin
    }
  }
  return { first, count, weights, stride }
}

/** Reads one source row as floats on the 0–255 scale, four values a pixel. */
type RowReader = (y: number, fromX: number, toX: number, into: Float32Array) => void

function rowReader({ data, alpha, channels, width, bits }: Planes): RowReader {
  const scale = bits === 8 ? 1 : 1 / 257
  return (y, fromX, toX, into) => {
    let at = (y * width + fromX) * channels
    const [green, blue] = channels === 3 ? [1, 2] : [0, 0]
    for (let x = fromX, to = 0; x < toX; x++, at += channels, to += 4) {
      into[to] = (data[at] as number) * scale
      into[to + 1] = (data[at + green] as number) * scale
      into[to + 2] = (data[at + blue] as number) * scale
      into[to + 3] = alpha ? (alpha[y * width + x] as number) * scale : 255
    }
  }
}

function render(
  source: Planes,
  read: RowReader,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  const columns = resampling(region.x, region.width, width, source.width)
  const rows = resampling(region.y, region.height, height, source.height)
  const fromX = columns.first.reduce((least, value) => Math.min(least, value), source.width)
  const toX = columns.first.reduce(
    (most, value, i) => Math.max(most, value + (columns.count[i] as number)),
    0,
  )
  const line = new Float32Array((toX - fromX) * 4)
  // Rows are resampled across once each and kept while the next output row may need them again.
  const across = new Map<number, Float32Array>()
  const sum = new Float32Array(width * 4)
  const pixels = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    const begin = rows.first[y] as number
    const count = rows.count[y] as number
    for (const kept of across.keys()) if (kept < begin) across.delete(kept)
    sum.fill(0)
    for (let k = 0; k < count; k++) {
      const weight = rows.weights[y * rows.stride + k] as number
      let resampled = across.get(begin + k)
      if (!resampled) {
        read(begin + k, fromX, toX, line)
        resampled = resampleRow(line, columns, fromX, width)
        across.set(begin + k, resampled)
      }
      for (let i = 0; i < sum.length; i++)
        sum[i] = (sum[i] as number) + weight * (resampled[i] as number)
    }
    const to = y * width * 4
    for (let i = 0; i < sum.length; i++) pixels[to + i] = Math.min(255, (sum[i] as number) + 0.5)
  }
  return pixels
}

function resampleRow(
  line: Float32Array,
  columns: Resampling,
  fromX: number,
  width: number,
): Float32Array {
  const { first, count, weights, stride } = columns
  const row = new Float32Array(width * 4)
  for (let x = 0; x < width; x++) {
    let at = ((first[x] as number) - fromX) * 4
    let [red, green, blue, alpha] = [0, 0, 0, 0]
    for (let k = 0; k < (count[x] as number); k++, at += 4) {
      const weight = weights[x * stride + k] as number
      red += weight * (line[at] as number)
      green += weight * (line[at + 1] as number)
      blue += weight * (line[at + 2] as number)
      alpha += weight * (line[at + 3] as number)
    }
    row[x * 4] = red
    row[x * 4 + 1] = green
    row[x * 4 + 2] = blue
    row[x * 4 + 3] = alpha
  }
  return row
}

/**
 * A region of a picture as RGBA8 of `width` × `height`: area average when smaller, bilinear up to 200 %, nearest
 * above; 16-bit values v become v/257. Grey is repeated in three channels, no transparency is 255.
 */
export function renderView(
  source: Planes,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  return render(source, rowReader(source), region, width, height)
}

/** |a − b| · gain, clipped to white, opaque; `a` and `b` have the same size and channels. Resampled as a view is. */
export function renderDifference(
  a: Planes,
  b: Planes,
  gain: number,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  const [readA, readB] = [rowReader(a), rowReader(b)]
  const other = new Float32Array(a.width * 4)
  const read: RowReader = (y, fromX, toX, into) => {
    readA(y, fromX, toX, into)
    readB(y, fromX, toX, other)
    for (let i = 0; i < into.length; i += 4) {
      for (let c = 0; c < 3; c++) {
        into[i + c] = Math.min(
          255,
          Math.abs((into[i + c] as number) - (other[i + c] as number)) * gain,
        )
      }
      into[i + 3] = 255
    }
  }
  return render(a, read, region, width, height)
}

/**
 * input + (denoised − input) · strength/100, rounded, in the picture's depth: strength 0 is the input exactly, 100 the
 * denoised picture exactly. Alpha is the input's.
 */
export function blend(input: Planes, denoised: Planes, strength: number): Planes {
  if (strength >= 100) return { ...denoised, alpha: input.alpha }
  if (strength <= 0) return input
  const share = strength / 100
  const data: Samples = newSamples(input.bits, input.data.length)
  for (let i = 0; i < data.length; i++) {
    const from = input.data[i] as number
    data[i] = Math.round(from + ((denoised.data[i] as number) - from) * share)
  }
  return { ...input, data }
}
