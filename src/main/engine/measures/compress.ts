/**
 * 'Compress': the codes of the test images quantised, entropy-coded and written to a file, read and decoded again; beside
 * it principal components with the same quantiser and coder, and JPEG and WebP of sheets of the same images.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChartLine, Figure, MeasureReport } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import { decodeImage, encodeImage, type Planes } from '../codec'
import { decodeCodes, encodeCodes, type Quantiser } from '../evaluate/codeFile'
import { principalCodes } from '../evaluate/representations'
import { sheetOf } from '../imaging/sheet'
import { encodeBytes } from '../latent/encoding'
import { valuesOf } from '../data/values'
import { momentsOf } from '../latent/moments'
import { partOf, type Space } from '../spaces/spaces'
import { writeFileAtomically } from '../store/atomicWriter'
import type { WorkContext } from '../work/works'
import type { Measurer } from './measurer'

/** Steps of the quantiser in deviations of each latent, the finest first; the middle one is the headline. */
const factors = [0.05, 0.15, 0.35, 0.7, 1.2]
const headline = 2
const qualities = [3, 8, 15, 30, 50, 75, 92]
/** Pixels of all sheets together, and of a side: WebP's limit. */
const mostPixels = 16_000_000
const mostSide = 16_000
const imagesAtOnce = 512
const shown = 10
/** Images that the principal components are fitted to. */
const mostFitted = 20_000

/** What a method makes of the images at one setting. */
interface Point {
  bytes: number
  /** Mean squared error a pixel, of values in 0–1. */
  mse: number
  decoded: Uint8Array | null
}

interface Images {
  bytes: Uint8Array
  count: number
  width: number
  height: number
  channels: 1 | 3
}

/** @throws DarkroomError as `Space.set`, `target-unwritable`, `disk-full`, `cancelled` */
export const measureCompress: Measurer<'compress'> = async (request, { spaces, context }) => {
  context.report('data', 0)
  const space = await spaces.open(request.item)
  const images = await imagesOf(space)
  const folder = await mkdtemp(join(tmpdir(), 'latent-darkroom-codes-'))
  try {
    const codes = await own(space, images, folder, context)
    const pca = await linear(space, images, folder, context)
    const jpeg = await ofSheets('jpeg', images, context)
    const webp = await ofSheets('webp', images, context)
    return { report: await reportOf(request, space, images, { codes, pca, jpeg, webp }) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first test images (or training images, where there are no others), as many as the sheets can hold. */
async function imagesOf(space: Space): Promise<Images> {
  const set = await space.set()
  const { width, height, channels } = set.card
  const { images, count: all } = partOf(set, set.card.test > 0 ? 'test' : 'training')
  const count = Math.min(all, Math.max(1, Math.floor(mostPixels / (width * height))))
  const size = width * height * channels
  return { bytes: images.subarray(0, count * size), count, width, height, channels }
}

const sizeOf = ({ width, height, channels }: Images): number => width * height * channels

/** Writes codes to a file, reads it again, and says how long it is. */
async function throughFile(
  codes: Float32Array,
  quantiser: Quantiser,
  folder: string,
): Promise<{ bytes: number; codes: Float32Array }> {
  const path = join(folder, 'codes.ldc')
  await writeFileAtomically(path, encodeCodes(codes, quantiser))
  const written = await readFile(path)
  return { bytes: written.length, codes: decodeCodes(written, 'codes.ldc') }
}

/** Middle and step of each latent, for steps of so many of its deviations. */
function quantiserOf(codes: Float32Array, latent: number, factor: number): Quantiser {
  const middles = new Float32Array(latent)
  const steps = new Float32Array(latent)
  const moments = momentsOf(codes, latent, false)
  const largest = Math.sqrt(moments[0]?.variance ?? 1)
  for (const { index, mean, variance } of moments) {
    middles[index] = mean
    steps[index] = Math.max(factor * Math.sqrt(variance), 1e-3 * largest, 1e-6)
  }
  return { middles, steps }
}

/** One point for each step: `decode` makes bytes of some of the quantised codes. */
async function curveOf(
  codes: Float32Array,
  latent: number,
  images: Images,
  folder: string,
  decode: (codes: Float32Array) => Float32Array,
  context: WorkContext,
  name: string,
): Promise<Point[]> {
  const points: Point[] = []
  const size = sizeOf(images)
  for (const [at, factor] of factors.entries()) {
    const file = await throughFile(codes, quantiserOf(codes, latent, factor), folder)
    const decoded = new Uint8Array(images.bytes.length)
    for (let first = 0; first < images.count; first += imagesAtOnce) {
      const part = file.codes.slice(first * latent, (first + imagesAtOnce) * latent)
      decode(part).forEach((value, i) => {
        decoded[first * size + i] = Math.round(255 * Math.min(1, Math.max(0, value)))
      })
      await context.breathe()
    }
    points.push({ bytes: file.bytes, mse: errorOf(images.bytes, decoded), decoded })
    context.report('measure', (at + 1) / factors.length, name)
  }
  return points
}

async function own(space: Space, images: Images, folder: string, context: WorkContext) {
  const { breathe, report } = context
  const pace = { breathe, report: (share: number) => report('encode', share) }
  const codes = (await encodeBytes(space.autoencoder, images.bytes, pace)).mean
  const decode = (part: Float32Array): Float32Array => space.autoencoder.decode(part)
  return curveOf(codes, space.config.latent, images, folder, decode, context, 'codes')
}

/** The same with as many principal components of the training images. */
async function linear(space: Space, images: Images, folder: string, context: WorkContext) {
  const set = await space.set()
  const size = sizeOf(images)
  const indices = Int32Array.from({ length: Math.min(set.card.images, mostFitted) }, (_, i) => i)
  const fitted = { images: set.images, size, indices }
  const components = await principalCodes(fitted, space.config.latent, context.signal)
  const { width } = components
  try {
    const codes = new Float32Array(images.count * width)
    for (let at = 0; at < images.count; at += imagesAtOnce) {
      const values = valuesOf(images.bytes.subarray(at * size, (at + imagesAtOnce) * size))
      codes.set(components.encode(values), at * width)
      await context.breathe()
    }
    const decode = (part: Float32Array): Float32Array => components.decode(part)
    return await curveOf(codes, width, images, folder, decode, context, 'pca')
  } finally {
    components.close()
  }
}

/** All images in rows, without gaps: sheets as large as the formats take, so that headers count for little. */
function sheetsOf({ bytes, count, width, height, channels }: Images): Planes[] {
  const widest = Math.max(1, Math.floor(mostSide / width))
  const columns = Math.min(count, widest, Math.ceil(Math.sqrt(count)))
  const together = columns * Math.max(1, Math.floor(mostSide / height))
  const size = width * height * channels
  const sheets: Planes[] = []
  for (let first = 0; first < count; first += together) {
    const here = Math.min(together, count - first)
    const pixels = bytes.subarray(first * size, (first + here) * size)
    sheets.push(sheetOf({ count: here, width, height, channels, pixels }, columns))
  }
  return sheets
}

async function ofSheets(
  format: 'jpeg' | 'webp',
  images: Images,
  context: WorkContext,
): Promise<Point[]> {
  const sheets = sheetsOf(images)
  const points: Point[] = []
  for (const [at, quality] of qualities.entries()) {
    let [bytes, squares, values] = [0, 0, 0]
    for (const sheet of sheets) {
      const file = await encodeImage(sheet, { format, bits: 8, quality, metadata: null })
      const made = await decodeImage(file, `sheet.${format}`)
      bytes += file.length
      // a grey WebP comes back in colour, three times the same
      const step = made.channels / sheet.channels
      for (let i = 0; i < sheet.data.length; i++)
        squares += ((sheet.data[i] as number) - (made.data[i * step] as number)) ** 2
      values += sheet.data.length
      await context.breathe()
    }
    points.push({ bytes, mse: squares / values / 255 ** 2, decoded: null })
    context.report('measure', (at + 1) / qualities.length, format)
  }
  return points
}

/** Mean squared error a value, of bytes as 0–1. */
function errorOf(given: Uint8Array, decoded: Uint8Array): number {
  let squares = 0
  for (let i = 0; i < given.length; i++)
    squares += ((given[i] as number) - (decoded[i] as number)) ** 2
  return squares / given.length / 255 ** 2
}

/**
 * Bytes at an error, on a curve between the two points around it (straight in log error against log bytes); beyond the
 * curve's ends those of its nearest end.
 */
export function bytesAt(points: readonly { bytes: number; mse: number }[], mse: number): number {
  const sorted = [...points].sort((a, b) => a.mse - b.mse)
  const after = sorted.findIndex((point) => point.mse >= mse)
  if (after <= 0) return (sorted.at(after) as Point).bytes
  const [from, to] = [sorted[after - 1] as Point, sorted[after] as Point]
  const share = Math.log(mse / from.mse) / Math.log(to.mse / from.mse)
  return Math.exp((1 - share) * Math.log(from.bytes) + share * Math.log(to.bytes))
}

type Curves = Record<'codes' | 'pca' | 'jpeg' | 'webp', Point[]>
const others = ['pca', 'jpeg', 'webp'] as const

async function reportOf(
  request: MeasureReport['request'],
  space: Space,
  images: Images,
  curves: Curves,
): Promise<Omit<MeasureReport, 'id' | 'created' | 'seconds'>> {
  const pixels = images.count * images.width * images.height
  const bits = (bytes: number): number => (8 * bytes) / pixels
  const best = curves.codes[headline] as Point
  const beside = others.map((name) => ({ name, value: bits(bytesAt(curves[name], best.mse)) }))
  const finest = (points: Point[]): number => Math.min(...points.map(({ mse }) => mse))
  const decoder = [...space.weights]
    .filter(([name]) => name.startsWith('decoder/'))
    .reduce((sum, [, { data }]) => sum + data.byteLength, 0)
  const figures: Figure[] = [
    {
      name: 'bits-per-pixel',
      value: bits(best.bytes),
      unit: 'bpp',
      better: 'smaller',
      baselines: beside,
    },
    {
      ...{
        name: 'reconstruction',
        value: finest(curves.codes),
        unit: '',
        better: 'smaller' as const,
      },
      baselines: [{ name: 'pca', value: finest(curves.pca) }],
    },
    { name: 'file-bytes', value: best.bytes, unit: 'B', better: null, baselines: [] },
    { name: 'decoder-bytes', value: decoder, unit: 'B', better: null, baselines: [] },
  ]
  const line = (name: keyof Curves): ChartLine => ({
    ...{ name, baseline: name !== 'codes', interval: null },
    x: curves[name].map(({ bytes }) => bits(bytes)),
    y: curves[name].map(({ mse }) => mse),
  })
  const winners = beside.filter(({ value }) => value < bits(best.bytes)).map(({ name }) => name)
  const axes = { xName: 'bits-per-pixel', yName: 'squared-error' }
  const columns = Math.min(shown, images.count)
  const sheet = (bytes: Uint8Array): Pictures => {
    const { width, height, channels } = images
    const pixels = bytes.slice(0, columns * sizeOf(images))
    return { count: columns, width, height, channels, pixels }
  }
  return {
    request,
    model: space.name,
    data: (await space.set()).card.name,
    figures,
    charts: [
      {
        ...{ name: 'rate-distortion', ...axes, logarithmicX: true, logarithmicY: true },
        lines: [line('codes'), ...others.map(line)],
      },
    ],
    tables: [],
    protocol: [
      { name: 'compress-codes', values: { images: images.count, latent: space.config.latent } },
      { name: 'compress-matched', values: { mse: Number(best.mse.toPrecision(3)) } },
      { name: 'compress-decoder', values: { bytes: decoder } },
      winners.length > 0
        ? {
            name: 'compress-loses',
            values: { to: winners.map((each) => each.toUpperCase()).join(', ') },
          }
        : { name: 'compress-wins', values: {} },
    ],
    sheets: [
      { name: 'compress-originals', columns, pictures: sheet(images.bytes), facts: [] },
      {
        ...{ name: 'compress-decoded', columns, pictures: sheet(best.decoded as Uint8Array) },
        facts: [
          { name: 'bits-per-pixel', value: bits(best.bytes), unit: 'bpp' },
          { name: 'squared-error', value: best.mse, unit: '' },
        ],
      },
    ],
    cases: [],
  }
}
