/** Latent spaces that are open: a model of the library with its data and the codes that its encoder gives them. */
import { createHash } from 'node:crypto'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart } from '../../../shared/latent'
import type { AutoencoderConfig, RunConfig } from '../../../shared/training'
import { openImageSet, type ImageSet } from '../data/imageSet'
import { openAutoencoder, type Autoencoder } from '../models/openAutoencoder'
import type { ImageShape } from '../networks/autoencoder'
import type { State } from '../runtime/program'
import { trainedModel } from '../runs/trainedModel'
import type { Library } from '../store/library'

/** So many models stay open; the one that was used longest ago is closed first. */
const keptOpen = 3
/** Images that are encoded between two moments for other requests. */
const imagesAtOnce = 1024

/** Codes of a part of the data: posterior means [count, latent], log σ² of variational models. */
export interface Codes {
  count: number
  mean: Float32Array
  logVariance: Float32Array | null
}

export interface Space {
  item: string
  name: string
  /** SHA-256 of configuration and weights: the same model under any name. */
  hash: string
  config: AutoencoderConfig
  shape: ImageShape
  weights: State
  run: RunConfig
  autoencoder: Autoencoder
  /** @throws DarkroomError as `openImageSet`; `data-missing` for a folder that is not known here */
  set(): Promise<ImageSet>
  /** Codes of a part, calculated once while the model is open. The arrays are shared and must not be written to. */
  codes(part: DataPart, options?: Encoding): Promise<Codes>
}

export interface Encoding {
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** SHA-256 of a configuration (JSON) and of weights in the order of their names, with their shapes. */
export function modelHash(config: AutoencoderConfig, weights: State): string {
  const hash = createHash('sha256').update(JSON.stringify(config))
  for (const [name, { shape, data }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}:${shape.join()}`)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}

/** Images of a part as the model sees them: [count, height, width, channels] in 0–1. */
export function imagesOf(set: ImageSet, part: DataPart, indices: ArrayLike<number>): Float32Array {
  const { width, height, channels } = set.card
  const size = width * height * channels
  const { images } = partOf(set, part)
  const values = new Float32Array(indices.length * size)
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * size
    for (let k = 0; k < size; k++) values[i * size + k] = (images[from + k] as number) / 255
  }
  return values
}

/** A part's images, their labels and their number. */
export function partOf(
  set: ImageSet,
  part: DataPart,
): { images: Uint8Array; labels: Uint8Array | null; count: number } {
  const { images, labels } = part === 'test' ? set.test : set
  return { images, labels, count: part === 'test' ? set.card.test : set.card.images }
}

export class Spaces {
  readonly library: Library
  readonly cache: string | null
  readonly #open = new Map<string, { changed: string; space: Promise<Space> }>()

  constructor({ library, cache }: { library: Library; cache: string | null }) {
    this.library = library
    this.cache = cache
  }

  /**
   * A model of the library, opened; the same one again while its file has not changed.
   * @throws DarkroomError `item-unknown`, `model-unsuitable` for denoisers of photos and models without weights
   */
  async open(item: string): Promise<Space> {
    const file = await this.library.read(item)
    const changed = `${file.progress.step} ${file.progress.best?.epoch ?? 0} ${file.card.name}`
    const known = this.#open.get(item)
    if (known?.changed === changed) {
      this.#open.delete(item) // so that it counts as used last
      this.#open.set(item, known)
      return known.space
    }
    if (known) await this.#close(item)
    const space = Promise.resolve().then(() => this.#opened(item, file))
    space.catch(() => this.#open.delete(item))
    this.#open.set(item, { changed, space })
    while (this.#open.size > keptOpen) await this.#close([...this.#open.keys()][0] as string)
    return space
  }

  #opened(item: string, file: Awaited<ReturnType<Library['read']>>): Space {
    const model = trainedModel(file)
    if (model.kind !== 'autoencoder') {
      const reason = 'model-of-photos'
      throw new DarkroomError('model-unsuitable', `${model.name}: ${reason}`, {
        model: model.name,
        reason,
      })
    }
    const { config, shape, weights } = model
    const autoencoder = openAutoencoder({ config, shape, weights })
    const set = (): Promise<ImageSet> => openImageSet(file.config.data, { cache: this.cache })
    const known = new Map<DataPart, Codes>()
    return {
      ...{ item, name: model.name, hash: modelHash(config, weights), config, shape, weights },
      run: file.config,
      autoencoder,
      set,
      codes: async (part, options = {}) => {
        const codes = known.get(part) ?? (await encodePart(autoencoder, await set(), part, options))
        known.set(part, codes)
        return codes
      },
    }
  }

  async #close(item: string): Promise<void> {
    const entry = this.#open.get(item)
    this.#open.delete(item)
    const space = await entry?.space.catch(() => null)
    space?.autoencoder.close()
  }

  close(): void {
    for (const item of [...this.#open.keys()]) void this.#close(item)
  }
}

async function encodePart(
  autoencoder: Autoencoder,
  set: ImageSet,
  part: DataPart,
  { signal, onProgress }: Encoding,
): Promise<Codes> {
  const { count } = partOf(set, part)
  const { latent, kind } = autoencoder.config
  const mean = new Float32Array(count * latent)
  const logVariance = kind === 'variational' ? new Float32Array(count * latent) : null
  for (let at = 0; at < count; at += imagesAtOnce) {
    if (signal?.aborted) throw new DarkroomError('cancelled', 'Encoding was cancelled')
    const indices = Array.from({ length: Math.min(imagesAtOnce, count - at) }, (_, i) => at + i)
    const codes = autoencoder.encode(imagesOf(set, part, indices))
    mean.set(codes.mean, at * latent)
    if (logVariance && codes.logVariance) logVariance.set(codes.logVariance, at * latent)
    onProgress?.((at + indices.length) / count)
    await new Promise(setImmediate)
  }
  return { count, mean, logVariance }
}
