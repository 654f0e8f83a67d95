/** A map of a model's data: codes, places by a projection, errors, and how far neighbourhoods are kept. */
import { DarkroomError } from '../../../shared/errors'
import type { DataPart, LatentMap, MapRequest } from '../../../shared/latent'
import type { ImageSet } from '../data/imageSet'
import { epochOrder } from '../data/split'
import type { Codes } from '../latent/encoding'
import { mostNeighbours, neighbourhoodsKept } from '../latent/trust'
import type { WorkContext } from '../work/works'
import { reconstructionErrors } from './mapErrors'
import { projectCodes, projectPrincipal, projectUmap, type Projected } from './mapProjection'
import { imagesOf, partOf, type Space } from './spaces'

/** Points whose neighbourhoods are judged: every one of them against all others. */
const mostJudged = 2000
const neighboursJudged = 12
/** Fewer have no neighbourhoods to keep. */
const leastPoints = 6

/** A map, and how to get from its places to codes and back. */
export interface MadeMap {
  map: LatentMap
  space: Space
  codeAt: Projected['codeAt']
  placeOf: Projected['placeOf']
}

interface Material {
  space: Space
  set: ImageSet
  codes: Codes
  /** Of the points in their part. */
  indices: Int32Array
}

/** @throws DarkroomError `points-too-few`, `cancelled`; as `Space.set` */
export async function makeMap(
  space: Space,
  request: MapRequest,
  context: WorkContext,
): Promise<MadeMap> {
  const begun = performance.now()
  const { part, projection, most, seed } = request
  const { signal, breathe, report } = context
  report('data', 0)
  const set = await space.set()
  await breathe()
  const { count: images } = partOf(set, part)
  const params = { images, least: leastPoints }
  if (Math.min(images, most) < leastPoints)
    throw new DarkroomError('points-too-few', `${space.name}: ${images} images`, params)
  report('encode', 0)
  const codes = await space.codes(part, {
    signal,
    onProgress: (share) => report('encode', share / 2),
  })
  const all = Int32Array.from({ length: images }, (_, i) => i)
  const indices = epochOrder(all, seed, 0).subarray(0, most)
  const errors = await reconstructionErrors(space, part, indices, {
    breathe,
    report: (share) => report('encode', 0.5 + share / 2),
  })
  const material: Material = { space, set, codes, indices }
  report('project', 0)
  const projected = await project(material, request, context)
  const { places, frame } = framed(projected.places)
  report('judge', 0)
  const trust = await judge(material, part, places, context)
  const { labels } = partOf(set, part)
  const map: LatentMap = {
    request,
    count: indices.length,
    places,
    indices: indices.slice(),
    labels: labels && Int32Array.from(indices, (index) => labels[index] as number),
    labelNames: labels ? [...(set.card.labels ?? [])] : null,
    errors,
    frame,
    decodable: projected.codeAt !== null && projection !== 'pixels-pca',
    explained: projected.explained,
    ...trust,
    seconds: (performance.now() - begun) / 1000,
  }
  const { placeOf } = projected
  return { map, space, codeAt: map.decodable ? projected.codeAt : null, placeOf }
}

async function project(
  { space, set, codes, indices }: Material,
  { part, projection, seed }: MapRequest,
  { signal, breathe, report }: WorkContext,
): Promise<Projected> {
  const { latent } = space.config
  if (projection === 'pixels-pca') {
    const { width, height, channels } = space.shape
    const { images } = partOf(set, part)
    return projectPrincipal({ images, size: width * height * channels, indices }, { signal })
  }
  const own = new Float32Array(indices.length * latent)
  indices.forEach((index, row) =>
    own.set(codes.mean.subarray(index * latent, (index + 1) * latent), row * latent),
  )
  if (projection === 'codes') return projectCodes(own)
  if (projection === 'umap') {
    const pace = { signal, breathe, report: (share: number) => report('project', share) }
    return projectUmap(own, latent, seed, pace)
  }
  const rows = Int32Array.from(indices, (_, row) => row)
  return projectPrincipal({ images: own, size: latent, indices: rows, unit: 1 }, { signal })
}

async function judge(
  { space, set, indices }: Material,
  part: DataPart,
  places: Float32Array,
  { breathe, report }: WorkContext,
) {
  const judged = Math.min(mostJudged, indices.length)
  const neighbours = Math.min(neighboursJudged, mostNeighbours(judged))
  const { width, height, channels } = space.shape
  const size = width * height * channels
  const originals = { values: imagesOf(set, part, indices.subarray(0, judged)), size }
  const mapped = { values: places.subarray(0, judged * 2), size: 2 }
  const pace = { breathe, report: (share: number) => report('judge', share) }
  return { ...(await neighbourhoodsKept(originals, mapped, neighbours, pace)), judged, neighbours }
}

/** Places within [−1, 1], the same factor on both axes, and how to get back. */
function framed(places: Float32Array): { places: Float32Array; frame: LatentMap['frame'] } {
  const [least, largest] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ] as [[number, number], [number, number]]
  places.forEach((value, i) => {
    const axis = (i % 2) as 0 | 1
    least[axis] = Math.min(least[axis], value)
    largest[axis] = Math.max(largest[axis], value)
  })
  const centre: [number, number] = [(least[0] + largest[0]) / 2, (least[1] + largest[1]) / 2]
  const factor = Math.max(largest[0] - least[0], largest[1] - least[1]) / 2 || 1
  return {
    places: places.map((value, i) => (value - (centre[i % 2] as number)) / factor),
    frame: { centre, factor },
  }
}
