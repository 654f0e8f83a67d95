/** Names of files that are about to be written. */
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import type { ExportFormat } from '../../shared/types'

/** What a file of each format may be called, the usual one first. */
export const extensions: Record<ExportFormat, string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
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

/** `path` with the extension where it has none, unless that names a file nobody agreed to replace. */
export function withExtension(
  path: string,
  extension: string,
  exists: (path: string) => boolean = existsSync,
): string {
  const complete = `${path}.${extension}`
  return extname(path) === '' && !exists(complete) ? complete : path
}
