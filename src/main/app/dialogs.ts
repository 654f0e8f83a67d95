/** The system's file dialogs. */
import { dirname, join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import { m } from '../../shared/messages/compiled/messages'
import type { ExportFormat } from '../../shared/types'
import { extensions, safeFileName, withExtension } from './fileNames'
import type { Language } from './language'

const imageExtensions = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff']
/** Where the last export went; the next one is likely to go there too. */
let lastFolder: string | null = null

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
  return canceled ? [] : filePaths
}

/** Asks where to export to; null when the person changed their mind. Replacing a file has been agreed to. */
export async function chooseExport(
  window: BrowserWindow | null,
  locale: Language,
  suggestedName: string,
  format: ExportFormat,
): Promise<string | null> {
  if (!window) return null
  const folder = lastFolder ?? app.getPath('pictures')
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: m.dialog_export({}, { locale }),
    defaultPath: join(folder, safeFileName(suggestedName)),
    filters: [{ name: format.toUpperCase(), extensions: extensions[format] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  })
  if (canceled || !filePath) return null
  lastFolder = dirname(filePath)
  return withExtension(filePath, format)
}
