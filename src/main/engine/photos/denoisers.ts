/** Models that are ready to run: opened when first needed, a few kept, closed when others take their place. */
import { basename } from 'node:path'
import { automatic, type NoiseStructure } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import type { TileRunner } from '../imaging/denoise'
import type { Container } from '../store/container'
import type { Library } from '../store/library'
import { LibraryDenoisers } from '../store/libraryDenoisers'
import type { ChosenFor, ModelFile, ModelList } from '../store/models'
import { chooseModel, listModels, readDenoiser, readModelFile } from '../store/models'

export interface OpenRunner extends TileRunner {
  close(): void
}
/** Makes a network of a model file's contents. Tests give their own, so that they need no TensorFlow. */
export type OpenModel = (container: Container) => OpenRunner | Promise<OpenRunner>

/** A runner that is in use until `release` is called. */
export interface Lease {
  runner: TileRunner
  model: ModelFile
  release(): void
}

interface Kept {
  runner: Promise<OpenRunner>
  users: number
}

/** What one is likely to change between. Each holds a graph, its weights and scratch memory. */
const mostKept = 2

/** TensorFlow is loaded here, with the first model, and not before: `inspect` and `models` never need it. */
const openWithTensorflow: OpenModel = async ({ header, tensors }) => {
  const { openDenoiser } = await import('../models/photoDenoiser')
  return openDenoiser({ config: header.config, weights: tensors })
}

export interface DenoisersOptions {
  /** Where the bundled models lie. */
  folder: string
  /** Models besides the bundled ones, by path. */
  files?: readonly string[]
  /** Its denoisers can be chosen too. */
  library?: Library
  open?: OpenModel
}

export class Denoisers {
  readonly #options: DenoisersOptions
  readonly #ofLibrary: LibraryDenoisers | null
  readonly #kept = new Map<string, Kept>()

  constructor(options: DenoisersOptions) {
    this.#options = options
    this.#ofLibrary = options.library ? new LibraryDenoisers(options.library) : null
  }

  /**
   * Bundled models, then those given by path, then the library's; unusable files are reported beside them.
   * @throws DarkroomError for a file given by path that is no usable model
   */
  async list(): Promise<ModelList> {
    const { models, problems } = await listModels(this.#options.folder)
    const paths = this.#options.files ?? []
    const given = await Promise.all(paths.map((path) => readModelFile(path, false)))
    const names = [...models, ...given].map(({ info }) => info.card.name)
    const own = await this.#ofLibrary?.list(names)
    return {
      models: [...models, ...given, ...(own?.models ?? [])],
      problems: [...problems, ...(own?.problems ?? [])],
    }
  }

  /**
   * Checks that a name (or `auto`, or the path of a given file) leads to a usable model, before work begins.
   * @throws DarkroomError as {@link acquire}, for what can be known without opening it
   */
  async check(wanted: string): Promise<void> {
    const { models, problems } = await this.list()
    if (wanted !== automatic) chooseUsable(models, problems, wanted, { channels: 3 })
  }

  /**
   * Opens the model for a name (or `auto`) and an image of so many channels and what is known of its noise.
   * @throws DarkroomError `model-unknown`, `model-damaged`, …, `tensorflow-missing`
   */
  async acquire(wanted: string, channels: 1 | 3, noise?: NoiseStructure): Promise<Lease> {
    const { models, problems } = await this.list()
    const model = chooseUsable(models, problems, wanted, {
      channels,
      ...(noise && { noise }),
    })
    const kept = this.#take(model)
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      kept.users--
      this.#trim()
    }
    try {
      return { runner: await kept.runner, model, release }
    } catch (error) {
      this.#kept.delete(model.info.hash)
      throw namingFile(error, basename(model.path))
    }
  }

  /** Closes all that nobody uses. */
  async close(): Promise<void> {
    const idle = [...this.#kept].filter(([, { users }]) => users === 0)
    for (const [hash, { runner }] of idle) {
      this.#kept.delete(hash)
      ;(await runner).close()
    }
  }

  #take(model: ModelFile): Kept {
    const { hash } = model.info
    const kept = this.#kept.get(hash) ?? { runner: this.#open(model), users: 0 }
    kept.users++
    this.#kept.delete(hash) // and back in at the end: the first is the one not used for longest
    this.#kept.set(hash, kept)
    this.#trim()
    return kept
  }

  async #open({ path, info }: ModelFile): Promise<OpenRunner> {
    const container = await readDenoiser(path)
    if (container.hash !== info.hash) {
      const file = basename(path)
      throw new DarkroomError('model-damaged', `${file} changed while it was opened`, { file })
    }
    return (this.#options.open ?? openWithTensorflow)(container)
  }

  #trim(): void {
    for (const [hash, { runner, users }] of this.#kept) {
      if (this.#kept.size <= mostKept) return
      if (users > 0) continue
      this.#kept.delete(hash)
      void runner.then(
        (open) => open.close(),
        () => undefined,
      )
    }
  }
}

/** When the wanted model is the one whose file is damaged, that is the news, not that its name is unknown. */
function chooseUsable(
  models: readonly ModelFile[],
  problems: readonly DarkroomError[],
  wanted: string,
  image: ChosenFor,
): ModelFile {
  try {
    return chooseModel(models, wanted, image)
  } catch (error) {
    throw problems.find(({ params }) => params['file'] === `${wanted}.ldm`) ?? error
  }
}

function namingFile(error: unknown, file: string): unknown {
  if (!(error instanceof DarkroomError) || 'file' in error.params) return error
  return new DarkroomError(error.code, error.message, { file, ...error.params }, { cause: error })
}
