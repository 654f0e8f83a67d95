/** Latent spaces that are open: a model of the library with its data and the codes that its encoder gives them. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart } from '../../../shared/latent'
import type { AutoencoderConfig, RunConfig } from '../../../shared/training'
import { openImageSet, type ImageSet } from '../data/imageSet'
import { valuesAt } from '../data/values'
import type { Codes } from '../latent/encoding'
import type { Mixture } from '../latent/mixture'
import type { Autoencoder } from '../models/openAutoencoder'
import type { ImageShape } from '../networks/autoencoder'
import type { State } from '../runtime/program'
import { trainedModel } from '../runs/trainedModel'
import { asSourceError } from '../store/container'
import type { Library } from '../store/library'
import { notARun, readLibraryFile } from '../store/libraryFile'
import type { RunFile } from '../store/runFile'
import { calculatedFrom, type Calculation } from './calculated'
import { LivePrograms } from './livePrograms'

/** So many models stay open; the one that was used longest ago is let go first. */
const keptOpen = 3

export interface Space {
  /** Its item of the library, or the path of a file that is none. */
  item: string
  name: string
  /** SHA-256 of configuration and weights: the same model under any name. */
  hash: string
  config: AutoencoderConfig
  shape: ImageShape
  weights: State
  run: RunConfig
  autoencoder: Autoencoder
  /**
   * The model's data, the same as long as the space is open.
   * @throws DarkroomError as `openImageSet`; `data-missing` for a folder that is not known here; `data-sizes-differ`
   */
  set: () => Promise<ImageSet>
  /** Codes of a part, calculated once while the model is open. The arrays are shared and must not be written to. */
  codes: (part: DataPart, options?: Calculation) => Promise<Codes>
  /** Ten Gaussians fitted to the training images' codes, once while the model is open: the same for every seed. */
  mixture: (options?: Calculation & { onEncoded?: Calculation['onProgress'] }) => Promise<Mixture>
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
  return valuesAt(partOf(set, part).images, width * height * channels, indices)
}

/** A size as words: 28 × 28, 32 × 32 × 3. */
export const sizeOf = ({ width, height, channels }: ImageShape): string =>
  [width, height, ...(channels === 1 ? [] : [channels])].join(' × ')

/** A part's images, their labels and their number. */
export function partOf(
  set: ImageSet,
  part: DataPart,
): { images: Uint8Array; labels: Uint8Array | null; count: number } {
  const { images, labels } = part === 'test' ? set.test : set
  return { images, labels, count: part === 'test' ? set.card.test : set.card.images }
}

/** A model's file as it was when it was opened. */
interface Opened {
  signature: string
  space: Promise<Space>
}

export class Spaces {
  readonly library: Library
  readonly cache: string | null
  /** By item or path; the one that was used last is the last. */
  readonly #open = new Map<string, Opened>()
  readonly #programs = new LivePrograms(keptOpen)
  /** Files that are no items of the library, by the path that `open` then takes too. */
  readonly #files = new Set<string>()
  /** Of models that were looked at and not opened. */
  readonly #hashes = new Map<string, { signature: string; hash: string }>()

  constructor({ library, cache }: { library: Library; cache: string | null }) {
    this.library = library
    this.cache = cache
  }

  /**
   * A model of the library, opened; the same one again while its file has not changed, which costs two looks at the
   * folder. A space that is held stays usable when others are opened, or its file is gone.
   * @throws DarkroomError `item-unknown`, `model-unsuitable` for denoisers of photos and models without weights
   */
  async open(item: string): Promise<Space> {
    const path = this.#files.has(item) ? item : (await this.library.place(item)).path
    const signature = await signatureOf(path)
    const known = this.#open.get(item)
    this.#open.delete(item)
    const opened =
      known?.signature === signature
        ? known
        : { signature, space: this.#read(item, known?.space ?? null) }
    opened.space.catch(() => {
      if (this.#open.get(item) === opened) this.#open.delete(item)
    })
    this.#open.set(item, opened)
    for (const each of [...this.#open.keys()].slice(0, -keptOpen)) this.#open.delete(each)
    return opened.space
  }

  /**
   * A model by its file, for the command line. From then on `open` knows it by this path as well.
   * @throws DarkroomError as {@link open} and `readRun`
   */
  openFile(path: string): Promise<Space> {
    this.#files.add(path)
    return this.open(path)
  }

  /**
   * The hash of a model of the library, which is not opened for it.
   * @throws DarkroomError as {@link open}
   */
  async hashOf(item: string): Promise<string> {
    const signature = await signatureOf((await this.library.place(item)).path)
    const open = this.#open.get(item)
    if (open?.signature === signature) return (await open.space).hash
    const known = this.#hashes.get(item)
    if (known?.signature === signature) return known.hash
    const { config, weights } = autoencoderOf(await this.library.read(item))
    const hash = modelHash(config, weights)
    this.#hashes.set(item, { signature, hash })
    return hash
  }

  /** Reads a model. What is known of the same weights, their codes, is kept: a run was renamed, or trains on. */
  async #read(item: string, last: Promise<Space> | null): Promise<Space> {
    const before = await last?.catch(() => null)
    const file = this.#files.has(item) ? await runAt(item) : await this.library.read(item)
    const { config, shape, weights, name } = autoencoderOf(file)
    const hash = modelHash(config, weights)
    const sameData = JSON.stringify(before?.run.data) === JSON.stringify(file.config.data)
    if (before?.hash === hash && sameData) return { ...before, name, run: file.config }
    before?.autoencoder.close()
    const autoencoder = this.#programs.open({ config, shape, weights })
    const kept = { item, name, hash, config, shape, weights, run: file.config, autoencoder }
    const set = once(() => this.#set(kept))
    return { ...kept, set, ...calculatedFrom(autoencoder, set) }
  }

  async #set({ name, shape, run }: Pick<Space, 'name' | 'shape' | 'run'>): Promise<ImageSet> {
    const { data } = run
    if ('path' in data && data.path === '') {
      throw new DarkroomError('data-missing', `${name}: its data's folder is not known here`, {
        data: data.name,
        place: '',
      })
    }
    const set = await openImageSet(data, { cache: this.cache })
    const [expected, received] = [sizeOf(shape), sizeOf(set.card)]
    if (expected === received) return set
    const params = { file: set.card.name, expected, received }
    throw new DarkroomError('data-sizes-differ', `${name}: its data changed`, params)
  }

  /** Gives the native memory back. */
  close(): void {
    this.#open.clear()
    this.#programs.close()
  }
}

/** The model that a run made. @throws DarkroomError `model-unsuitable` */
function autoencoderOf(file: RunFile) {
  const model = trainedModel(file)
  if (model.kind !== 'autoencoder') throw notARun(model.name)
  return model
}

/** A file's run. @throws DarkroomError as `readRun`, `model-unsuitable` */
async function runAt(path: string): Promise<RunFile> {
  const file = await readLibraryFile(path)
  if (file.kind !== 'run') throw notARun(file.card.name)
  return file.run
}

async function signatureOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path).catch((error: unknown) => {
    throw asSourceError(error, basename(path))
  })
  return `${size} ${mtimeMs} ${ino}`
}

/** What a function comes to, asked once; a failure is not kept. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null
  return () =>
    (known ??= work().catch((error: unknown) => {
      known = null
      throw error
    }))
}
