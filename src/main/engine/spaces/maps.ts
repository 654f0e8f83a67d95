/** Maps of a model's data: made as long work, kept for a while, asked what lies where. */
import type { Emit } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart, LatentMap, MapImages, MapRequest } from '../../../shared/latent'
import type { Pictures } from '../../../shared/training'
import { picturesOf } from '../runs/pictures'
import type { Works } from '../work/works'
import { makeMap, type MadeMap } from './makeMap'
import { squaredErrors } from './mapErrors'
import { imagesOf, partOf, type Spaces, type Space } from './spaces'

/** So many maps can still be read and asked; the oldest is forgotten first. */
const keptMaps = 8
export class Maps {
  readonly #spaces: Spaces
  readonly #works: Works
  readonly #kept = new Map<string, MadeMap>()

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

  #keep(job: string, kept: MadeMap): void {
    this.#kept.set(job, kept)
    for (const oldest of [...this.#kept.keys()].slice(0, -keptMaps)) this.#kept.delete(oldest)
  }

  #of(job: string): MadeMap {
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

  /**
   * Where a code lies, and its picture: at its own place where places are calculated, else at the image of the map with
   * the nearest code.
   * @throws DarkroomError `job-unknown`, `arguments-invalid` for a code of another length; as `Space.codes`
   */
  async locate(job: string, code: Float32Array) {
    const { map, space, placeOf } = this.#of(job)
    checkLength(space, code)
    const made = space.autoencoder.decode(code)
    const picture = picturesOf(made, space.shape)
    if (!placeOf) {
      const codes = await space.codes(map.request.part)
      const far = squaredDistances(codes.mean, code)
      let point = 0
      map.indices.forEach((index, other) => {
        if ((far[index] as number) < (far[map.indices[point] as number] as number)) point = other
      })
      const [x, y] = [map.places[point * 2] as number, map.places[point * 2 + 1] as number]
      return { x, y, picture, nearest: map.indices[point] as number }
    }
    const { centre, factor } = map.frame
    const [x, y] = placeOf(map.request.projection === 'pixels-pca' ? made : code)
    return { x: (x - centre[0]) / factor, y: (y - centre[1]) / factor, picture, nearest: null }
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
    checkLength(space, code)
    const squared = squaredDistances((await space.codes(part)).mean, code)
    const at = (index: number): number => squared[index] as number
    const order = Int32Array.from(squared, (_, i) => i).sort((a, b) => at(a) - at(b) || a - b)
    const indices = Array.from(order.subarray(0, count))
    return { indices, distances: indices.map((index) => Math.sqrt(at(index))) }
  }
}

/** @throws DarkroomError `arguments-invalid` */
function checkLength({ config: { latent } }: Space, code: Float32Array): void {
  if (code.length === latent) return
  const message = `Expected a code of ${latent} numbers. Received ${code.length}.`
  throw new DarkroomError('arguments-invalid', message)
}

/** ‖c − code‖² for each of the codes c. */
function squaredDistances(codes: Float32Array, code: Float32Array): Float64Array {
  const latent = code.length
  return Float64Array.from({ length: codes.length / latent }, (_, i) =>
    code.reduce((sum, value, k) => sum + ((codes[i * latent + k] as number) - value) ** 2, 0),
  )
}
