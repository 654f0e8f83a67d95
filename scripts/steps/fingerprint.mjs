import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * SHA-256 over the names and contents of files: equal exactly when nothing that counts has changed, whatever
 * the clock or a checkout did to the files' times.
 * @param {string} folder the names are relative to it
 * @param {readonly string[]} entries files or folders (taken whole) below `folder`; a missing one counts as absent
 * @param {(relative: string) => boolean} [counts] false for files that do not matter
 * @returns {string} hexadecimal
 */
export function fingerprint(folder, entries, counts = () => true) {
  const hash = crypto.createHash('sha256')
  for (const relative of entries.flatMap((entry) => filesBelow(folder, entry)).sort()) {
    if (!counts(relative)) continue
    const content = fs.readFileSync(path.join(folder, relative))
    hash.update(`${relative}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @param {string} entry
 * @returns {string[]} paths relative to `folder`, with forward slashes
 */
function filesBelow(folder, entry) {
  const status = fs.statSync(path.join(folder, entry), { throwIfNoEntry: false })
  if (!status) return []
  if (!status.isDirectory()) return [entry]
  return fs
    .readdirSync(path.join(folder, entry), { withFileTypes: true })
    .flatMap((child) =>
      child.isDirectory()
        ? filesBelow(folder, `${entry}/${child.name}`)
        : [`${entry}/${child.name}`],
    )
}
