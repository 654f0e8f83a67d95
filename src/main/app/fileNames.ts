/** Names of files that are about to be written. */
import { existsSync } from 'node:fs'
import { extname } from 'node:path'

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
