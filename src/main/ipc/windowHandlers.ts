/** What main does for each request of the window. Paths become visible here and nowhere nearer to the page. */
import {
  sharedRequests,
  type EngineState,
  type FolderUse,
  type ModelExport,
  type ResultOf,
  type TargetKind,
  type WindowRequests,
} from '../../shared/contract'
import type { ExportFormat, Settings } from '../../shared/types'
import type { FileHandles, Use } from '../app/files'
import type { SettingsStore } from '../app/settings'
import type { EngineHost } from '../engineHost/engineHost'
import { forEngine, forText, forWindow } from './dataSources'
import type { WindowHandlers } from './door'

/** What the handlers need of the rest of main, so that tests can hand them something simpler. */
export interface Services {
  engine: Pick<EngineHost, 'request'> & { readonly state: EngineState }
  files: FileHandles
  photos: OpenPhotos
  settings: Pick<SettingsStore, 'read' | 'change'>
  samplePath: string
  /** The page hears events from now on. */
  listening: () => void
  info: () => ResultOf<WindowRequests, 'app.info'>
  diagnostics: () => Promise<string>
  chooseImages: () => Promise<string[]>
  chooseExport: (suggestedName: string, format: ExportFormat) => Promise<string | null>
  chooseFolder: (use: FolderUse) => Promise<string | null>
  chooseFile: (kind: 'idx' | 'model') => Promise<string | null>
  chooseModelExport: (suggestedName: string, as: ModelExport) => Promise<string | null>
  chooseTarget: (suggestedName: string, kind: TargetKind) => Promise<string | null>
  /** Removes files of the library for good. */
  discard: (files: readonly string[]) => Promise<void>
  reveal: (path: string) => void
}

type Shared = keyof typeof sharedRequests

/** What a folder that was chosen is good for. */
const folderUses: Record<FolderUse, Use> = { data: 'data', photos: 'open', results: 'results' }

/** The requests that go to the engine just as they came, but for handles and paths of data sources. */
function passThrough({ engine, files }: Services): Pick<WindowHandlers, Shared> {
  const names = Object.keys(sharedRequests) as Shared[]
  const pass = (name: Shared) => async (args: never) =>
    forWindow(await engine.request(name, forEngine(args, files)), files)
  return Object.fromEntries(names.map((name) => [name, pass(name)])) as Pick<WindowHandlers, Shared>
}

/** The photos that the page has open, to be closed for it once it is gone: a reload forgets their names. */
export class OpenPhotos {
  #photos = new Set<string>()

  add(photo: string): void {
    this.#photos.add(photo)
  }

  /** They ended with their engine, or the page closed one itself. */
  forget(photo?: string): void {
    if (photo === undefined) this.#photos.clear()
    else this.#photos.delete(photo)
  }

  /** Closes them all. Nobody is left to hear of one that cannot be closed. */
  close(engine: Services['engine']): void {
    const photos = [...this.#photos]
    this.#photos.clear()
    for (const photo of photos) engine.request('photo.close', { photo }).catch(() => undefined)
  }
}

export function windowHandlers(services: Services): WindowHandlers {
  const { engine, files, photos, settings } = services
  const handleOf = (path: string | null, use: Use) =>
    path === null ? null : files.issue(path, use)
  return {
    ...passThrough(services),
    'photo.open': async ({ source, ...page }) => {
      const info = await engine.request('photo.open', {
        source: 'file' in source ? { path: files.pathOf(source.file, 'open') } : source,
        ...page,
      })
      photos.add(info.photo)
      return info
    },
    'photo.close': ({ photo }) => {
      photos.forget(photo)
      return engine.request('photo.close', { photo })
    },
    'photo.export': ({ file, ...options }) =>
      engine.request('photo.export', { ...options, path: files.pathOf(file, 'export') }),
    'train.python': (args) => engine.request('train.python', forText(args, files)),
    'library.export': ({ file, ...options }) =>
      engine.request('library.export', { ...options, path: files.pathOf(file, 'export') }),
    'library.import': async ({ file }) => {
      const imported = await engine.request('library.import', { path: files.pathOf(file, 'open') })
      return forWindow(imported, files)
    },
    'library.emptyTrash': async () => {
      const emptied = await engine.request('library.emptyTrash', {})
      await services.discard(emptied.files)
      return null
    },
    'latent.export': ({ file, ...options }) =>
      engine.request(
        'latent.export',
        forEngine({ ...options, path: files.pathOf(file, 'export') }, files),
      ),
    'latent.exportPicture': ({ file, ...options }) =>
      engine.request(
        'latent.exportPicture',
        forEngine({ ...options, path: files.pathOf(file, 'export') }, files),
      ),
    'latent.provenance': async ({ file }) => {
      const path = files.pathOf(file, 'open')
      return forWindow(await engine.request('latent.provenance', { path }), files)
    },
    'latent.exportCodes': ({ file, ...options }) =>
      engine.request('latent.exportCodes', { ...options, path: files.pathOf(file, 'export') }),
    'lab.export': ({ file, ...options }) => {
      const [path, { language }] = [files.pathOf(file, 'export'), services.info()]
      return engine.request('lab.export', { ...options, path, language })
    },
    'measure.export': ({ file, report }) => {
      const [path, { language }] = [files.pathOf(file, 'export'), services.info()]
      return engine.request('measure.export', { report, path, language })
    },
    'batch.find': ({ files: handles }) =>
      engine.request('batch.find', { paths: handles.map((file) => files.pathOf(file, 'open')) }),
    'batch.start': ({ files: handles, folder, wish }) => {
      const paths = handles.map((file) => files.pathOf(file, 'open'))
      return engine.request('batch.start', {
        paths,
        folder: files.pathOf(folder, 'results'),
        wish,
      })
    },
    'batch.source': async (args) => {
      const { source } = await engine.request('batch.paths', args)
      return files.issue(source, 'open')
    },
    'batch.reveal': async (args) => {
      const { source, result } = await engine.request('batch.paths', args)
      services.reveal(result ?? source)
      return null
    },
    'batch.report': ({ file }) =>
      engine.request('batch.report', { path: files.pathOf(file, 'export') }),
    'app.info': () => services.info(),
    'app.diagnostics': () => services.diagnostics(),
    'settings.read': () => settings.read(),
    'settings.change': (changes): Promise<Settings> => settings.change(changes),
    'engine.state': () => {
      services.listening()
      return engine.state
    },
    'files.chooseImages': async () => {
      const paths = await services.chooseImages()
      return paths.map((path) => files.issue(path, 'open'))
    },
    'files.sample': () => files.issue(services.samplePath, 'open'),
    'files.chooseExport': async ({ suggestedName, format }) =>
      handleOf(await services.chooseExport(suggestedName, format), 'export'),
    'files.chooseFolder': async ({ use }) =>
      handleOf(await services.chooseFolder(use), folderUses[use]),
    'files.chooseFile': async ({ kind }) =>
      handleOf(await services.chooseFile(kind), kind === 'idx' ? 'data' : 'open'),
    'files.chooseModelExport': async ({ suggestedName, as }) =>
      handleOf(await services.chooseModelExport(suggestedName, as), 'export'),
    'files.chooseTarget': async ({ suggestedName, kind }) =>
      handleOf(await services.chooseTarget(suggestedName, kind), 'export'),
    'files.reveal': ({ file }) => {
      services.reveal(files.pathOf(file))
      return null
    },
    'files.adopt': ({ path }) => files.issue(path, 'open'),
  }
}
