/** Resampling of a region to RGBA8. The loops that touch every pixel of a photo are plain on purpose. */
import type { Region } from '../../../shared/types'
import { maximumOf, type Samples } from './planes'
import type { Rows } from './rows'

type Values = Samples | Float32Array

/** Rows with `depth` values a pixel: the colours, and after them the alpha by which they are already multiplied, if any. */
interface Lines {
  depth: 1 | 2 | 3 | 4
  line: (y: number, from: number, to: number) => Values
}

function linesOf(rows: Rows): Lines {
  const { channels, alpha, width, bits } = rows
  if (!alpha) return { depth: channels, line: (y, from, to) => rows.row(y, from, to) }
  const depth = channels === 1 ? 2 : 4
  const buffer = new Float32Array(width * depth)
  const maximum = maximumOf(bits)
  const line = (y: number, from: number, to: number): Values => {
    const row = rows.row(y, from, to)
    for (let x = 0; x < to - from; x++) {
      const opacity = (alpha[y * width + from + x] as number) / maximum
      for (let c = 0; c < channels; c++) {
        buffer[x * depth + c] = (row[x * channels + c] as number) * opacity
      }
      buffer[x * depth + channels] = opacity
    }
    return buffer.subarray(0, (to - from) * depth)
  }
  return { depth, line }
}

/**
 * Writes pixels of `depth` values, sums over `area` source pixels, as RGBA8: `white` takes a colour of the
 * source's depth to 0–255; colours are divided by their alpha again.
 */
function writeRow(
  values: Values,
  depth: 1 | 2 | 3 | 4,
  white: number,
  area: number,
  pixels: Uint8Array,
  at: number,
): void {
  const [green, blue] = depth >= 3 ? [1, 2] : [0, 0]
  const hasAlpha = depth === 2 || depth === 4
  let factor = white / area
  let opacity = 255
  for (let from = 0; from < values.length; from += depth, at += 4) {
    if (hasAlpha) {
      const sum = values[from + depth - 1] as number
      factor = sum > 0 ? white / sum : 0
      opacity = (255 * sum) / area + 0.5
    }
    pixels[at] = (values[from] as number) * factor + 0.5
    pixels[at + 1] = (values[from + green] as number) * factor + 0.5
    pixels[at + 2] = (values[from + blue] as number) * factor + 0.5
    pixels[at + 3] = opacity
  }
}

/** For each position of a shrunken axis: the first sample it covers, how many, and how much of the first and the last. */
interface Cover {
  first: Int32Array
  count: Int32Array
  firstShare: Float64Array
  lastShare: Float64Array
}

function coverOf(from: number, to: number): Cover {
  const cover: Cover = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    firstShare: new Float64Array(to),
    lastShare: new Float64Array(to),
  }
  for (let i = 0; i < to; i++) {
    const [left, right] = [(i * from) / to, ((i + 1) * from) / to]
    const first = Math.floor(left + 1e-9)
    const last = Math.min(from, Math.ceil(right - 1e-9)) - 1
    cover.first[i] = first
    cover.count[i] = last - first + 1
    cover.firstShare[i] = Math.min(right, first + 1) - left
    cover.lastShare[i] = last > first ? right - last : 0
  }
  return cover
}

/** Each output pixel is the average of what it covers, parts of pixels by their area. */
export function shrink(rows: Rows, region: Region, width: number, height: number): Uint8Array {
  const { depth, line } = linesOf(rows)
  const [across, down] = [coverOf(region.width, width), coverOf(region.height, height)]
  const area = (region.width / width) * (region.height / height)
  const white = 255 / maximumOf(rows.bits)
  const read = (y: number): Values => line(region.y + y, region.x, region.x + region.width)
  const sum = new Float32Array(width * depth)
  // A row of which two output rows have a part is summed across once.
  const shared = new Float32Array(width * depth)
  let sharedY = -1
  const pixels = new Uint8Array(width * height * 4)
  for (let i = 0; i < height; i++) {
    const first = down.first[i] as number
    const last = first + (down.count[i] as number) - 1
    sum.fill(0)
    for (let y = first; y <= last; y++) {
      const share =
        y === first
          ? (down.firstShare[i] as number)
          : y === last
            ? (down.lastShare[i] as number)
            : 1
      if (share === 1) {
        addAcross(read(y), depth, across, sum)
        continue
      }
      if (sharedY !== y) addAcross(read(y), depth, across, shared.fill(0))
      sharedY = y
      for (let x = 0; x < sum.length; x++)
        sum[x] = (sum[x] as number) + share * (shared[x] as number)
    }
    writeRow(sum, depth, white, area, pixels, i * width * 4)
  }
  return pixels
}

/** Adds to each output position the samples it covers in a line. Colour has its own loop: it is what takes the time. */
function addAcross(line: Values, depth: 1 | 2 | 3 | 4, cover: Cover, sum: Float32Array): void {
  const { first, count, firstShare, lastShare } = cover
  if (depth !== 3) {
    for (let channel = 0; channel < depth; channel++) addChannel(line, depth, channel, cover, sum)
    return
  }
  for (let i = 0, to = 0; i < first.length; i++, to += 3) {
    let at = 3 * (first[i] as number)
    const share = firstShare[i] as number
    let red = share * (line[at] as number)
    let green = share * (line[at + 1] as number)
    let blue = share * (line[at + 2] as number)
    const last = at + 3 * ((count[i] as number) - 1)
    for (at += 3; at < last; at += 3) {
      red += line[at] as number
      green += line[at + 1] as number
      blue += line[at + 2] as number
    }
    const rest = lastShare[i] as number
    if (rest > 0) {
      red += rest * (line[last] as number)
      green += rest * (line[last + 1] as number)
      blue += rest * (line[last + 2] as number)
    }
    sum[to] = (sum[to] as number) + red
    sum[to + 1] = (sum[to + 1] as number) + green
    sum[to + 2] = (sum[to + 2] as number) + blue
  }
}

function addChannel(
  line: Values,
  depth: number,
  channel: number,
  { first, count, firstShare, lastShare }: Cover,
  sum: Float32Array,
): void {
  for (let i = 0, to = channel; i < first.length; i++, to += depth) {
    let at = depth * (first[i] as number) + channel
    let value = (firstShare[i] as number) * (line[at] as number)
    const last = at + depth * ((count[i] as number) - 1)
    for (at += depth; at < last; at += depth) value += line[at] as number
    const rest = lastShare[i] as number
    if (rest > 0) value += rest * (line[last] as number)
    sum[to] = (sum[to] as number) + value
  }
}

/** For each position of an enlarged axis: the sample before it and the weight of the one after. */
interface Between {
  low: Int32Array
  weight: Float32Array
}

function betweenOf(
  start: number,
  from: number,
  to: number,
  length: number,
  smooth: boolean,
): Between {
  const between: Between = { low: new Int32Array(to), weight: new Float32Array(to) }
  for (let i = 0; i < to; i++) {
    const centre = start + ((i + 0.5) * from) / to
    const place = smooth ? Math.min(length - 1, Math.max(0, centre - 0.5)) : Math.floor(centre)
    between.low[i] = Math.floor(place)
    between.weight[i] = place - Math.floor(place)
  }
  return between
}

/** Each output pixel is the nearest source pixel, or lies between the four around it. At 100 % it is the pixel itself. */
export function enlarge(
  rows: Rows,
  region: Region,
  width: number,
  height: number,
  how: 'nearest' | 'bilinear',
): Uint8Array {
  const { depth, line } = linesOf(rows)
  const smooth = how === 'bilinear'
  const white = 255 / maximumOf(rows.bits)
  const across = betweenOf(region.x, region.width, width, rows.width, smooth)
  const down = betweenOf(region.y, region.height, height, rows.height, smooth)
  const from = across.low[0] as number
  const to = Math.min(rows.width, (across.low[width - 1] as number) + 2)
  // The two source rows around the output row, resampled across; an output row often needs those of the one before.
  const lower = { y: -1, values: new Float32Array(width * depth) }
  const upper = { y: -1, values: new Float32Array(width * depth) }
  const fill = (into: typeof lower, y: number): void => {
    if (into.y === y) return
    into.y = y
    spreadAcross(line(y, from, to), depth, across, from, into.values)
  }
  const between = new Float32Array(width * depth)
  const pixels = new Uint8Array(width * height * 4)
  const bytes = width * 4
  for (let i = 0; i < height; i++) {
    const [y, weight] = [down.low[i] as number, down.weight[i] as number]
    if (weight === 0 && i > 0 && down.low[i - 1] === y && down.weight[i - 1] === 0) {
      pixels.copyWithin(i * bytes, (i - 1) * bytes, i * bytes)
      continue
    }
    if (upper.y === y) {
      ;[lower.y, upper.y] = [upper.y, lower.y]
      ;[lower.values, upper.values] = [upper.values, lower.values]
    }
    fill(lower, y)
    if (weight === 0) {
      writeRow(lower.values, depth, white, 1, pixels, i * bytes)
      continue
    }
    fill(upper, y + 1)
    for (let x = 0; x < between.length; x++) {
      const value = lower.values[x] as number
      between[x] = value + weight * ((upper.values[x] as number) - value)
    }
    writeRow(between, depth, white, 1, pixels, i * bytes)
  }
  return pixels
}

function spreadAcross(
  line: Values,
  depth: number,
  { low, weight }: Between,
  from: number,
  into: Float32Array,
): void {
  for (let i = 0, to = 0; i < low.length; i++) {
    const share = weight[i] as number
    let at = ((low[i] as number) - from) * depth
    for (let c = 0; c < depth; c++, at++, to++) {
      const value = line[at] as number
      into[to] = share === 0 ? value : value + share * ((line[at + depth] as number) - value)
    }
  }
}
