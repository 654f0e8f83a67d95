/** Maps of a model's data: made as long work, kept for a while, asked what lies where. */
import type { Emit } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart, LatentMap, MapImages, MapRequest } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import { epochOrder } from '../data/split'
import { mostNeighbours, neighbourhoodsKept } from '../latent/trust'
import { picturesOf } from '../runs/pictures'
import type { WorkContext, Works } from '../work/works'
import { reconstructionErrors, squaredErrors } from './mapErrors'
import { projectCodes, projectPrincipal, projectUmap, type Projected } from './mapProjection'
import type { Codes } from '../latent/encoding'
import { imagesOf, partOf, type Spaces, type Space } from './spaces'
import type { ImageSet } from '../data/imageSet'

/** So many maps can still be read and asked; the oldest is forgotten first. */
const keptMaps = 8
/** Points whose neighbourhoods are judged: every one of them against all others. */
const mostJudged = 2000
const neighboursJudged = 12
/** Fewer have no neighbourhoods to keep. */
const leastPoints = 6

interface Kept {
  map: LatentMap
  space: Space
  codeAt: Projected['codeAt']
}

interface Material {
  space: Space
  set: ImageSet
  codes: Codes
  /** Of the points in their part. */
  indices: Int32Array
}

export class Maps {
  readonly #spaces: Spaces
  readonly #works: Works
  readonly #kept = new Map<string, Kept>()

  constructor(spaces: Spaces, works: Works) {
    this.#spaces = spaces
    this.#works = works
  }

  /**
   * Starts the work.
   * @throws DarkroomError as `Spaces.open`; `latents-not-two` for a map of the codes themselves. The work ends with
   *   `points-too-few`, or as `Space.set` says
   */
  async start(request: MapRequest, emit: Emit): Promise<string> {
    const space = await this.#spaces.open(request.item)
    const { latent } = space.config
    if (request.projection === 'codes' && latent !== 2) {
      const params = { model: space.name, latent }
      throw new DarkroomError('latents-not-two', `${space.name} has ${latent} latents`, params)
    }
    const job = this.#works.start(async (context) => {
      this.#keep(job, await makeMap(space, request, context))
      return null
    }, emit)
    return job
  }

  #keep(job: string, kept: Kept): void {
    this.#kept.set(job, kept)
    for (const oldest of [...this.#kept.keys()].slice(0, -keptMaps)) this.#kept.delete(oldest)
  }

  #of(job: string): Kept {
    const kept = this.#kept.get(job)
    if (!kept) throw new DarkroomError('job-unknown', `${job} is no map, or none any more`)
    return kept
  }

  /** @throws DarkroomError `job-unknown` */
  read(job: string): LatentMap {
    return this.#of(job).map
  }

  /** @throws DarkroomError `job-unknown`, `request-refused` where places have no code */
  decode(job: string, x: number, y: number): { picture: Pictures; code: Float32Array } {
    const { map, space, codeAt } = this.#of(job)
    if (!codeAt) {
      throw new DarkroomError('request-refused', `Places of a map by ${map.request.projection}`)
    }
    const { centre, factor } = map.frame
    const code = codeAt(centre[0] + x * factor, centre[1] + y * factor)
    return { picture: picturesOf(space.autoencoder.decode(code), space.shape), code }
  }

  /** @throws DarkroomError as `Space.set`; `arguments-invalid` for an index that no image has */
  async images(item: string, part: DataPart, indices: number[]): Promise<MapImages> {
    const space = await this.#spaces.open(item)
    const set = await space.set()
    const { count } = partOf(set, part)
    const beyond = indices.find((index) => index >= count)
    if (beyond !== undefined)
      throw new DarkroomError(
        'arguments-invalid',
        `Expected less than ${count}. Received ${beyond}.`,
      )
    const images = imagesOf(set, part, indices)
    const { mean } = space.autoencoder.encode(images)
    const made = space.autoencoder.decode(mean)
    const { width, height, channels } = space.shape
    return {
      originals: picturesOf(images, space.shape),
      reconstructions: picturesOf(made, space.shape),
      codes: mean,
      errors: squaredErrors(images, made, width * height * channels),
    }
  }

  /** @throws DarkroomError as `Space.codes`; `arguments-invalid` for a code of another length */
  async neighbours(item: string, part: DataPart, code: Float32Array, count: number) {
    const space = await this.#spaces.open(item)
    const { latent } = space.config
    if (code.length !== latent) {
      const message = `Expected a code of ${latent} numbers. Received ${code.length}.`
      throw new DarkroomError('arguments-invalid', message)
    }
    const codes = await space.codes(part)
    const squared = new Float64Array(codes.count)
    for (let i = 0; i < codes.count; i++)
      for (let k = 0; k < latent; k++)
        squared[i] =
          (squared[i] as number) +
          ((codes.mean[i * latent + k] as number) - (code[k] as number)) ** 2
    const at = (index: number): number => squared[index] as number
    const order = Int32Array.from(squared, (_, i) => i).sort((a, b) => at(a) - at(b) || a - b)
    const indices = Array.from(order.subarray(0, count))
    return { indices, distances: indices.map((index) => Math.sqrt(at(index))) }
  }
}

async function makeMap(space: Space, request: MapRequest, context: WorkContext): Promise<Kept> {
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
  return { map, space, codeAt: map.decodable ? projected.codeAt : null }
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
