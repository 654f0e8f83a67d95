/** The system's file dialogs. */
import { dirname, join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import type { FolderUse, ModelExport, TargetKind } from '../../shared/contract'
import { m } from '../../shared/messages/compiled/messages'
import { exportFormats } from '../../shared/exportFormats'
import type { ExportFormat } from '../../shared/types'
import { safeFileName, withExtension } from './fileNames'
import type { Language } from './language'

const modelExtension = 'ldm'
const imageExtensions = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff']

/** Where the last export of each kind went; the next one is likely to go there too. */
const lastFolders: Partial<Record<'pictures' | 'documents', string>> = {}

/** Where images were chosen last: before the first export, results are likely to go beside them. */
let imagesFolder: string | null = null

/** Asks for images to open; none when the person changed their mind. */
export async function chooseImages(
  window: BrowserWindow | null,
  locale: Language,
): Promise<string[]> {
  if (!window) return []
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: m.dialog_open({}, { locale }),
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: m.dialog_images({}, { locale }), extensions: imageExtensions }],
  })
  if (canceled) return []
  imagesFolder = filePaths[0] ? dirname(filePaths[0]) : imagesFolder
  return filePaths
}

const folderTitles: Record<FolderUse, typeof m.dialog_folder> = {
  data: m.dialog_folder,
  photos: m.dialog_folder,
  results: m.dialog_results,
}

/** Asks for a folder, of images or for results; null when the person changed their mind. */
export async function chooseFolder(
  window: BrowserWindow | null,
  locale: Language,
  use: FolderUse,
): Promise<string | null> {
  if (!window) return null
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: folderTitles[use]({}, { locale }),
    properties: ['openDirectory', ...(use === 'results' ? (['createDirectory'] as const) : [])],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks for one file: training data as idx, whose files often have no ending of their own, or a model. */
export async function chooseFile(
  window: BrowserWindow | null,
  locale: Language,
  kind: 'idx' | 'model',
): Promise<string | null> {
  if (!window) return null
  const models = { name: m.dialog_models({}, { locale }), extensions: [modelExtension] }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: kind === 'idx' ? m.dialog_idx({}, { locale }) : m.dialog_import({}, { locale }),
    properties: ['openFile'],
    filters: [
      ...(kind === 'model' ? [models] : []),
      { name: m.dialog_all_files({}, { locale }), extensions: ['*'] },
    ],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks where to export an image to; null when the person changed their mind. Replacing a file has been agreed to. */
export function chooseExport(
  window: BrowserWindow | null,
  locale: Language,
  suggestedName: string,
  format: ExportFormat,
): Promise<string | null> {
  return chooseTarget(window, locale, suggestedName, 'pictures', {
    name: exportFormats[format].name,
    extensions: [...exportFormats[format].endings],
  })
}

/** Asks where to export a model to: a file of ours, or the name of the folder that a SavedModel is. */
export function chooseModelExport(
  window: BrowserWindow | null,
  locale: Language,
  suggestedName: string,
  as: ModelExport,
): Promise<string | null> {
  const ours = as === 'model' || as === 'run'
  const type = { name: m.dialog_models({}, { locale }), extensions: [modelExtension] }
  return chooseTarget(window, locale, suggestedName, 'documents', ours ? type : null)
}

/** The same for what Generate, Map and Measure export; frames go to a folder, which is made. */
export function chooseNamedTarget(
  window: BrowserWindow | null,
  locale: Language,
  suggestedName: string,
  kind: TargetKind,
): Promise<string | null> {
  const type = kind === 'frames' ? null : { name: kind.toUpperCase(), extensions: [kind] }
  return chooseTarget(window, locale, suggestedName, 'documents', type)
}

async function chooseTarget(
  window: BrowserWindow | null,
  locale: Language,
  suggestedName: string,
  place: keyof typeof lastFolders,
  type: { name: string; extensions: string[] } | null,
): Promise<string | null> {
  if (!window) return null
  const beside = place === 'pictures' ? imagesFolder : null
  const folder = lastFolders[place] ?? beside ?? app.getPath(place)
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: m.dialog_export({}, { locale }),
    defaultPath: join(folder, safeFileName(suggestedName)),
    ...(type ? { filters: [type] } : {}),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  })
  if (canceled || !filePath) return null
  lastFolders[place] = dirname(filePath)
  return type ? withExtension(filePath, type.extensions[0] ?? '') : filePath
}

/** Asks what becomes of the training that runs when the program is to end. */
export async function askBeforeLeaving(
  window: BrowserWindow | null,
  locale: Language,
  runs: readonly string[],
): Promise<'pause' | 'keep' | 'stay'> {
  const answers = ['pause', 'keep', 'stay'] as const
  const [name = '', ...others] = runs
  const options = {
    type: 'question' as const,
    message:
      others.length === 0
        ? m.leave_one({ name }, { locale })
        : m.leave_several({ count: runs.length }, { locale }),
    detail: m.leave_detail({}, { locale }),
    buttons: [
      m.leave_pause({}, { locale }),
      m.leave_keep({}, { locale }),
      m.leave_cancel({}, { locale }),
    ],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  }
  const visible = window?.isVisible() ? window : null // a dialog of a hidden window would be hidden too
  const { response } = visible
    ? await dialog.showMessageBox(visible, options)
    : await dialog.showMessageBox(options)
  return answers[response] ?? 'stay'
}
