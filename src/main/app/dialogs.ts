/** The system's file dialogs. */
import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import { m } from '../../shared/messages/compiled/messages'
import type { ExportFormat } from '../../shared/types'
import type { Language } from './language'

const imageExtensions = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff']
const extensions: Record<ExportFormat, string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
}

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

/** The last part of a name that came from the page: no folders, nothing a file system chokes on. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).pop() ?? ''
  return (
    last
      .replace(/[\p{Cc}<>:"|?*]/gu, '')
      .replace(/^\.+/, '')
      .slice(0, 200) || 'image'
  )
}

/** `path` with the format's extension where it has none, unless that names a file nobody agreed to replace. */
export function withExtension(
  path: string,
  format: ExportFormat,
  exists: (path: string) => boolean = existsSync,
): string {
  const complete = `${path}.${extensions[format][0] ?? format}`
  return extname(path) === '' && !exists(complete) ? complete : path
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
