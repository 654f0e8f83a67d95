/** How well labels can be read from features, with few labels and with many: linear probe and nearest neighbours. */
import { shareOf, meanOf, type Mean } from './statistics'
import { drawLabelled, type LabelledImages, type LabelledSplit } from './labelled'
import { nearestAccuracy } from './nearest'
import { probeAccuracy, tunedProbe, type LabelledRows, type Probe } from './probe'
import { scalingOf, type FeatureTable } from './table'

/** Tables of one representation for the two arrays of images that a split speaks of. */
export interface SplitTables {
  /** Of the array that training and validation images lie in. */
  training: FeatureTable
  /** Of the array that the test images lie in. */
  test: FeatureTable
}

export interface FeatureOptions {
  seed: number
  signal?: AbortSignal | undefined
  onProgress?: ((share: number) => void) | undefined
}

/** What one method comes to with one number of labels. `settings` are the chosen C or k, one a draw. */
export interface LabelCurvePoint {
  labels: number
  accuracy: Mean
  settings: number[]
}

export interface FeatureCurves {
  probe: LabelCurvePoint[]
  nearest: LabelCurvePoint[]
  /** The probe of all labels. */
  probeOfAll: Probe
  /** Whether every fit that was chosen had converged. */
  converged: boolean
}

/** Draws of the labelled images where they are few. */
export const draws = 10
/** Numbers that the features of the labelled images have together at most: 256 MiB. */
const mostValues = 1 << 26

/** How many images may be labelled, for features of that width: all, or as many as memory holds. */
export const labelLimit = (count: number, width: number): number =>
  Math.min(count, Math.floor(mostValues / width))

/** The numbers of labels to measure with: one of each class, 100, 1,000, and all of `count`. */
export const labelCounts = (classes: number, count: number): number[] => [
  ...new Set([classes, ...[100, 1000].filter((each) => each > classes && each < count), count]),
]

const rowsOf = (table: FeatureTable, { labels, indices }: LabelledImages): LabelledRows => ({
  table,
  labels,
  indices,
})

/**
 * Accuracies on the test images with each number of labels in `counts`, which ascend. Fewer than the last are drawn
 * {@link draws} times, balanced over the classes: the mean and the t interval over the draws. The last is one draw:
 * its interval is that of the test images. C and k are chosen by validation images alone, anew for each draw.
 * @throws DarkroomError `cancelled`
 */
export async function featureCurves(
  tables: SplitTables,
  split: LabelledSplit,
  counts: readonly number[],
  { seed, signal, onProgress }: FeatureOptions,
): Promise<FeatureCurves> {
  const { classes, training, validation, test } = split
  const scaling = scalingOf(tables.training, training.indices)
  const judges = rowsOf(tables.training, validation)
  const tested = rowsOf(tables.test, test)
  const tasks = counts.flatMap((labels, i) =>
    Array.from({ length: i === counts.length - 1 ? 1 : draws }, (_, draw) => ({ labels, draw })),
  )
  const found: { labels: number; probe: [number, number]; nearest: [number, number] }[] = []
  let probeOfAll: Probe | null = null
  let converged = true
  // the last task is as much work as all others
  const shareAt = (done: number): number => (done < tasks.length ? (0.5 * done) / tasks.length : 1)
  for (const [i, { labels, draw }] of tasks.entries()) {
    const indices = drawLabelled(training, labels, seed + draw)
    const labelled = rowsOf(tables.training, { ...training, indices })
    const probe = await tunedProbe(labelled, judges, { classes, scaling, signal })
    const accuracy = await probeAccuracy(probe, tested, signal)
    const within = (share: number): void =>
      onProgress?.(shareAt(i) + (shareAt(i + 1) - shareAt(i)) * share)
    within(0.5)
    const nearest = await nearestAccuracy(labelled, judges, tested, {
      signal,
      onProgress: (share) => within(0.5 + 0.5 * share),
    })
    found.push({
      labels,
      probe: [accuracy, probe.c],
      nearest: [nearest.accuracy, nearest.k],
    })
    probeOfAll = probe
    converged &&= probe.converged
  }
  const curve = (method: 'probe' | 'nearest'): LabelCurvePoint[] =>
    counts.map((labels) => {
      const of = found.filter((each) => each.labels === labels).map((each) => each[method])
      const accuracies = of.map(([accuracy]) => accuracy)
      const single = accuracies.length === 1
      return {
        labels,
        accuracy: single
          ? shareOf(accuracies[0] as number, test.indices.length)
          : meanOf(accuracies),
        settings: of.map(([, setting]) => setting),
      }
    })
  return {
    probe: curve('probe'),
    nearest: curve('nearest'),
    probeOfAll: probeOfAll as Probe,
    converged,
  }
}
