/** The files that a batch works on: as named, or found in the folders that are named. */
import { promises } from 'node:fs'
import { basename, extname, join, relative, resolve } from 'node:path'
import { DarkroomError } from '../../../shared/errors'

export interface Input {
  /** As given, or below a folder as given. */
  path: string
  /** Where its result goes below a target folder: the base name, or the path below the named folder. */
  place: string
  /** The input is a folder with nothing in it. */
  error?: DarkroomError
}

const extensions = new Set(['.jpg', '.jpeg', '.jpe', '.png', '.webp', '.avif', '.tif', '.tiff'])

/** Whether a file in a folder is taken for an image, by its name; a file named by itself always is. */
const isImageName = (name: string): boolean =>
  extensions.has(extname(name).toLowerCase()) && !name.startsWith('.')

/**
 * Files as they are, folders as the images in them and in the folders below, by name. Links to folders are not followed.
 * @param except a folder that is left out: where results go, should it lie in an input
 */
export async function expandInputs(paths: readonly string[], except?: string): Promise<Input[]> {
  const inputs: Input[] = []
  for (const path of paths) {
    const isFolder = await promises.stat(path).then(
      (state) => state.isDirectory(),
      () => false, // opening it will tell what is wrong with it
    )
    if (!isFolder) {
      inputs.push({ path, place: basename(path) })
      continue
    }
    const found = await imagesBelow(path, except && resolve(except))
    inputs.push(...found.map((file) => ({ path: file, place: relative(path, file) })))
    if (found.length > 0) continue
    const error = new DarkroomError('folder-without-images', `${path} has no images`, {
      file: path,
    })
    inputs.push({ path, place: basename(path), error })
  }
  return inputs
}

async function imagesBelow(folder: string, except: string | undefined): Promise<string[]> {
  const entries = await promises
    .readdir(folder, { withFileTypes: true })
    .catch((cause: unknown) => {
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
      throw new DarkroomError(
        'file-unreadable',
        `${folder}: ${reason}`,
        { file: folder, reason },
        { cause },
      )
    })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (resolve(path) !== except) found.push(...(await imagesBelow(path, except)))
    } else if (isImageName(entry.name)) found.push(path)
  }
  return found
}
