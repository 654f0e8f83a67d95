/** Files that come into the library, and items that leave it. */
import { promises } from 'node:fs'
import { basename, dirname, relative, sep } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/training'
import { writeFileAtomically } from './atomicWriter'
import type { Library } from './library'
import type { LibraryFile } from './libraryFile'
import { encodeLibraryFile, nameOf, readLibraryFile } from './libraryFile'
import { newItem } from './naming'
import { asModel, asMoved } from './transfer'

/**
 * Adds a run, a model or a denoiser that lies anywhere. It trains only when told to.
 * @throws DarkroomError `file-not-found`, `file-unreadable`, `model-not-ours`, `model-damaged`, `model-newer`; nothing
 *   has changed then
 */
export async function importFile(library: Library, path: string): Promise<LibraryItem> {
  const file = await readLibraryFile(path)
  if (file.kind === 'run' && file.newer) {
    const name = basename(path)
    throw new DarkroomError('model-newer', `${name} has a later format`, { file: name })
  }
  const own = cameIn(file)
  return library.add(nameOf(own), newItem(), (free) => encodeLibraryFile(own, free))
}

function cameIn(file: LibraryFile): LibraryFile {
  if (file.kind === 'run') return { ...file, run: asMoved(file.run) }
  const { header, tensors } = file.container
  return { ...file, container: { header: { ...header, created: Date.now() }, tensors } }
}

/**
 * Writes an item to a file: as `model` its best weights, as `run` all that is needed to go on; neither has a path of
 * this machine in it. A denoiser is the same file either way.
 * @throws DarkroomError `item-unknown`, `target-is-source` (a file of the library), `target-unwritable`, `disk-full`
 */
export async function exportFile(
  library: Library,
  item: string,
  path: string,
  as: 'model' | 'run',
): Promise<{ name: string; bytes: number }> {
  const name = basename(path)
  if (await isWithin(path, library.folders.items)) {
    throw new DarkroomError('target-is-source', `${name} is a file of the library`, { file: name })
  }
  const file = await library.readFile(item)
  const out =
    file.kind === 'run'
      ? { ...file, run: as === 'model' ? asModel(file.run) : asMoved(file.run) }
      : file
  const bytes = encodeLibraryFile(out, nameOf(file))
  await writeFileAtomically(path, bytes, { files: library.files })
  return { name, bytes: bytes.length }
}

/** Whether a path, its links followed, leads into a folder. */
async function isWithin(path: string, folder: string): Promise<boolean> {
  const real = await promises
    .realpath(path)
    .catch(async () => promises.realpath(dirname(path)).catch(() => dirname(path)))
  const way = relative(await promises.realpath(folder).catch(() => folder), real)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== real)
}
