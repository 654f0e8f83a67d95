/** Which files the window may speak of. It sees opaque handles; paths come from a dialog, a drop or the system only. */
import { randomUUID } from 'node:crypto'
import { basename, isAbsolute } from 'node:path'
import type { FileHandle } from '../../shared/contract'
import { DarkroomError } from '../../shared/errors'

/**
 * What a handle is good for. One issued for reading never opens a file for writing, and the other way round. `data` is
 * a source of training data that a configuration names: it may come from a file made elsewhere, so it is good for
 * nothing else. `results` is a folder for the results of a batch.
 */
export type Use = 'open' | 'data' | 'export' | 'results'

/** More than any folder someone drops; the oldest handle goes first. */
const most = 20_000

export class FileHandles {
  readonly #files = new Map<string, { path: string; use: Use }>()
  readonly #handles = new Map<string, string>()

  /**
   * A handle for `path`, which must be absolute. The same path has the same handle for the same use.
   * @throws DarkroomError `request-refused` for anything else, such as a `File` that a page made and no disk holds.
   */
  issue(path: string, use: Use): FileHandle {
    if (!isAbsolute(path) || path.includes('\0')) {
      throw new DarkroomError('request-refused', 'Not the path of a file', { file: basename(path) })
    }
    const key = `${use} ${path}`
    const file = this.#handles.get(key) ?? randomUUID()
    this.#handles.set(key, file)
    this.#files.delete(file) // so that it counts as the newest
    this.#files.set(file, { path, use })
    if (this.#files.size > most) this.#forgetOldest()
    return { file, name: basename(path) }
  }

  #forgetOldest(): void {
    const [oldest] = this.#files
    if (!oldest) return
    const [file, { path, use }] = oldest
    this.#files.delete(file)
    this.#handles.delete(`${use} ${path}`)
  }

  /**
   * The path behind a handle.
   * @param uses what the path may have been issued for; left out where any will do.
   * @throws DarkroomError `request-refused` for a handle that was never issued, or for another use.
   */
  pathOf(file: string, ...uses: Use[]): string {
    const known = this.#files.get(file)
    if (!known || (uses.length > 0 && !uses.includes(known.use))) {
      throw new DarkroomError('request-refused', 'Not a file that was chosen here')
    }
    return known.path
  }
}
