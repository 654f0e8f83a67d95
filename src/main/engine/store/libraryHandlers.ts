/** The requests of the library, each a thin function over it. */
import { basename } from 'node:path'
import type { Emit, EngineHandlers } from '../../../shared/contract'
import type { History, LibraryItem, Preview, RunProgress } from '../../../shared/training'
import type { Library } from './library'
import { folderBytes } from './libraryFolders'
import { previewOf } from './previews'
import type { RunFile } from './runFile'

export type LibraryRequest =
  | `library.${'list' | 'history' | 'preview' | 'rename' | 'duplicate' | 'trash' | 'restore'}`
  | `library.${'trashed' | 'export' | 'import' | 'emptyTrash'}`
export type LibraryHandlers = Pick<EngineHandlers, LibraryRequest>

/** What is known of a run that trains at this moment, ahead of its file. */
export interface LiveRun {
  progress: RunProgress
  history: History
  preview: Preview | null
}

export interface LibraryHandlerOptions {
  /** Writes a run's model, or a part of it, as a SavedModel into a folder that it makes. */
  exportSavedModel: (
    file: RunFile,
    part: 'model' | 'encoder' | 'decoder',
    folder: string,
  ) => Promise<unknown>
  /** Pauses a run, if it trains or waits, and gives up its lock. Anything else is no error. */
  pause: (item: string, emit: Emit) => Promise<unknown>
  /** The run as it is now, where this process trains it. */
  live?: (item: string) => LiveRun | null
}

const savedModelParts = {
  savedmodel: 'model',
  'savedmodel-encoder': 'encoder',
  'savedmodel-decoder': 'decoder',
} as const

/** The part of the engine's handlers that is the library's. */
export function libraryHandlers(
  library: Library,
  { exportSavedModel, pause, live = () => null }: LibraryHandlerOptions,
): LibraryHandlers {
  const changed = (emit: Emit, item: LibraryItem | null): void => emit('library.changed', { item })
  const told = async (emit: Emit, work: Promise<LibraryItem>): Promise<LibraryItem> => {
    const item = await work
    changed(emit, item)
    return item
  }
  const isDenoiser = async (item: string): Promise<boolean> =>
    (await library.item(item)).kind === 'denoiser'
  return {
    'library.list': async () => {
      const listing = await library.list()
      const items = listing.items.map((each) => ({
        ...each,
        progress: live(each.item)?.progress ?? each.progress,
      }))
      return { ...listing, items }
    },
    'library.history': async ({ item }) => {
      if (await isDenoiser(item)) return { epochs: [], points: [] }
      return live(item)?.history ?? (await library.view(item, 'history')).history
    },
    'library.preview': async ({ item }) => {
      if (await isDenoiser(item)) return null
      return live(item)?.preview ?? previewOf(await library.view(item, 'preview'))
    },
    'library.rename': ({ item, name }, emit) => told(emit, library.rename(item, name)),
    'library.duplicate': ({ item }, emit) => told(emit, library.duplicate(item)),
    'library.trash': async ({ item }, emit) => {
      await pause(item, emit)
      await library.trash(item)
      changed(emit, null)
      return null
    },
    'library.restore': ({ item }, emit) => told(emit, library.restore(item)),
    'library.trashed': () => library.trashed(),
    'library.export': async ({ item, as, path }) => {
      if (as === 'model' || as === 'run') return library.exportFile(item, path, as)
      await exportSavedModel(await library.read(item), savedModelParts[as], path)
      return { name: basename(path), bytes: await folderBytes(path) }
    },
    'library.import': ({ path }, emit) => told(emit, library.importFile(path)),
    'library.emptyTrash': async (_args, emit) => {
      const files = await library.emptyTrash()
      changed(emit, null)
      return { files }
    },
  }
}
