/** Labelled images for classifiers: which are learned from, which decide settings, which are kept for the one test. */
import { DarkroomError } from '../../../shared/errors'
import type { RunConfig } from '../../../shared/training'
import type { ImageSet } from '../data/imageSet'
import { epochOrder, splitIndices } from '../data/split'

/** Some of a set's images, by their places. */
export interface LabelledImages {
  images: Uint8Array
  labels: Uint8Array
  indices: Int32Array
}

export interface LabelledSplit {
  /** How many labels the set has; labels are 0 … classes − 1. */
  classes: number
  /** What classifiers learn from. */
  training: LabelledImages
  /** What their settings are chosen by. */
  validation: LabelledImages
  /** What they are measured on, once. */
  test: LabelledImages
  /** The set's test part, or the validation images of the model's run where the set has none. */
  testPart: 'test' | 'validation'
}

/** Share of the images for validation where the run held none out. */
const fallbackShare = 0.1

/**
 * Divides a set. With a test part: that is the test, and the model's own validation images decide settings, so that
 * the encoder has learned from the training images only. Without one the model's validation images are the test, and a
 * tenth of its training images decide.
 * @throws DarkroomError `labels-missing`; `labels-single` where all images have one label; `data-too-few` where there
 *   are fewer images to learn from than labels
 */
export function labelledSplit(
  { card, images, labels, test }: ImageSet,
  run: Pick<RunConfig, 'validation' | 'training'>,
): LabelledSplit {
  const file = card.name
  const tested = card.test > 0 && test.labels !== null
  if (!labels || !card.labels)
    throw new DarkroomError('labels-missing', `${file}: no labels`, { file })
  requireTwo(labels, card.labels, file)
  const { seed } = run.training
  const held = splitIndices(card.images, run.validation || fallbackShare, seed)
  const rest = held.training.length
  const inner = tested ? held : splitIndices(rest, fallbackShare, seed)
  const of = (places: Int32Array): LabelledImages => ({ images, labels, indices: places })
  const fromRest = (places: Int32Array): LabelledImages =>
    of(tested ? places : places.map((place) => held.training[place] as number))
  const training = fromRest(inner.training)
  const classes = card.labels.length
  if (training.indices.length < classes) {
    const params = { file, images: training.indices.length, least: classes }
    throw new DarkroomError('data-too-few', `${file}: fewer images than labels`, params)
  }
  return {
    classes,
    training,
    validation: fromRest(inner.validation),
    test: tested
      ? { images: test.images, labels: test.labels as Uint8Array, indices: range(card.test) }
      : of(held.validation),
    testPart: tested ? 'test' : 'validation',
  }
}

const range = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

function requireTwo(labels: Uint8Array, names: readonly string[], file: string): void {
  const first = labels[0] as number
  if (labels.some((label) => label !== first)) return
  const label = names[first] ?? String(first)
  throw new DarkroomError('labels-single', `${file}: only ${label}`, { file, label })
}

/**
 * `count` of the images, as many of each label as of any other while they last, drawn by `seed` alone: with as many as
 * there are labels, one of each. Ascending.
 */
export function drawLabelled(
  { labels, indices }: LabelledImages,
  count: number,
  seed: number,
): Int32Array {
  const byLabel = new Map<number, number[]>()
  for (const index of epochOrder(indices, seed, 0)) {
    const label = labels[index] as number
    const list = byLabel.get(label) ?? []
    byLabel.set(label, list)
    list.push(index)
  }
  const drawn: number[] = []
  const lists = [...byLabel.values()] // in the order of the shuffle, so that no label is favoured where it cannot be even
  for (let round = 0; drawn.length < Math.min(count, indices.length); round++) {
    for (const list of lists) {
      const index = list[round]
      if (index !== undefined && drawn.length < count) drawn.push(index)
    }
  }
  return Int32Array.from(drawn).sort()
}

/** The labels of some images as rows of zeros with one 1, [n, classes]. */
export function oneHot(labels: Uint8Array, indices: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(indices.length * classes)
  indices.forEach((index, i) => (rows[i * classes + (labels[index] as number)] = 1))
  return rows
}
