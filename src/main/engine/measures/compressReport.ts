/** The report of 'Compress': bits at the same error, what the decoder costs and from how many images on it pays. */
import type { ChartLine, Figure, MeasureReport } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import type { Space } from '../spaces/spaces'
import { bytesAt, paysFrom, type Point } from './compressCurve'
import type { Measured } from './measurer'

/** Images shown of each. */
const shown = 10
const others = ['pca', 'jpeg', 'webp'] as const
/** What needs no decoder but its own program. */
const formats = ['jpeg', 'webp'] as const
type Other = (typeof others)[number]

/** What is measured of the codes at one setting: the file, and what it is decoded to. */
export interface CodePoint extends Point {
  decoded: Uint8Array
}

/** What principal components come to. */
export interface Linear {
  points: Point[]
  /** How many there are, and how many training images they are fitted to. */
  components: number
  fitted: number
  /** The error of as many components as the model has latents, which are not rounded. */
  sameSize: number
  /** Of the mean and the directions, in single precision. */
  bytes: number
}

export interface Compressed {
  images: Pictures & { part: string }
  codes: CodePoint[]
  /** The point of the codes at whose error all are compared. */
  matched: CodePoint
  linear: Linear
  jpeg: Point[]
  webp: Point[]
}

export async function compressReport(
  request: MeasureReport['request'],
  space: Space,
  made: Compressed,
): Promise<Measured['report']> {
  const { images, matched } = made
  const bits = (bytes: number): number =>
    (8 * bytes) / (images.count * images.width * images.height)
  const curves = { pca: made.linear.points, jpeg: made.jpeg, webp: made.webp }
  const bytes = others.map((name) => ({ name, bytes: bytesAt(curves[name], matched.mse) }))
  const decoder = [...space.weights]
    .filter(([name]) => name.startsWith('decoder/'))
    .reduce((sum, [, { data }]) => sum + data.byteLength, 0)
  const line = (name: Other | 'codes', points: readonly Point[]): ChartLine => ({
    ...{ name, baseline: name !== 'codes', interval: null },
    x: points.map((point) => bits(point.bytes)),
    y: points.map(({ mse }) => mse),
  })
  const paid = bytes
    .filter(({ name }) => formats.some((each) => each === name))
    .flatMap(({ name, bytes: other }) =>
      other === null ? [] : [{ name, from: paysFrom(decoder, matched.bytes, other, images.count) }],
    )
  const axes = { xName: 'bits-per-pixel', yName: 'squared-error' }
  return {
    request,
    model: space.name,
    data: (await space.set()).card.name,
    figures: [
      {
        ...{ name: 'bits-per-pixel', value: bits(matched.bytes), unit: 'bpp', better: 'smaller' },
        baselines: bytes.flatMap(({ name, bytes: other }) =>
          other === null ? [] : [{ name, value: bits(other) }],
        ),
      },
      {
        ...{ name: 'reconstruction', value: leastError(made.codes), unit: '', better: 'smaller' },
        baselines: [{ name: 'pca', value: made.linear.sameSize }],
      },
      plain('file-bytes', matched.bytes, 'B'),
      {
        ...plain('decoder-bytes', decoder, 'B'),
        baselines: [{ name: 'pca', value: made.linear.bytes }],
      },
      ...paid.flatMap(({ name, from }) =>
        from === null ? [] : [plain(`pays-back-${name}`, from, '')],
      ),
    ],
    charts: [
      {
        ...{ name: 'rate-distortion', ...axes, logarithmicX: true, logarithmicY: true },
        lines: [line('codes', made.codes), ...others.map((name) => line(name, curves[name]))],
      },
    ],
    tables: [],
    protocol: protocolOf(space, made, { bytes, decoder, paid }),
    sheets: sheetsOf(made, bits),
    cases: [],
  }
}

const leastError = (points: readonly Point[]): number => Math.min(...points.map(({ mse }) => mse))

const plain = (name: string, value: number, unit: string): Figure => ({
  ...{ name, value, unit, better: null, baselines: [] },
})

/** How names stand in a sentence, the same in every language. */
const written = (names: readonly string[]): string =>
  names.map((name) => ({ pca: 'PCA', jpeg: 'JPEG', webp: 'WebP' })[name] ?? name).join(', ')

function protocolOf(
  { config: { latent } }: Space,
  { images, matched, linear }: Compressed,
  found: {
    bytes: { name: Other; bytes: number | null }[]
    decoder: number
    paid: { name: Other; from: number | null }[]
  },
): MeasureReport['protocol'] {
  const { components, fitted } = linear
  const names = (wanted: (bytes: number | null) => boolean): string =>
    written(found.bytes.filter(({ bytes }) => wanted(bytes)).map(({ name }) => name))
  const fewer = names((bytes) => bytes !== null && bytes < matched.bytes)
  const unreached = names((bytes) => bytes === null)
  const mse = Number(matched.mse.toPrecision(3))
  return [
    { name: `likelihood-images-${images.part}`, values: { images: images.count } },
    { name: 'compress-codes', values: { images: images.count, latent } },
    { name: 'compress-matched', values: { mse } },
    { name: 'compress-sheets', values: {} },
    { name: 'compress-components', values: { components, fitted } },
    ...(unreached === '' ? [] : [{ name: 'compress-unreached', values: { to: unreached } }]),
    { name: 'compress-decoder', values: { bytes: found.decoder } },
    ...found.paid.map(({ name, from }) =>
      from === null
        ? { name: 'compress-never', values: { to: written([name]) } }
        : { name: 'compress-pays', values: { to: written([name]), images: from } },
    ),
    fewer === ''
      ? { name: 'compress-wins', values: {} }
      : { name: 'compress-loses', values: { to: fewer } },
  ]
}

function sheetsOf(
  { images, matched }: Compressed,
  bits: (bytes: number) => number,
): MeasureReport['sheets'] {
  const { width, height, channels } = images
  const columns = Math.min(shown, images.count)
  const sheet = (bytes: Uint8Array): Pictures => {
    const pixels = bytes.slice(0, columns * width * height * channels)
    return { count: columns, width, height, channels, pixels }
  }
  return [
    { name: 'compress-originals', columns, pictures: sheet(images.pixels), facts: [] },
    {
      ...{ name: 'compress-decoded', columns, pictures: sheet(matched.decoded) },
      facts: [
        { name: 'bits-per-pixel', value: bits(matched.bytes), unit: 'bpp' },
        { name: 'squared-error', value: matched.mse, unit: '' },
      ],
    },
  ]
}
