/**
 * The log file. `electron-log/node` and not `electron-log/main`: the latter opens an IPC channel of its own to every
 * page, and this program has one door only.
 */
import { join } from 'node:path'
import log from 'electron-log/node'

export type Log = (level: 'info' | 'warn' | 'error', text: string) => void

/** Lines that the diagnostics show. */
const kept = 200
const recent: string[] = []

/** Starts the log in `folder`; one megabyte, and the one before it. */
export function openLog(folder: string): Log {
  log.transports.console.level = false
  log.transports.file.level = 'info'
  log.transports.file.resolvePathFn = () => join(folder, 'main.log')
  return (level, text) => {
    recent.push(`${new Date().toISOString()} ${level} ${text}`)
    if (recent.length > kept) recent.shift()
    log[level](text)
  }
}

/** The last lines, oldest first. */
export function recentLog(): readonly string[] {
  return recent
}
