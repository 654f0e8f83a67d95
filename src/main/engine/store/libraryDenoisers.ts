/** The denoisers of the library: runs that trained one, and model files that were imported. */
import { automatic } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import type { Library } from './library'
import type { ModelFile, ModelList } from './models'
import { readModelFile } from './models'
import { uniqueName } from './naming'

export class LibraryDenoisers {
  readonly #library: Library
  /** What was read, as long as the file is the same: each hash is of a whole file. */
  readonly #known = new Map<string, { item: LibraryItem; model: ModelFile }>()

  constructor(library: Library) {
    this.#library = library
  }

  /** Those that are ready, the newest first, under names that are not among `taken`. */
  async list(taken: readonly string[]): Promise<ModelList> {
    const { items } = await this.#library.list()
    const list: ModelList = { models: [], problems: [] }
    const names = [automatic, ...taken]
    for (const item of items.filter(isDenoiser)) {
      try {
        const model = await this.#model(item)
        const { info } = model
        const name = uniqueName(info.card.name, names)
        names.push(name)
        list.models.push({ ...model, info: { ...info, card: { ...info.card, name } } })
      } catch (error) {
        if (!(error instanceof DarkroomError)) throw error
        list.problems.push(error)
      }
    }
    return list
  }

  async #model(item: LibraryItem): Promise<ModelFile> {
    const known = this.#known.get(item.item)
    if (known?.item.changed === item.changed && known.item.bytes === item.bytes) return known.model
    const place = await this.#library.place(item.item)
    const read = (): Promise<ModelFile> => readModelFile(place.path, place.bundled)
    const model = { ...(await this.#library.judging(place, read)), item: item.item }
    this.#known.set(item.item, { item, model })
    return model
  }
}

/** Whether there is something to denoise with: what still trains changes under the hands of who uses it. */
function isDenoiser({ kind, progress }: LibraryItem): boolean {
  if (kind === 'denoiser') return true
  const ended = progress?.state === 'finished' || progress?.state === 'stopped'
  return kind === 'photo-denoiser' && ended && progress.best !== null
}
