/** A folder of image files as a data set: decoded once, brought to one size, and kept in a cache. */
import { join } from 'node:path'
import { DarkroomError, errorToData, type ErrorCode } from '../../../shared/errors'
import { decodeImageFile } from '../codec'
import { hashSeed } from '../noise'
import { fitImage, type FolderSource } from './fitImage'
import { readFolderCache, writeFolderCache } from './folderCache'
import type { FolderFile, FolderListing } from './listFolder'
import { memoryForData } from './memory'
import { uniform } from './random'
import { orAborted, requireMemory, stopIfAborted, type RawSet, type ReadOptions } from './reading'

export { listFolder } from './listFolder'

/** With fewer images there is no test part: every one is needed. */
const leastForTest = 20
const testShare = 0.1
/** A label is a byte. */
const mostLabels = 256
/** So many files that could not be used are named: a card is a page, not a log. */
const mostSkipped = 100

const notTheFile = new Set<ErrorCode>(['cancelled', 'internal'])

/**
 * The images of a folder, in the order of the listing. A file that cannot be used is skipped and named. From 20 images
 * on a tenth is the test part: those with the smallest hashes of their names, whatever else lies in the folder.
 * Comes from the cache where nothing has changed; a cache that is damaged, or that cannot be written, only takes time.
 * @param options `cache`: the folder for it; null: none
 * @throws DarkroomError 'training-too-large' before anything is allocated, 'cancelled'
 */
export async function readFolderSet(
  source: FolderSource,
  listing: FolderListing,
  options: ReadOptions & { cache: string | null },
): Promise<RawSet> {
  const { cache, signal, memoryBytes = memoryForData() } = options
  const size = source.width * source.height * source.channels
  requireMemory(Math.ceil(listing.files.length * size * (1 + testShare)), memoryBytes)
  const file = cache === null ? null : join(cache, `${listing.key}.images`)
  const known = file === null ? null : await readFolderCache(file, source, memoryBytes)
  stopIfAborted(signal)
  if (known) return known
  const set = await decodeAll(source, listing.files, options)
  if (file !== null) await writeFolderCache(file, set)
  return set
}

async function decodeAll(
  source: FolderSource,
  files: readonly FolderFile[],
  { signal, onProgress }: ReadOptions,
): Promise<RawSet> {
  const size = source.width * source.height * source.channels
  const images = new Uint8Array(files.length * size)
  const used: FolderFile[] = []
  const skipped: RawSet['skipped'] = []
  for (const [index, file] of files.entries()) {
    stopIfAborted(signal)
    try {
      const path = join(source.path, file.name)
      const decoded = decodeImageFile(path)
      const planes = await orAborted(decoded, signal) // a large photo takes seconds
      images.set(fitImage(planes, source), used.length * size)
      used.push(file)
    } catch (error) {
      // anything else than a bad file must not look like one
      if (!(error instanceof DarkroomError) || notTheFile.has(error.code)) throw error
      if (skipped.length < mostSkipped) skipped.push({ file: file.name, error: errorToData(error) })
    }
    onProgress?.((index + 1) / files.length)
  }
  const { width, height, channels } = source
  return {
    width,
    height,
    channels,
    skipped,
    ...divided(images.subarray(0, used.length * size), used, size),
  }
}

/** Training and test parts. The training images close up in the memory that all of them were in. */
function divided(
  images: Uint8Array,
  files: readonly FolderFile[],
  size: number,
): Pick<RawSet, 'images' | 'labels' | 'test' | 'labelNames'> {
  const names = [...new Set(files.map(({ label }) => label))].sort()
  const labelNames = names.length > 1 && names.length <= mostLabels ? names : null
  const forTest = testNames(files)
  const labelsOf = (part: readonly FolderFile[]): Uint8Array | null =>
    labelNames && Uint8Array.from(part, ({ label }) => labelNames.indexOf(label))
  const test = new Uint8Array(forTest.size * size)
  const kept: FolderFile[] = []
  const held: FolderFile[] = []
  for (const [index, file] of files.entries()) {
    const at = index * size
    if (forTest.has(file.name)) {
      test.set(images.subarray(at, at + size), held.length * size)
      held.push(file)
    } else {
      images.copyWithin(kept.length * size, at, at + size)
      kept.push(file)
    }
  }
  return {
    images: images.subarray(0, kept.length * size),
    labels: labelsOf(kept),
    test: { images: test, labels: labelsOf(held) },
    labelNames,
  }
}

function testNames(files: readonly FolderFile[]): Set<string> {
  if (files.length < leastForTest) return new Set()
  // the hash alone puts names that differ in their last letter side by side
  const order = files.map(({ name }) => ({
    name,
    place: uniform(hashSeed(0, name), 0, 'split', 0),
  }))
  order.sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
  return new Set(order.slice(0, Math.round(files.length * testShare)).map(({ name }) => name))
}
