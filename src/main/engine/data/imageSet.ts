/**
 * Data sets in memory. What was opened last is kept, so that looking at a set, forecasting a run on it and starting
 * the run read it once.
 */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { DataCard, DataSource } from '../../../shared/training'
import { filesOf, idxFilesBeside, readIdxSet, type IdxFiles } from './idxSet'
import { listFolder, readFolderSet } from './folder'
import { fashionMnist, fashionMnistFiles, mnist, mnistFiles, type KnownSet } from './mnist'
import { orAborted, stopIfAborted, type Part, type RawSet, type ReadOptions } from './reading'

export interface ImageSet extends Part {
  card: DataCard
  /** Images that are kept for the one test; none where the source has no test part. */
  test: Part
}

export interface OpenOptions extends ReadOptions {
  /** The folder for what was made of image folders; null: nothing is kept there. */
  cache: string | null
}

/** Training takes at least so many images: one to learn from, one to validate on. */
export const leastImages = 2
/** Two sets are kept up to so many bytes together, otherwise the last one alone. */
const keptBytes = 256 * 2 ** 20
const kept = new Map<string, ImageSet>()
const opening = new Map<string, Promise<unknown>>()

/**
 * The images of a source, with their card. Whoever opens a source that is being opened waits for it; the arrays are
 * shared and must not be written to.
 * @throws DarkroomError 'data-missing', 'data-damaged', 'data-sizes-differ', 'data-too-few' (`images`, `least`),
 * 'data-uniform', 'training-too-large', 'file-not-found', 'file-unreadable', 'folder-without-images', 'cancelled'
 */
export async function openImageSet(source: DataSource, options: OpenOptions): Promise<ImageSet> {
  const { key, read } = await planOf(source, options)
  for (let other = opening.get(key); other; other = opening.get(key)) {
    await orAborted(other, options.signal)
  }
  stopIfAborted(options.signal)
  const known = kept.get(key)
  if (known) {
    keep(key, known)
    options.onProgress?.(1)
    return known
  }
  const opened = read().then((raw) => finish(source, raw, options))
  const settled = opened.then(
    () => undefined,
    () => undefined,
  )
  opening.set(key, settled)
  try {
    const set = await opened
    keep(key, set)
    return set
  } finally {
    opening.delete(key)
  }
}

/** Lets go of the sets that are kept. */
export const forgetImageSets = (): void => kept.clear()

interface Plan {
  /** Tells two sources apart, and two states of one. */
  key: string
  read: () => Promise<RawSet>
}

async function planOf(source: DataSource, options: OpenOptions): Promise<Plan> {
  // the last part of the time goes into the hash
  const reading = { ...options, onProgress: (share: number) => options.onProgress?.(share * 0.9) }
  if (source.kind === 'folder') {
    const listing = await listFolder(source, options)
    return { key: listing.key, read: () => readFolderSet(source, listing, reading) }
  }
  const files = idxFilesOf(source)
  const states = await Promise.all(filesOf(files).map(stateOf))
  const read = () => readIdxSet(files, knownSet(source)?.labelNames ?? null, reading)
  return { key: JSON.stringify([source, states]), read }
}

function idxFilesOf(source: Exclude<DataSource, { kind: 'folder' }>): IdxFiles {
  switch (source.kind) {
    case 'mnist':
      return mnistFiles()
    case 'fashion-mnist':
      return fashionMnistFiles()
    case 'idx':
      return idxFilesBeside(source.path, source.labels)
  }
}

function knownSet(source: DataSource): KnownSet | null {
  if (source.kind === 'mnist') return mnist
  return source.kind === 'fashion-mnist' ? fashionMnist : null
}

/** A file's size and time of change; a file that is missing is the reader's to name. */
async function stateOf(path: string): Promise<[string, number, number]> {
  const state = await stat(path).catch(() => null)
  return [path, state?.size ?? 0, state?.mtimeMs ?? 0]
}

async function finish(source: DataSource, raw: RawSet, options: OpenOptions): Promise<ImageSet> {
  const { width, height, channels, images, labels, test } = raw
  const size = width * height * channels
  const file = 'path' in source ? basename(source.path) : source.kind
  const count = images.length / size
  if (count < leastImages) {
    const params = { file, images: count, least: leastImages }
    throw new DarkroomError('data-too-few', `${file} has ${count} usable images`, params)
  }
  if (areUniform(images, size, channels)) {
    throw new DarkroomError('data-uniform', `Every image of ${file} is one colour`, { file })
  }
  const known = knownSet(source)
  const parts = [images, labels, test.images, test.labels]
  const card: DataCard = {
    name: known?.name ?? ('name' in source ? source.name : source.kind),
    kind: source.kind,
    licence: known?.licence ?? null,
    credit: known?.credit ?? null,
    images: count,
    test: test.images.length / size,
    ...{ width, height, channels },
    labels: raw.labelNames,
    hash: await hashOf(parts, options),
    bytes: parts.reduce((sum, part) => sum + (part?.length ?? 0), 0),
    binary: isBinary(images) && isBinary(test.images),
    skipped: raw.skipped,
  }
  return { card, images, labels, test }
}

/** Whether every image has one colour only; the first that shows something ends the search. */
function areUniform(images: Uint8Array, size: number, channels: number): boolean {
  for (let start = 0; start < images.length; start += size) {
    for (let i = start + channels; i < start + size; i++) {
      if (images[i] !== images[i - channels]) return false
    }
  }
  return true
}

function isBinary(images: Uint8Array): boolean {
  for (let i = 0; i < images.length; i++) if (images[i] !== 0 && images[i] !== 255) return false
  return true
}

/** SHA-256 of training images, their labels, test images and theirs, one after the other. */
async function hashOf(
  parts: readonly (Uint8Array | null)[],
  { signal, onProgress }: OpenOptions,
): Promise<string> {
  const hash = createHash('sha256')
  const step = 8 * 2 ** 20
  for (const part of parts) {
    for (let at = 0; part && at < part.length; at += step) {
      stopIfAborted(signal)
      hash.update(part.subarray(at, at + step))
      await setImmediate()
    }
  }
  onProgress?.(1)
  return hash.digest('hex')
}

/** The set as the last one, and the one before it where both are small. */
function keep(key: string, set: ImageSet): void {
  kept.delete(key)
  const last = [...kept].at(-1)
  kept.clear()
  if (last && last[1].card.bytes + set.card.bytes <= keptBytes) kept.set(...last)
  kept.set(key, set)
}
