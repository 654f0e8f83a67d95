/**
 * Impulse noise: single values that are black or white whatever was there (salt and pepper, dead pixels, masking).
 * Networks and estimates here are for noise of moderate size, so such values are replaced before either sees them:
 * an extreme value that stands far from the median of its neighbours gets that median.
 *
 * Neighbours that are black or white do not count, for they may be impulses themselves, unless there are more of them
 * than impulses at random would be: then they are a line or an area of the picture. Where that is so of the value's own
 * extreme, or too few neighbours are left, the square around grows from 3 to 7 pixels a side; if it is so in all, the
 * value stays.
 *
 * Sources: the growing window, H. Hwang, R. A. Haddad, 'Adaptive median filters: new algorithms and results', 1995;
 * replacing what was detected and nothing else, T. Sun, Y. Neuvo, 'Detail-preserving median based filters in image
 * processing', 1994.
 */
import type { NoiseLevel } from '../../../shared/types'
import { maximumOf, type Planes } from '../codec/planes'

/** How far from its neighbours' median, of white: an extreme that proves impulses, and one that is replaced once there are some. */
const [proves, replaces] = [0.25, 0.1]
/** The least share of all values: of black and of white where there are both, or of one alone. */
const [leastOfBoth, leastOfOne] = [0.0015, 0.005]
/** Values this near to an extreme (of white) … */
const near = 1 / 8
/** … are so many times rarer: strong noise that was clipped has about as many of them as at the extreme itself. */
const spike = 2.5
/** Impulses hit places at random: in no direction is there another beside one more often than this, where lines have theirs. */
const mostBeside = (share: number): number => 2 * share + 0.1
/** A picture with more of its values at the extremes is a drawing, a dither or a mask. */
const mostExtreme = 0.7
/** No more of the neighbours than this count as impulses. */
const mostAlike = 0.7
/** One with fewer values between them (in 8 bits) is a palette, whose dither looks like impulses. */
const leastValues = 32
/** About so many pixels are looked at. */
const looked = 300_000
/** Values between two turns for other work: at most a fifth of a second. */
const valuesAtOnce = 250_000
/** Fewer impulses than this prove nothing. */
const leastImpulses = 50

/** The shares of values, 0–1, that impulses have made black and white. */
export type Impulses = NonNullable<NoiseLevel['impulses']>

interface Count {
  /** Values at the extreme that stand out, and those that nearly are at it. */
  isolated: number
  almost: number
  /** Values at no extreme that are so far from this one that an impulse in their place would stand out. */
  apart: number
  /** Of the isolated, those with another to the right, below left, below and below right. */
  beside: [number, number, number, number]
}

/**
 * How many values are impulses; null unless they are surely that: more than single dead pixels, at random places, and
 * black and white themselves instead of the ends of strong noise. About 0.1 s for a photo of any size.
 */
export function findImpulses(planes: Planes): Impulses | null {
  const { width, height, channels, bits, data } = planes
  if (width < 8 || height < 8) return null
  const white = maximumOf(bits)
  const row = width * channels
  const directions = [channels, row - channels, row, row + channels] as const
  const none = (): Count => ({ isolated: 0, almost: 0, apart: 0, beside: [0, 0, 0, 0] })
  const [black, bright] = [none(), none()]
  const step = Math.max(1, Math.ceil((width * height) / looked))
  const seen = new Set<number>()
  let [values, extremes] = [0, 0]
  for (let y = 1; y < height - 2; y += step) {
    for (let at = y * row + channels; at < (y + 1) * row - channels; at++) {
      const value = data[at] as number
      const count = value <= near * white ? black : value >= (1 - near) * white ? bright : null
      const extreme = count === black ? 0 : white
      if (value !== 0 && value !== white) {
        if (seen.size < leastValues) seen.add(Math.round((255 * value) / white))
        if (value > proves * white) black.apart++
        if (value < (1 - proves) * white) bright.apart++
      } else extremes++
      if (count === null || !standsOut(planes, at, extreme)) continue
      if (value !== extreme) count.almost++
      else {
        count.isolated++
        directions.forEach((to, i) => {
          if (data[at + to] === extreme && standsOut(planes, at + to, extreme))
            (count.beside[i] as number)++
        })
      }
    }
    values += (width - 2) * channels
  }
  if (extremes > mostExtreme * values || seen.size < leastValues) return null
  if (black.isolated + bright.isolated < leastImpulses) return null
  const impulses = sharesOf(black, bright)
  const [dark, light] = [
    surely(black, impulses.black) ? black.isolated / values : 0,
    surely(bright, impulses.white) ? bright.isolated / values : 0,
  ]
  const some = Math.min(dark, light) >= leastOfBoth || Math.max(dark, light) >= leastOfOne
  return some ? impulses : null
}

/** Of the values that could stand out from black, α = p/(1 − q) are; from white β = q/(1 − p): the shares p and q. */
function sharesOf(black: Count, white: Count): Impulses {
  const [alpha, beta] = [black, white].map(
    ({ isolated, apart }) => isolated / Math.max(1, isolated + apart),
  ) as [number, number]
  const rest = Math.max(1e-6, 1 - alpha * beta)
  return { black: (alpha * (1 - beta)) / rest, white: (beta * (1 - alpha)) / rest }
}

function surely({ isolated, almost, beside }: Count, share: number): boolean {
  const most = mostBeside(share) * isolated
  return isolated > spike * almost && beside.every((count) => count <= most)
}

/** Whether the neighbours of a value are far from the extreme that it is at, or near to. */
function standsOut(planes: Planes, at: number, extreme: number): boolean {
  const { width, channels, bits, data } = planes
  const limit = proves * maximumOf(bits)
  const isFar = (to: number): boolean => Math.abs(extreme - (data[to] as number)) > limit
  const row = width * channels
  // what most values in a dark or bright area come to, without a median
  if (!isFar(at - channels) && !isFar(at + channels) && !isFar(at - row) && !isFar(at + row))
    return false
  const median = medianAround(planes, at, 1, { black: 0.5, white: 0.5 })
  return median !== null && Math.abs(extreme - median) > limit
}

const between: number[] = []
const others: number[] = []

/**
 * The median of the values in a square around one at or near an extreme. Those at an extreme count only where they are
 * more than `alike`, shares; null where so many are the same as it, or few count.
 */
function medianAround(planes: Planes, at: number, radius: number, alike: Impulses): number | null {
  const { width, height, channels, bits, data } = planes
  const white = maximumOf(bits)
  const value = data[at] as number
  const pixel = Math.floor(at / channels)
  const [x, y] = [pixel % width, Math.floor(pixel / width)]
  between.length = others.length = 0
  const [first, last] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)]
  const [top, bottom] = [Math.max(0, y - radius), Math.min(height - 1, y + radius)]
  const around = (last - first + 1) * (bottom - top + 1) - 1
  for (let line = top; line <= bottom; line++) {
    let from = at + ((line - y) * width + first - x) * channels
    for (let column = first; column <= last; column++, from += channels) {
      const other = data[from] as number
      if (other === value) continue
      others.push(other)
      if (other !== 0 && other !== white) between.push(other)
    }
  }
  const dark = 2 * value < white
  const [own, opposite] = dark ? [alike.black, alike.white] : [alike.white, alike.black]
  if (around - others.length > own * around) return null
  const counted = others.length - between.length > opposite * around ? others : between
  if (4 * counted.length < around) return null
  return counted.sort((a, b) => a - b)[counted.length >> 1] as number
}

/** Of `count` neighbours, the share that impulses at random surely do not exceed: four standard deviations more. */
const alikeOf = (share: number, count: number): number =>
  Math.min(mostAlike, Math.max(1, share * count + 4 * Math.sqrt(share * count)) / count)

/** A picture with its impulses replaced, and what replaces those of one row in it. */
function repairing(
  planes: Planes,
  impulses: Impulses,
): { repaired: Planes; row: (y: number) => void } {
  const { width, channels, bits, data } = planes
  const white = maximumOf(bits)
  const repaired = { ...planes, data: data.slice() }
  const squares = [1, 2, 3].map((radius) => {
    const count = (2 * radius + 1) ** 2 - 1
    const [black, bright] = [alikeOf(impulses.black, count), alikeOf(impulses.white, count)]
    return { radius, alike: { black, white: bright } }
  })
  const row = (y: number): void => {
    const end = (y + 1) * width * channels
    for (let at = y * width * channels; at < end; at++) {
      const value = data[at] as number
      if (value !== 0 && value !== white) continue
      let median: number | null = null
      for (const { radius, alike } of squares) median ??= medianAround(planes, at, radius, alike)
      if (median !== null && Math.abs(value - median) > replaces * white) repaired.data[at] = median
    }
  }
  return { repaired, row }
}

/** A picture with its impulses replaced, as above; all other values, and alpha, are the input's. For a small picture. */
export function withoutImpulses(planes: Planes, impulses: Impulses): Planes {
  const { repaired, row } = repairing(planes, impulses)
  for (let y = 0; y < planes.height; y++) row(y)
  return repaired
}

/** The same of a large one. `turn` lets other work have its turn; what it throws ends the work. */
export async function removeImpulses(
  planes: Planes,
  impulses: Impulses,
  turn: () => Promise<void>,
): Promise<Planes> {
  const { repaired, row } = repairing(planes, impulses)
  const rowsAtOnce = Math.ceil(valuesAtOnce / (planes.width * planes.channels))
  for (let y = 0; y < planes.height; y++) {
    if (y % rowsAtOnce === 0) await turn()
    row(y)
  }
  return repaired
}
