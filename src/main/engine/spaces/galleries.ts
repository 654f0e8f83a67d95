/** Galleries, made: the same gallery of the same model is the same pictures, byte for byte, wherever it is asked for. */
import { DarkroomError } from '../../../shared/errors'
import type { Anchor, Gallery, GalleryPictures } from '../../../shared/latent'
import { between } from '../latent/walk'
import { momentsOf, type LatentMoments } from '../latent/moments'
import { normalQuantile } from '../noise/elementary'
import { picturesOf } from '../runs/pictures'
import { drawn, groupCode, pointOf, type Point } from './anchors'
import type { Space } from './spaces'

type Of<Kind extends Gallery['kind']> = Extract<Gallery, { kind: Kind }>
type Row = GalleryPictures['rows'][0]

/** What a gallery shows before it is decoded: codes [count, latent], and pictures that are there already. */
interface Plan {
  codes: Float32Array[]
  /** Pictures that are not decoded, by their place. */
  images?: Map<number, Float32Array>
  columns: number
  rows?: Row[]
}

const plainRow: Row = { latent: null, straight: false }

/**
 * Makes a gallery.
 * @throws DarkroomError `model-without-prior`, `anchor-unfit`, `anchors-opposite`, `latents-not-two`, `labels-missing`,
 * `data-missing`; as `decodeImage` for an anchor's file
 */
export async function makeGallery(space: Space, gallery: Gallery): Promise<GalleryPictures> {
  const { codes, images, columns, rows = [] } = await planOf(space, gallery)
  const { latent } = space.config
  const pixels = space.shape.width * space.shape.height * space.shape.channels
  const places = codes.flatMap((_, place) => (images?.has(place) ? [] : [place]))
  const decoded = space.autoencoder.decode(
    joined(
      places.map((place) => codes[place] as Float32Array),
      latent,
    ),
  )
  const values = new Float32Array(codes.length * pixels)
  places.forEach((place, i) =>
    values.set(decoded.subarray(i * pixels, (i + 1) * pixels), place * pixels),
  )
  const all = joined(codes, latent)
  for (const [place, image] of images ?? []) {
    values.set(image, place * pixels)
    all.fill(NaN, place * latent, (place + 1) * latent)
  }
  const pictures = picturesOf(values, space.shape)
  return { pictures, columns, codes: all, rows, hash: space.hash }
}

/**
 * The pictures of a gallery from their codes, as an exported picture holds them: neither data nor files are needed.
 * Null where a picture is no decoded code, or the codes are not all that the gallery has.
 */
export function fromCodes(
  { autoencoder, config, shape, hash }: Space,
  gallery: Gallery,
  codes: readonly (readonly number[] | null)[],
): GalleryPictures | null {
  const [columns, count] = sizeOfGallery(gallery, config.latent)
  const rows = codes.flatMap((code) => (code?.length === config.latent ? [code] : []))
  if (rows.length !== count || codes.length !== count) return null
  const all = Float32Array.from(rows.flat())
  const pictures = picturesOf(autoencoder.decode(all), shape)
  return { pictures, columns, codes: all, rows: [], hash }
}

/** Columns and pictures of a gallery of a model with so many latents. */
function sizeOfGallery(gallery: Gallery, latent: number): [columns: number, count: number] {
  switch (gallery.kind) {
    case 'sample':
      return [squareColumns(gallery.count), gallery.count]
    case 'reconstruct':
      return [gallery.anchors.length, 2 * gallery.anchors.length]
    case 'interpolate':
      return [gallery.steps, gallery.steps * (gallery.anchors.length - 1)]
    case 'manifold':
      return [gallery.size, gallery.size ** 2]
    case 'traverse':
      return [gallery.steps, gallery.steps * Math.min(gallery.latents, latent)]
    case 'arithmetic':
      return [gallery.weights.length, gallery.weights.length]
  }
}

function joined(codes: readonly Float32Array[], latent: number): Float32Array {
  const all = new Float32Array(codes.length * latent)
  codes.forEach((code, i) => all.set(code, i * latent))
  return all
}

function planOf(space: Space, gallery: Gallery): Promise<Plan> {
  switch (gallery.kind) {
    case 'sample':
      return sampled(space, gallery)
    case 'reconstruct':
      return reconstructed(space, gallery)
    case 'interpolate':
      return interpolated(space, gallery)
    case 'manifold':
      return Promise.resolve(manifold(space, gallery))
    case 'traverse':
      return traversed(space, gallery)
    case 'arithmetic':
      return calculated(space, gallery)
  }
}

const rowsOf = (codes: Float32Array, latent: number): Float32Array[] =>
  Array.from({ length: codes.length / latent }, (_, i) => codes.slice(i * latent, (i + 1) * latent))

/** A sheet as near to a square as it gets. */
const squareColumns = (count: number): number => Math.ceil(Math.sqrt(count))

async function sampled(space: Space, gallery: Of<'sample'>): Promise<Plan> {
  const codes = await drawn(space, gallery, 0, gallery.count)
  return { codes: rowsOf(codes, space.config.latent), columns: squareColumns(gallery.count) }
}

async function reconstructed(space: Space, { anchors }: Of<'reconstruct'>): Promise<Plan> {
  const points = await pointsOf(space, anchors)
  const images = new Map<number, Float32Array>()
  points.forEach(({ image }, i) => image && images.set(i, image))
  const codes = points.map(({ code }) => code)
  return { codes: [...codes, ...codes], images, columns: anchors.length }
}

async function interpolated(
  space: Space,
  { anchors, steps, mode }: Of<'interpolate'>,
): Promise<Plan> {
  const points = await pointsOf(space, anchors)
  const codes: Float32Array[] = []
  const rows: Row[] = []
  for (let pair = 0; pair + 1 < points.length; pair++) {
    const [from, to] = [points[pair]?.code, points[pair + 1]?.code] as [Float32Array, Float32Array]
    let straight = false
    for (let step = 0; step < steps; step++) {
      const found = onTheWay(from, to, step / (steps - 1), mode, pair)
      straight ||= found.straight
      codes.push(found.code)
    }
    rows.push({ latent: null, straight })
  }
  return { codes, columns: steps, rows }
}

/** The error says which anchors, counted from 1. */
function onTheWay(...[from, to, share, mode, pair]: [...Parameters<typeof between>, number]) {
  try {
    return between(from, to, share, mode)
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error
    throw new DarkroomError(error.code, error.message, { first: pair + 1, second: pair + 2 })
  }
}

/** Codes at the normal distribution's quantiles (i + ½)/size; the second latent grows upwards. */
function manifold(space: Space, { size }: Of<'manifold'>): Plan {
  const { latent } = space.config
  if (latent !== 2) {
    throw new DarkroomError('latents-not-two', `${space.name} has ${latent} latents`, {
      model: space.name,
      latent,
    })
  }
  const at = (i: number): number => normalQuantile((i + 0.5) / size)
  const codes = Array.from({ length: size * size }, (_, place) => {
    const [x, y] = [place % size, size - 1 - Math.floor(place / size)]
    return Float32Array.of(at(x), at(y))
  })
  return { codes, columns: size }
}

async function traversed(
  space: Space,
  { base, latents, steps, extent }: Of<'traverse'>,
): Promise<Plan> {
  const moments = await latentMoments(space)
  const { latent } = space.config
  const middle = new Float32Array(latent)
  if (space.config.kind !== 'variational')
    for (const { index, mean } of moments) middle[index] = mean
  const origin = base ? (await pointOf(space, base)).code : middle
  const chosen = moments.slice(0, Math.min(latents, latent))
  const codes = chosen.flatMap((moment) =>
    Array.from({ length: steps }, (_, step) => {
      const code = Float32Array.from(origin)
      code[moment.index] = placeOf(space, moment, extent * ((2 * step) / (steps - 1) - 1))
      return code
    }),
  )
  return {
    codes,
    columns: steps,
    rows: chosen.map(({ index }) => ({ ...plainRow, latent: index })),
  }
}

/** In units of the prior where there is one, otherwise of the codes' own deviation about their mean. */
const placeOf = (space: Space, { mean, variance }: LatentMoments, units: number): number =>
  space.config.kind === 'variational' ? units : mean + units * Math.sqrt(variance)

async function calculated(
  space: Space,
  { base, plus, minus, weights }: Of<'arithmetic'>,
): Promise<Plan> {
  const { code } = await pointOf(space, base)
  const [added, taken] = [await groupCode(space, plus), await groupCode(space, minus)]
  const codes = weights.map((weight) =>
    code.map((value, j) => value + weight * ((added[j] as number) - (taken[j] as number))),
  )
  return { codes, columns: weights.length }
}

async function pointsOf(space: Space, anchors: readonly Anchor[]): Promise<Point[]> {
  const points: Point[] = []
  for (const anchor of anchors) points.push(await pointOf(space, anchor))
  return points
}

/**
 * Means and variances of the latents over the data's test images, or training images where there are no others. Where the
 * data is not there any more every latent counts the same.
 */
export async function latentMoments(space: Space): Promise<LatentMoments[]> {
  const { latent, kind } = space.config
  try {
    const { card } = await space.set()
    const { mean } = await space.codes(card.test > 0 ? 'test' : 'training')
    return momentsOf(mean, latent, kind === 'variational')
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error
    const unknown = { mean: 0, variance: 1, active: true }
    return Array.from({ length: latent }, (_, index) => ({ index, ...unknown }))
  }
}
