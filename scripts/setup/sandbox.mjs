import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/**
 * @param {string} file
 * @returns {boolean} whether it belongs to root and runs as root
 */
export function isSetuidRoot(file) {
  const status = fs.statSync(file, { throwIfNoEntry: false })
  return status !== undefined && status.uid === 0 && (status.mode & 0o4000) !== 0
}

/** @returns {boolean} whether an ordinary user may make a user namespace, which Chromium's sandbox is built on */
export function hasUserNamespaces() {
  const { status, error } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], {
    stdio: 'ignore',
  })
  return error !== undefined || status === 0 // without the command to try it: assume so, Electron will tell
}
