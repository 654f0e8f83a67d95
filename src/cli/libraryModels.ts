/** MODEL on the command line: an item of the library, a model that came with the program, or a file. */
import type { Engine } from '../main/engine/handlers'
import type { Space } from '../main/engine/spaces/spaces'
import {
  nameOf,
  notARun,
  readLibraryFile,
  type LibraryFile,
} from '../main/engine/store/libraryFile'
import { DarkroomError, errorFromData } from '../shared/errors'
import { withPath } from '../main/engine/batch/failures'

export interface FoundModel {
  name: string
  file: LibraryFile
  /** Its item of the library; null for others. */
  item: string | null
  /** Where it lies; null for an item of the library. */
  path: string | null
}

/**
 * Finds a model: by path (with a separator, or ending in `.ldm`) a file, by name or item one of the library, or else a
 * bundled denoiser.
 * @throws DarkroomError `model-unknown` with the names there are; `file-not-found`, `model-damaged`, …
 */
export async function findModel(engine: Engine, wanted: string): Promise<FoundModel> {
  if (isPath(wanted)) return modelAt(wanted)
  const { library, denoisers } = engine
  try {
    const { item, name } = await library.find(wanted)
    return { name, file: await library.readFile(item), item, path: null }
  } catch (error) {
    if (!(error instanceof DarkroomError) || error.code !== 'item-unknown') throw error
  }
  const { models } = await denoisers.list()
  const known = models.find(({ info }) => info.card.name === wanted)
  if (known) return modelAt(known.path)
  const { items } = await library.list()
  const names = [...items, ...models.map(({ info }) => info.card)].map(({ name }) => name)
  const listed = [...new Set(names)].join(', ')
  const message = `no model '${wanted}'; there are: ${listed}`
  throw new DarkroomError('model-unknown', message, { model: wanted, models: listed })
}

/**
 * Opens the latent space of a model that {@link findModel} would find.
 * @throws DarkroomError as {@link findModel}; `model-unsuitable` for denoisers of photos and models without weights
 */
export async function openSpace(engine: Engine, wanted: string): Promise<Space> {
  const spaces = await engine.spaces()
  if (isPath(wanted)) {
    return spaces.openFile(wanted).catch((error: unknown) => {
      throw errorFromData(withPath(error, [wanted]))
    })
  }
  const found = await engine.library.find(wanted).catch(() => null)
  if (found) return spaces.open(found.item)
  throw notARun((await findModel(engine, wanted)).name) // a bundled denoiser, or nothing at all
}

const isPath = (wanted: string): boolean => /[\\/]|\.ldm$/.test(wanted)

async function modelAt(path: string): Promise<FoundModel> {
  const file = await readLibraryFile(path).catch((error: unknown) => {
    throw errorFromData(withPath(error, [path]))
  })
  return { name: nameOf(file), file, item: null, path }
}
