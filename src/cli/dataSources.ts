/** `--data`: a set by its name, a folder of images, or idx files, by their folder or by the one with the images. */
import { promises } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { DataSource } from '../shared/training'
import { withPath } from '../main/engine/batch/failures'
import { errorFromData, errorToData, type ErrorData } from '../shared/errors'

type Folder = Extract<DataSource, { kind: 'folder' }>
/** What images of a folder are brought to. */
export type FolderShape = Pick<Folder, 'width' | 'height' | 'channels' | 'fit'>

/** MNIST's, for folders in a configuration that was made for it. */
const digits: FolderShape = { width: 28, height: 28, channels: 1, fit: 'crop' }

export const shapeOf = (source: DataSource): FolderShape => {
  if (source.kind !== 'folder') return digits
  const { width, height, channels, fit } = source
  return { width, height, channels, fit }
}

/**
 * The source that `--data` names. A file that does not exist is the reader's to name.
 * @param shape what a folder's images are brought to
 */
export async function dataSourceOf(text: string, shape: FolderShape): Promise<DataSource> {
  if (text === 'mnist' || text === 'fashion-mnist') return { kind: text }
  const path = resolve(text)
  const name = basename(path)
  const state = await promises.stat(path).catch(() => null)
  if (!state?.isDirectory()) return { kind: 'idx', path, name, labels: null }
  const names = await promises.readdir(path).catch(() => [])
  const images = names.filter((each) => trainingImages.test(each)).sort()[0]
  return images === undefined
    ? { kind: 'folder', path, name, ...shape }
    : { kind: 'idx', path: join(path, images), name, labels: null }
}

/** How MNIST's files, and those of its kin, are called. */
const trainingImages = /^train-images[-.]idx[34]-ubyte(\.gz)?$/

/** Does something with a source; errors about one of its files name it by the path that it has here. */
export async function namingData<T>(source: DataSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw errorFromData(withDataPath(errorToData(error), source))
  }
}

/** The error with the path of the source's file, if it is about one. */
export function withDataPath(error: ErrorData, source: DataSource): ErrorData {
  return 'file' in error.params ? withPath(errorFromData(error), pathsOf(source)) : error
}

/** The paths that errors about a source may mean. */
const pathsOf = (source: DataSource): string[] =>
  'path' in source
    ? [source.path, ...(source.kind === 'idx' && source.labels ? [source.labels] : [])]
    : []
