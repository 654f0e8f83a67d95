/** Which files of a folder are to be images, and in what state the folder is. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { FolderSource } from './fitImage'
import { stopIfAborted } from './reading'

export interface FolderFile {
  /** Relative to the folder, with slashes. */
  name: string
  /** The name of the folder that it lies in. */
  label: string
}

export interface FolderListing {
  files: FolderFile[]
  /** SHA-256 of the folder's path, what its images are made to, and every file's name, size and time of change. */
  key: string
}

/** Endings of images, those that cannot be read here too: they are named as skipped instead of passed over. */
const imageName =
  /\.(png|jpe?g|jpe|jfif|webp|avif|tiff?|gif|bmp|hei[cf]|jxl|jp2|jxr|svg|psd|ico|p[bgnp]m|tga|exr|hdr|dng|cr[23w]|nef|arw|orf|raf|rw2|pef|srw)$/i
/** Counts up when images are made from the same files in another way. */
const version = 1
/** Files asked about at a time. */
const atOnce = 64

/**
 * The image files of a folder and of the folders in it, one level deep, hidden ones left out, in the order of their
 * names' code units: the same on every system.
 * @throws DarkroomError 'file-not-found', 'file-unreadable', 'folder-without-images' (`file`), 'cancelled'
 */
export async function listFolder(
  source: FolderSource,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<FolderListing> {
  const root = resolve(source.path)
  const entries = await list(root)
  const files = entries.map((name) => ({ name, label: basename(root) }))
  for (const folder of entries) {
    stopIfAborted(signal)
    if (imageName.test(folder) || !(await isFolder(join(root, folder)))) continue
    const inner = await list(join(root, folder))
    files.push(...inner.map((name) => ({ name: `${folder}/${name}`, label: folder })))
  }
  const images = files.filter(({ name }) => imageName.test(name)).sort(byName)
  if (images.length === 0) {
    const file = basename(root)
    throw new DarkroomError('folder-without-images', `There are no images in ${file}`, { file })
  }
  const { width, height, channels, fit } = source
  const hash = createHash('sha256')
  hash.update(JSON.stringify([version, root, width, height, channels, fit]))
  for (let first = 0; first < images.length; first += atOnce) {
    stopIfAborted(signal)
    const states = images.slice(first, first + atOnce).map(async ({ name }) => {
      const state = await stat(join(root, name)).catch(() => null) // its reader names what is wrong
      return [name, state?.size, state?.mtimeMs]
    })
    hash.update(JSON.stringify(await Promise.all(states)))
  }
  return { files: images, key: hash.digest('hex') }
}

const byName = (a: FolderFile, b: FolderFile): number => (a.name < b.name ? -1 : 1)

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.'))
  } catch (cause) {
    const { code: reason = '' } = cause as NodeJS.ErrnoException
    const missing = reason === 'ENOENT' || reason === 'ENOTDIR'
    const code = missing ? 'file-not-found' : 'file-unreadable'
    const file = basename(folder)
    throw new DarkroomError(code, `The folder ${file} cannot be read`, { file, reason }, { cause })
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false
