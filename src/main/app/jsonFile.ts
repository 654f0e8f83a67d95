/**
 * One small JSON file of the program's own: read at start, whatever state it is in, and replaced whole.
 * (The engine's atomic writer is for what users made; main may not import it, and needs no journal.)
 */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DarkroomError } from '../../shared/errors'

/** Nothing this program writes into such a file comes near. */
const largest = 1 << 20

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? ''

/**
 * The parsed content, or undefined when there is none. A file that is not JSON is set aside under
 * `NAME.damaged`, where a person may look at it, and never stops the program.
 */
export function readJsonFile(path: string, setAside: (path: string) => void): unknown {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return undefined // there is none yet, or it cannot be read and the next write will say why
  }
  try {
    if (bytes.length > largest) throw new RangeError('larger than it can be')
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw new TypeError('not an object')
  } catch {
    try {
      mkdirSync(dirname(path), { recursive: true })
      renameSync(path, `${path}.damaged`)
      setAside(`${path}.damaged`)
    } catch {
      setAside(path) // it stays where it is; the next write replaces it
    }
    return undefined
  }
}

/**
 * Writes `value` whole or not at all: temporary file in the same folder, every byte, fsync, rename.
 * @throws DarkroomError `disk-full` or `target-unwritable`; the old file is intact then.
 */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.new`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`) // loops over short writes, and throws on a full disk
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(cause))
    const text = `${basename(path)} cannot be written: ${codeOf(cause)}`
    throw new DarkroomError(
      full ? 'disk-full' : 'target-unwritable',
      text,
      { file: path },
      { cause },
    )
  }
}
