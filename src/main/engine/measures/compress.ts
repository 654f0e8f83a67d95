/**
 * 'Compress': the codes of the test images quantised, entropy-coded and written to a file, read and decoded again; beside
 * it principal components with the same coder, and JPEG and WebP of sheets of the same images.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pictures } from '../../../shared/training'
import { splitIndices } from '../data/split'
import { valuesOf } from '../data/values'
import { decodeCodes, encodeCodes, type Quantiser } from '../evaluate/codeFile'
import { heldOutOf } from '../evaluate/heldOut'
import { principalCodes, type PrincipalCodes } from '../evaluate/representations'
import { encodeBytes } from '../latent/encoding'
import { momentsOf } from '../latent/moments'
import type { Space } from '../spaces/spaces'
import { writeFileAtomically } from '../store/atomicWriter'
import type { WorkContext } from '../work/works'
import { bestOf, errorOf } from './compressCurve'
import { compressReport, type CodePoint, type Compressed, type Linear } from './compressReport'
import { sheetPoints } from './compressSheets'
import type { Measurer } from './measurer'

/** Steps of the quantiser in deviations of each latent, the finest first; the middle one is the headline. */
const factors = [0.05, 0.15, 0.35, 0.7, 1.2]
const headline = 2
/** Steps of all principal components in deviations of the first. */
const principalFactors = [0.06, 0.1, 0.16, 0.25, 0.4, 0.65, 1, 1.6]
/** Pixels of all images together. */
const mostPixels = 16_000_000
const imagesAtOnce = 512
/** Images that the principal components are fitted to at most, their values together, and the components. */
const mostFitted = { images: 20_000, values: 2 ** 25, components: 256 }

/** @throws DarkroomError as `Space.set`, `target-unwritable`, `disk-full`, `cancelled` */
export const measureCompress: Measurer<'compress'> = async (request, { spaces, context }) => {
  context.report('data', 0)
  const space = await spaces.open(request.item)
  const images = await imagesOf(space)
  const folder = await mkdtemp(join(tmpdir(), 'latent-darkroom-codes-'))
  try {
    const codes = await own(space, images, folder, context)
    const matched = codes[headline] as CodePoint
    const pca = await linear(space, images, folder, context)
    const jpeg = await sheetPoints('jpeg', images, matched.mse, context)
    const webp = await sheetPoints('webp', images, matched.mse, context)
    const made = { images, codes, matched, linear: pca, jpeg, webp }
    return { report: await compressReport(request, space, made) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first images that the model was not trained on, as many as the sheets can hold. */
async function imagesOf(space: Space): Promise<Compressed['images']> {
  const set = await space.set()
  const { width, height, channels } = set.card
  const { part, images, count: all } = heldOutOf(set, { config: space.run, hash: set.card.hash })
  const count = Math.min(all, Math.max(1, Math.floor(mostPixels / (width * height))))
  const pixels = images.subarray(0, count * width * height * channels)
  return { part, pixels, count, width, height, channels }
}

const sizeOf = ({ width, height, channels }: Pictures): number => width * height * channels

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

interface Coder {
  /** Of all images, [count, latent]. */
  codes: Float32Array
  /** One for each point. */
  quantisers: readonly Quantiser[]
  decode: (codes: Float32Array) => Float32Array
}

/** One point for each quantiser. */
async function curveOf(
  name: 'codes' | 'pca',
  { codes, quantisers, decode }: Coder,
  images: Pictures,
  folder: string,
  { breathe, report }: WorkContext,
): Promise<CodePoint[]> {
  const points: CodePoint[] = []
  for (const [at, quantiser] of quantisers.entries()) {
    const file = await throughFile(codes, quantiser, folder)
    const decoded = await decodedBytes(file.codes, decode, images, breathe)
    points.push({ bytes: file.bytes, mse: errorOf(images.pixels, decoded), decoded })
    report('measure', (at + 1) / quantisers.length, name)
  }
  return points
}

/** All codes decoded to bytes. */
async function decodedBytes(
  codes: Float32Array,
  decode: Coder['decode'],
  images: Pictures,
  breathe: WorkContext['breathe'],
): Promise<Uint8Array> {
  const [size, latent] = [sizeOf(images), codes.length / images.count]
  const decoded = new Uint8Array(images.pixels.length)
  for (let first = 0; first < images.count; first += imagesAtOnce) {
    const part = codes.slice(first * latent, (first + imagesAtOnce) * latent)
    decode(part).forEach((value, i) => {
      decoded[first * size + i] = Math.round(255 * Math.min(1, Math.max(0, value)))
    })
    await breathe()
  }
  return decoded
}

async function own(
  space: Space,
  images: Pictures,
  folder: string,
  context: WorkContext,
): Promise<CodePoint[]> {
  const { breathe, report } = context
  const pace = { breathe, report: (share: number) => report('encode', share) }
  const codes = (await encodeBytes(space.autoencoder, images.pixels, pace)).mean
  const decode = (part: Float32Array): Float32Array => space.autoencoder.decode(part)
  const quantisers = factors.map((factor) => quantiserOf(codes, space.config.latent, factor))
  return curveOf('codes', { codes, quantisers, decode }, images, folder, context)
}

/**
 * Components of the model's training images: those that chose its settings are left out. All have the same step, which
 * serves them best (Goyal 2001, 'Theoretical foundations of transform coding'): the later ones become zeros, which cost
 * next to nothing.
 */
async function linear(
  space: Space,
  images: Pictures,
  folder: string,
  context: WorkContext,
): Promise<Linear> {
  const set = await space.set()
  const size = sizeOf(images)
  const { training } = splitIndices(set.card.images, space.run.validation, space.run.training.seed)
  const most = Math.min(mostFitted.images, Math.max(2, Math.floor(mostFitted.values / size)))
  const indices = training.slice(0, most)
  const given = { images: set.images, size, indices }
  const wanted = Math.max(mostFitted.components, space.config.latent)
  const components = await principalCodes(given, wanted, context.signal)
  const { width } = components
  const decode = (part: Float32Array): Float32Array => components.decode(part)
  try {
    const codes = await principalCodesOf(components, images, context)
    const same = codes.map((value, i) => (i % width < space.config.latent ? value : 0))
    const sameSize = errorOf(
      images.pixels,
      await decodedBytes(same, decode, images, context.breathe),
    )
    const [first] = momentsOf(codes, width, false)
    const deviation = Math.sqrt(first?.variance ?? 1)
    const quantisers = principalFactors.map((factor) => ({
      middles: new Float32Array(width),
      steps: new Float32Array(width).fill(Math.max(factor * deviation, 1e-6)),
    }))
    const curve = await curveOf('pca', { codes, quantisers, decode }, images, folder, context)
    return {
      points: bestOf(curve),
      ...{ components: width, fitted: indices.length, sameSize },
      bytes: 4 * size * (width + 1),
    }
  } finally {
    components.close()
  }
}

async function principalCodesOf(
  components: PrincipalCodes,
  images: Pictures,
  { breathe }: WorkContext,
): Promise<Float32Array> {
  const { width } = components
  const size = sizeOf(images)
  const codes = new Float32Array(images.count * width)
  for (let at = 0; at < images.count; at += imagesAtOnce) {
    const values = valuesOf(images.pixels.subarray(at * size, (at + imagesAtOnce) * size))
    codes.set(components.encode(values), at * width)
    await breathe()
  }
  return codes
}
