/** Which images a case learns from, and which it is tested on. */
import { DarkroomError } from '../../../shared/errors'
import type { MeasureRequest } from '../../../shared/latent'
import type { DataCard } from '../../../shared/training'
import type { ImageSet } from '../data/imageSet'
import { splitIndices } from '../data/split'

type Request = Extract<MeasureRequest, { kind: 'anomaly' }>

/** One label that is singled out, or one folder: bytes [count, height, width, channels]. */
export interface AnomalyTask {
  label: string
  card: DataCard
  normal: Uint8Array
  tested: Uint8Array
  /** 1 for anomalies. */
  truth: Int32Array
  /** Places of what is tested: in the test part; in the whole of one's own folder, or of a set without such a part. */
  indices: Int32Array
}

/** Of data that has no part for the test, so much is kept for it. */
const testShare = 0.2
/** Fewer normal images than these teach nothing. */
const leastNormal = 16

export function pickImages(images: Uint8Array, indices: Int32Array, size: number): Uint8Array {
  const picked = new Uint8Array(indices.length * size)
  indices.forEach((index, i) => {
    picked.set(images.subarray(index * size, (index + 1) * size), i * size)
  })
  return picked
}

/** All images of a set, those of its test part last. */
export function wholeOf({ images, labels, test }: ImageSet): {
  images: Uint8Array
  labels: Uint8Array | null
} {
  if (test.images.length === 0) return { images, labels }
  const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
    const both = new Uint8Array(a.length + b.length)
    both.set(a)
    both.set(b, a.length)
    return both
  }
  return {
    images: joined(images, test.images),
    labels: labels && test.labels ? joined(labels, test.labels) : labels,
  }
}

const sizeOf = ({ width, height, channels }: DataCard): number => width * height * channels
const count = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)

/** @throws DarkroomError `labels-missing`, `labels-single`, `data-sizes-differ`, `data-too-few` */
export function protocolCases(
  request: Request,
  set: ImageSet,
  other: ImageSet | null,
): AnomalyTask[] {
  const { protocol } = request
  if (protocol.kind === 'folders') return [folderCase(set, other ?? set, protocol.normalLabel)]
  const { card } = set
  if (!card.labels || !set.labels) throw missing(card.name)
  const names = card.labels
  const present = names.map((_, label) => label).filter((label) => set.labels?.includes(label))
  if (present.length < 2) throw single(card.name, names[present[0] ?? 0] ?? '')
  const chosen = protocol.label === null ? present : [protocol.label]
  return chosen.map((label) => labelCase(request, set, label, names[label] ?? String(label)))
}

function labelCase({ config, protocol }: Request, set: ImageSet, label: number, name: string) {
  const { card, images } = set
  const size = sizeOf(card)
  const labels = set.labels as Uint8Array
  const isNormal = (of: number): boolean => (of === label) === (protocol.kind === 'one-normal')
  const apart = card.test > 0 ? null : splitIndices(card.images, testShare, config.training.seed)
  const learned = apart ? apart.training : count(card.images)
  const normal = learned.filter((index) => isNormal(labels[index] as number))
  requireSome(card, normal.length)
  const part = apart ? { images, labels } : set.test
  const indices = apart ? apart.validation : count(card.test)
  if (!part.labels) throw missing(card.name)
  const truth = indices.map((index) => (isNormal(part.labels?.[index] as number) ? 0 : 1))
  requireBoth(card.name, name, truth)
  return {
    ...{ label: name, card, truth, indices },
    normal: pickImages(images, normal, size),
    tested: pickImages(part.images, indices, size),
  }
}

function folderCase(set: ImageSet, other: ImageSet, normalLabel: string): AnomalyTask {
  const { card } = set
  const [learned, { images: tested, labels }] = [wholeOf(set), wholeOf(other)]
  if (sizeOf(card) !== sizeOf(other.card)) {
    const [expected, received] = [card, other.card].map((each) => `${each.width} × ${each.height}`)
    const params = { file: other.card.name, expected: expected ?? '', received: received ?? '' }
    throw new DarkroomError('data-sizes-differ', 'Both folders need images of one size', params)
  }
  if (!other.card.labels || !labels) throw missing(other.card.name)
  const normal = other.card.labels.indexOf(normalLabel)
  if (normal < 0) throw missing(other.card.name)
  requireSome(card, card.images + card.test)
  const indices = count(other.card.images + other.card.test)
  const truth = indices.map((index) => (labels[index] === normal ? 0 : 1))
  requireBoth(other.card.name, normalLabel, truth)
  return {
    ...{ label: other.card.name, card, truth, indices },
    normal: learned.images,
    tested,
  }
}

function requireSome({ name }: DataCard, images: number): void {
  if (images >= leastNormal) return
  const params = { file: name, images, least: leastNormal }
  throw new DarkroomError('data-too-few', `${name} has ${images} normal images`, params)
}

function requireBoth(file: string, label: string, truth: Int32Array): void {
  if (truth.includes(0) && truth.includes(1)) return
  throw single(file, label)
}

const missing = (file: string): DarkroomError =>
  new DarkroomError('labels-missing', `${file} has no labels to tell normal images by`, { file })
const single = (file: string, label: string): DarkroomError =>
  new DarkroomError('labels-single', `${file} has images of ${label} only`, { file, label })
