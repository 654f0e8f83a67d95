/** Which files the window may speak of. It sees opaque handles; paths come from a dialog, a drop or the system only. */
import { randomUUID } from 'node:crypto'
import { basename, isAbsolute } from 'node:path'
import type { FileHandle } from '../../shared/contract'
import { DarkroomError } from '../../shared/errors'

/** Handles issued for reading never open a file for writing, and the other way round. */
type Use = 'open' | 'export'

/** More than any folder someone drops; the oldest handle goes first. */
const most = 20_000

export class FileHandles {
  readonly #files = new Map<string, { path: string; use: Use }>()

  /**
   * A handle for `path`, which must be absolute.
   * @throws DarkroomError `request-refused` for anything else, such as a `File` that a page made and no disk holds.
   */
  issue(path: string, use: Use): FileHandle {
    if (!isAbsolute(path) || path.includes('\0')) {
      throw new DarkroomError('request-refused', 'Not the path of a file', { file: basename(path) })
    }
    const file = randomUUID()
    this.#files.set(file, { path, use })
    if (this.#files.size > most) {
      for (const oldest of this.#files.keys()) {
        this.#files.delete(oldest)
        break
      }
    }
    return { file, name: basename(path) }
  }

  /**
   * The path behind a handle.
   * @param use what the path is for; left out where either will do.
   * @throws DarkroomError `request-refused` for a handle that was never issued, or for another use.
   */
  pathOf(file: string, use?: Use): string {
    const known = this.#files.get(file)
    if (!known || (use && known.use !== use)) {
      throw new DarkroomError('request-refused', 'Not a file that was chosen here')
    }
    return known.path
  }
}
