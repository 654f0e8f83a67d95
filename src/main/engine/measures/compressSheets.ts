/**
 * JPEG and WebP of sheets of images, down to any error. Their lowest quality may still err less than what they are
 * compared with; a sheet of less contrast, or a smaller one, takes them further: its brightness times the contrast is
 * encoded, and what comes back is brought to size and restored by the straight line that errs least. The sheet as it is
 * gets that line as well, which flatters both formats a little.
 */
import { decodeImage, encodeImage, type Planes } from '../codec'
import { planesFromRgba, type Samples } from '../codec/planes'
import { enlarge, shrink } from '../codec/resample'
import { rowsOf } from '../codec/rows'
import { sheetOf } from '../imaging/sheet'
import type { Pictures } from '../../../shared/training'
import type { WorkContext } from '../work/works'
import { bestOf, type Point } from './compressCurve'

/** Of the sheet as it is. */
const qualities = [1, 3, 8, 15, 30, 50, 75, 92]
/** Of a sheet of less contrast or size, for which others are better at small errors. */
const lowQualities = [3, 15]
const sides = [1, 3 / 4, 1 / 2, 1 / 3]
const contrasts = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08]
/** Pixels of a side: WebP's limit. */
const mostSide = 16_000

/** How a sheet is encoded: its sides and its brightness times these, then at this quality. */
interface Preparation {
  side: number
  contrast: number
  quality: number
}

/**
 * The best points of a format, of which the coarsest errs at least as much as `largest`.
 * @throws DarkroomError `cancelled`
 */
export async function sheetPoints(
  format: 'jpeg' | 'webp',
  images: Pictures,
  largest: number,
  context: WorkContext,
): Promise<Point[]> {
  const given = { sheets: sheetsOf(images), values: images.pixels.length }
  const points: Point[] = []
  for (const [at, side] of sides.entries()) {
    for (const contrast of contrasts) {
      const asItIs = side === 1 && contrast === 1
      const found: Point[] = []
      for (const quality of asItIs ? qualities : lowQualities)
        found.push(await pointOf(format, given, { side, contrast, quality }, context))
      points.push(...found)
      if (found.some(({ mse }) => mse >= largest)) break
    }
    context.report('measure', (at + 1) / sides.length, format)
  }
  return bestOf(points)
}

/** All images in rows, without gaps: sheets as large as the formats take, so that headers count for little. */
function sheetsOf({ pixels, count, width, height, channels }: Pictures): Planes[] {
  const widest = Math.max(1, Math.floor(mostSide / width))
  const columns = Math.min(count, widest, Math.ceil(Math.sqrt(count)))
  const together = columns * Math.max(1, Math.floor(mostSide / height))
  const size = width * height * channels
  const sheets: Planes[] = []
  for (let first = 0; first < count; first += together) {
    const here = Math.min(together, count - first)
    const part = pixels.subarray(first * size, (first + here) * size)
    sheets.push(sheetOf({ count: here, width, height, channels, pixels: part }, columns))
  }
  return sheets
}

async function pointOf(
  format: 'jpeg' | 'webp',
  { sheets, values }: { sheets: readonly Planes[]; values: number },
  preparation: Preparation,
  { breathe }: WorkContext,
): Promise<Point> {
  const { quality } = preparation
  let bytes = 0
  const pairs: Pair[] = []
  for (const sheet of sheets) {
    const planes = prepared(sheet, preparation)
    const file = await encodeImage(planes, { format, bits: 8, quality, metadata: null })
    const made = await decodeImage(file, `sheet.${format}`)
    bytes += file.length
    pairs.push([sheet.data, resized(sheet, made).data])
    await breathe()
  }
  return { bytes, mse: restoredError(pairs, values) }
}

function prepared(sheet: Planes, { side, contrast }: Preparation): Planes {
  const [width, height] = [sheet.width, sheet.height].map((each) => Math.round(side * each) || 1)
  const smaller = resized({ ...sheet, width: width as number, height: height as number }, sheet)
  if (contrast === 1) return smaller
  return { ...smaller, data: smaller.data.map((value) => Math.round(contrast * value)) }
}

/**
 * A picture at the size and with the channels of another: area averages where it shrinks, between its pixels where it
 * grows. A grey WebP comes back in colour, three times the same.
 */
function resized({ width, height, channels }: Planes, planes: Planes): Planes {
  const whole = { x: 0, y: 0, width: planes.width, height: planes.height }
  const same = planes.width === width && planes.height === height
  if (same && planes.channels === channels) return planes
  const rgba =
    width < planes.width
      ? shrink(rowsOf(planes), whole, width, height)
      : enlarge(rowsOf(planes), whole, width, height, same ? 'nearest' : 'bilinear')
  return planesFromRgba(rgba, width, height, 8, channels, 'none')
}

/** What a sheet was, and what it became. */
type Pair = [Samples, Samples]

/**
 * The error of x by a + b·y, rounded and clipped to bytes, where a and b err least.
 * @param values what the images have together: what a sheet has beyond them is empty
 */
function restoredError(pairs: readonly Pair[], values: number): number {
  let [count, sumX, sumY, squaresY, products] = [0, 0, 0, 0, 0]
  for (const [xs, ys] of pairs) {
    count += xs.length
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [xs[i] as number, ys[i] as number]
      sumX += x
      sumY += y
      squaresY += y * y
      products += x * y
    }
  }
  const variance = squaresY - (sumY * sumY) / count
  const slope = variance > 0 ? (products - (sumX * sumY) / count) / variance : 0
  const offset = (sumX - slope * sumY) / count
  const line = Float64Array.from({ length: 256 }, (_, y) =>
    Math.round(Math.min(255, Math.max(0, offset + slope * y))),
  )
  let squares = 0
  for (const [xs, ys] of pairs)
    for (let i = 0; i < xs.length; i++)
      squares += ((xs[i] as number) - (line[ys[i] as number] as number)) ** 2
  return squares / values / 255 ** 2
}
