/**
 * The k nearest neighbours' vote (Cover and Hart 1967): the label that most of the k labelled rows with the smallest
 * Euclidean distance have; of labels with equally many votes the one whose nearest comes first. k is chosen by the
 * accuracy on validation rows. Features are taken as they are.
 */
import { setImmediate } from 'node:timers/promises'
import { tf, type Tensor } from '../runtime/tensorflow'
import { stopIfCancelled } from './measuring'
import { accuracyOf, type LabelledRows } from './probe'
import { partsOf } from './table'

/** The numbers of neighbours that are tried. */
export const neighbourCounts = [1, 3, 5, 9, 15] as const
/** Distances of one native call. */
const callDistances = 1 << 23
/** Multiplications of one native call, some tenths of a second. */
const callMultiplications = 5e9

export interface NearestResult {
  /** The chosen number of neighbours. */
  k: number
  accuracy: number
}

export interface NearestOptions {
  signal?: AbortSignal | undefined
  /** Receives 0–1. */
  onProgress?: ((share: number) => void) | undefined
}

/** The label that most have, the nearest first; of equals the one that is met first. */
export function vote(labels: ArrayLike<number>, k: number): number {
  const votes = new Map<number, number>()
  for (let i = 0; i < Math.min(k, labels.length); i++) {
    votes.set(labels[i] as number, (votes.get(labels[i] as number) ?? 0) + 1)
  }
  let best = -1
  let most = 0
  for (const [label, count] of votes) {
    if (count > most) {
      best = label
      most = count
    }
  }
  return best
}

/**
 * How often the vote of the labelled rows is right on the test rows, with the k of the highest accuracy on the
 * validation rows (the smaller of equals).
 * @throws DarkroomError `cancelled`
 */
export async function nearestAccuracy(
  labelled: LabelledRows,
  validation: LabelledRows,
  test: LabelledRows,
  { signal, onProgress }: NearestOptions = {},
): Promise<NearestResult> {
  const all = validation.indices.length + test.indices.length
  const neighbours = openNeighbours(labelled)
  const labelsFor = (rows: LabelledRows, before: number): Promise<Uint8Array[]> =>
    neighbours.of(rows, async (done) => {
      onProgress?.((before + done) / all)
      await setImmediate()
      stopIfCancelled(signal)
    })
  try {
    const judged = await labelsFor(validation, 0)
    let best = { k: 1, accuracy: -1 }
    for (const k of neighbourCounts) {
      const accuracy = accuracyFor(judged, validation, k)
      if (accuracy > best.accuracy) best = { k, accuracy }
    }
    const tested = await labelsFor(test, validation.indices.length)
    return { k: best.k, accuracy: accuracyFor(tested, test, best.k) }
  } finally {
    neighbours.close()
  }
}

const accuracyFor = (
  neighbours: readonly Uint8Array[],
  { labels, indices }: LabelledRows,
  k: number,
): number =>
  accuracyOf(
    neighbours.map((each) => vote(each, k)),
    Uint8Array.from(indices, (index) => labels[index] as number),
  )

interface Neighbours {
  /** The labels of each row's nearest, the nearest first. */
  of(rows: LabelledRows, breathe: (done: number) => Promise<void>): Promise<Uint8Array[]>
  close(): void
}

function openNeighbours({ table, labels, indices }: LabelledRows): Neighbours {
  const { width } = table
  const parts = [...partsOf(indices, width)].map((places) =>
    tf.tensor2d(table.rows(places), [places.length, width]),
  )
  const known = parts.length === 1 ? (parts[0] as Tensor) : tf.concat(parts)
  if (parts.length > 1) tf.dispose(parts)
  // ‖q − x‖² = ‖q‖² − 2 q·x + ‖x‖², and ‖q‖² is the same for all x
  const halfNorms = tf.tidy(() => tf.mul(tf.sum(tf.square(known), 1), 0.5))
  const count = indices.length
  const most = Math.min(Math.max(...neighbourCounts), count)
  const perCall = Math.min(callDistances / count, callMultiplications / (count * width))
  const together = Math.max(1, Math.min(4096, Math.floor(perCall)))
  return {
    async of(rows, breathe) {
      const found: Uint8Array[] = []
      for (let at = 0; at < rows.indices.length; at += together) {
        const places = rows.indices.subarray(at, at + together)
        const nearest = tf.tidy(() => {
          const queries = tf.tensor2d(rows.table.rows(places), [places.length, width])
          const closeness = tf.sub(tf.matMul(queries, known, false, true), halfNorms)
          return tf.topk(closeness, most).indices
        })
        const values = nearest.dataSync()
        nearest.dispose()
        for (let i = 0; i < places.length; i++) {
          const some = values.subarray(i * most, (i + 1) * most)
          found.push(Uint8Array.from(some, (place) => labels[indices[place] as number] as number))
        }
        await breathe(at + places.length)
      }
      return found
    },
    close: () => tf.dispose([known, halfNorms]),
  }
}
