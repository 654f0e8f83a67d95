/** Data sets of idx files: which files belong together, and reading them. */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { readIdxImages, readIdxLabels, type IdxImages } from './idx'
import { memoryForData } from './memory'
import { requireMemory, type Part, type RawSet, type ReadOptions } from './reading'

export interface IdxFiles {
  images: string
  labels: string | null
  test: { images: string; labels: string | null } | null
}

/**
 * The files of a data set of which one was chosen. Labels that are not given are found beside the images: the same
 * name with 'labels' for 'images' and 'idx1' for 'idx3' or 'idx4'. Images whose name begins with 'train' have their
 * test part beside them, where the name begins with 't10k' or 'test'. Each plain or with '.gz'.
 */
export function idxFilesBeside(images: string, labels: string | null): IdxFiles {
  const [folder, name] = [dirname(images), basename(images)]
  const found = (wanted: string): string | null => {
    const plain = wanted.replace(/\.gz$/, '')
    const names = wanted === plain ? [plain, `${plain}.gz`] : [wanted, plain]
    const path = names.map((each) => join(folder, each)).find((each) => existsSync(each))
    return path === undefined || basename(path) === name ? null : path
  }
  const labelsOf = (imagesName: string): string | null => {
    const wanted = imagesName.replace(/images/i, 'labels').replace(/idx[34]/, 'idx1')
    return wanted === imagesName ? null : found(wanted)
  }
  const testImages = /^train/.test(name)
    ? (found(name.replace(/^train/, 't10k')) ?? found(name.replace(/^train/, 'test')))
    : null
  return {
    images,
    labels: labels ?? labelsOf(name),
    test:
      testImages === null ? null : { images: testImages, labels: labelsOf(basename(testImages)) },
  }
}

/** Every file of a set, the training images first. */
export const filesOf = ({ images, labels, test }: IdxFiles): string[] =>
  [images, labels, test?.images, test?.labels].filter((path): path is string => !!path)

/**
 * Reads the files of a set.
 * @param labelNames of the labels 0, 1, …; null: the labels' numbers
 * @throws DarkroomError as the readers of `idx.ts`; 'data-sizes-differ' where the test images have another size
 */
export async function readIdxSet(
  files: IdxFiles,
  labelNames: readonly string[] | null,
  options: ReadOptions,
): Promise<RawSet> {
  const memoryBytes = options.memoryBytes ?? memoryForData()
  const { signal, onProgress } = options
  const shared = { signal, memoryBytes }
  const images = await readIdxImages(files.images, {
    ...shared,
    onProgress: (share) => onProgress?.(share * (files.test ? 0.85 : 1)),
  })
  const labels = files.labels ? await readIdxLabels(files.labels, images.count, shared) : null
  const test: Part = { images: new Uint8Array(0), labels: null }
  if (files.test) {
    const read = await readIdxImages(files.test.images, {
      ...shared,
      memoryBytes: memoryBytes - images.data.length,
    })
    requireAlike(images, read, files.test.images)
    test.images = read.data
    // labels are of use only where both parts have them
    if (files.test.labels && labels) {
      test.labels = await readIdxLabels(files.test.labels, read.count, shared)
    }
  }
  requireMemory(images.data.length + test.images.length, memoryBytes)
  const { width, height, channels, data } = images
  const names = labels && namesOf(labels, test.labels, labelNames)
  return { width, height, channels, images: data, labels, test, labelNames: names, skipped: [] }
}

function requireAlike(images: IdxImages, test: IdxImages, path: string): void {
  const [expected, received] = [images, test].map(
    ({ width, height, channels }) => `${width} × ${height}${channels === 3 ? ' × 3' : ''}`,
  ) as [string, string]
  if (expected === received) return
  const file = basename(path)
  const message = `${file} has images of ${received} pixels, not of ${expected}`
  throw new DarkroomError('data-sizes-differ', message, { file, expected, received })
}

function namesOf(
  labels: Uint8Array,
  more: Uint8Array | null,
  known: readonly string[] | null,
): string[] {
  const largest = (values: Uint8Array | null): number =>
    values ? values.reduce((most, value) => Math.max(most, value), 0) : 0
  const count = 1 + Math.max(largest(labels), largest(more))
  return Array.from({ length: Math.max(count, known?.length ?? 0) }, (_, i) => known?.[i] ?? `${i}`)
}
