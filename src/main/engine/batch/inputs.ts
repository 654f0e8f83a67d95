/** The files that a batch works on: as named, or found in the folders that are named. */
import { promises } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { rawEndings } from '../codec/sniff'

export interface Input {
  /** As given, or below a folder as given. */
  path: string
  /** Where its result goes below a target folder: the base name, or the path below the named folder. */
  place: string
  /** Why it fails before anything is tried: a folder with nothing in it, or that cannot be read; an earlier result. */
  error?: DarkroomError
}

/** Endings of pictures, also of some that are not read here: those fail by name instead of being passed over. */
const pictures = /\.(jpe?g|jpe|png|webp|avif|tiff?|hei[cf]|jxl|gif|bmp)$/i

/** Whether a file in a folder is taken for a picture, by its name; a file named by itself always is. */
const isPictureName = (name: string): boolean =>
  !name.startsWith('.') && (pictures.test(name) || rawEndings.test(name))

/**
 * Files as they are, folders as the pictures in them and in the folders below, by name. Links to folders are not
 * followed. A file that is named twice, by whatever names, is there once, as it was first.
 * @param except a folder that is left out: where results go, should it lie in an input
 */
export async function expandInputs(paths: readonly string[], except?: string): Promise<Input[]> {
  const inputs = new Map<string, Input>()
  const left = except === undefined ? null : await realPathOf(except)
  for (const path of paths) {
    for await (const input of inputsAt(path, left)) {
      const real = await realPathOf(input.path)
      if (!inputs.has(real)) inputs.set(real, input)
    }
  }
  return [...inputs.values()]
}

async function* inputsAt(path: string, except: string | null): AsyncGenerator<Input> {
  const isFolder = await promises.stat(path).then(
    (state) => state.isDirectory(),
    () => false, // opening it will tell what is wrong with it
  )
  let isEmpty = true
  for await (const input of isFolder ? picturesBelow(path, path, except) : [inputOf(path)]) {
    isEmpty = false
    yield input
  }
  if (!isEmpty) return
  const file = path
  const error = new DarkroomError('folder-without-images', `${file} has no images`, { file })
  yield inputOf(path, path, error)
}

/** @param named the folder that was named, in which the path lies */
function inputOf(path: string, named = path, error?: DarkroomError): Input {
  const place = relative(named, path) || basename(path)
  return { path, place, ...(error && { error }) }
}

async function* picturesBelow(
  folder: string,
  named: string,
  except: string | null,
): AsyncGenerator<Input> {
  const entries = await promises
    .readdir(folder, { withFileTypes: true })
    .catch((cause: unknown) => unreadable(folder, cause))
  if (entries instanceof DarkroomError) {
    yield inputOf(folder, named, entries)
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (except !== (await realPathOf(path))) yield* picturesBelow(path, named, except)
    } else if (isPictureName(entry.name)) yield inputOf(path, named)
  }
}

function unreadable(file: string, cause: unknown): DarkroomError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new DarkroomError('file-unreadable', `${file}: ${reason}`, { file, reason }, { cause })
}

/** A path without links; as it is where there is nothing. */
export const realPathOf = (path: string): Promise<string> =>
  promises.realpath(path).catch(() => resolve(path))
