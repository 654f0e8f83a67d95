/**
 * 'Features': what a model's code tells of the labels, beside raw pixels, as many principal components and the same
 * encoder untrained; under noise beside another model; and as a classifier's beginning beside a classifier from scratch.
 */
import { DarkroomError } from '../../../shared/errors'
import { partOf, sizeOf, type Space } from '../spaces/spaces'
import type { ImageSet } from '../data/imageSet'
import { featureCurves, labelCounts, labelLimit, type FeatureCurves } from '../evaluate/features'
import { labelledSplit, type LabelledSplit } from '../evaluate/labelled'
import { noisyAccuracies, type NoisyProbe } from '../evaluate/noisyProbe'
import { pretrainingGains, type PretrainingResult } from '../evaluate/pretraining'
import { probeAccuracy, tunedProbe, type LabelledRows } from '../evaluate/probe'
import { reconstructionErrors } from '../evaluate/reconstructionError'
import {
  codesOf,
  featureTable,
  representationNames,
  representationsOf,
  type Representation,
  type RepresentationName,
} from '../evaluate/representations'
import { scalingOf, tableOf, type FeatureTable } from '../evaluate/table'
import { pixelsOf } from '../networks/autoencoder'
import type { WorkContext } from '../work/works'
import { featuresReport } from './featuresReport'
import { sigmas, type MeasuredFeatures } from './measuredFeatures'
import type { Measurer } from './measurer'

/** Numbers of labels of the classifiers. */
const pretrainingLabels = [100, 1000]

interface Work {
  space: Space
  set: ImageSet
  split: LabelledSplit
  context: WorkContext
  seed: number
  /** Numbers of labels, ascending. */
  counts: number[]
}

/**
 * @throws DarkroomError `labels-missing`, `labels-single`, `data-too-few`; `data-sizes-differ` where the other model is
 *   for images of another size; `scores-equal` where the model's codes are all the same; `cancelled`
 */
export const measureFeatures: Measurer<'features'> = async (request, { spaces, context }) => {
  const { seed } = request
  context.report('data', 0)
  const space = await spaces.open(request.item)
  const other = request.against === null ? null : await spaces.open(request.against)
  const set = await space.set()
  if (other) requireSameSize(space, other, set)
  const split = labelledSplit(set, space.run)
  context.report('data', 1)
  const limit = labelLimit(split.training.indices.length, pixelsOf(space.shape))
  const counts = labelCounts(split.classes, limit)
  const work: Work = { space, set, split, context, seed, counts }
  const measured = await measure(work, other)
  const pretraining = request.pretraining ? await pretrain(work) : []
  return { report: featuresReport(request, work, { ...measured, pretraining }) }
}

function requireSameSize(space: Space, other: Space, { card }: ImageSet): void {
  const [received, expected] = [sizeOf(space.shape), sizeOf(other.shape)]
  if (received === expected) return
  const params = { file: card.name, expected, received }
  throw new DarkroomError('data-sizes-differ', `${other.name} is for images of ${expected}`, params)
}

async function measure(
  work: Work,
  other: Space | null,
): Promise<Omit<MeasuredFeatures, 'pretraining'>> {
  const { space, split, context, seed } = work
  const { signal } = context
  const size = pixelsOf(space.shape)
  const tested = { ...split.test, size }
  context.report('encode', 0)
  const representations = await representationsOf(space.autoencoder, split.training, seed, signal)
  try {
    const curves = {} as Record<RepresentationName, FeatureCurves>
    for (const [i, name] of representationNames.entries()) {
      const tables = await tablesOf(work, name, representations[name])
      curves[name] = await featureCurves(tables, split, work.counts, {
        ...{ seed, signal },
        onProgress: (share) => context.report('measure', (i + share) / representationNames.length),
      })
    }
    const compared = other ? await probeOf(work, other) : null
    const noisyOf = async (clipped: boolean): Promise<number[][]> => {
      const probes: NoisyProbe[] = representationNames.map((name) => ({
        representation: representations[name],
        probe: curves[name].probeOfAll,
      }))
      if (compared) probes.push(compared.probe)
      return noisyAccuracies(probes, tested, {
        ...{ sigmas, clipped, seed, signal },
        onProgress: (share) => context.report('judge', (Number(clipped) + share) / 2),
      })
    }
    const [noisy, clipped] = [await noisyOf(false), await noisyOf(true)]
    const byName = (found: number[][]): Record<RepresentationName, number[]> =>
      Object.fromEntries(representationNames.map((name, i) => [name, found[i]])) as Record<
        RepresentationName,
        number[]
      >
    const { pca } = representations
    const reconstruction = await reconstructionErrors(space.autoencoder, pca, tested, signal)
    const against = compared && {
      ...{ name: compared.name, accuracy: compared.accuracy },
      noisy: noisy.at(-1) as number[],
      noisyClipped: clipped.at(-1) as number[],
    }
    const noisyBoth = { noisy: byName(noisy), noisyClipped: byName(clipped) }
    return { curves, ...noisyBoth, against, reconstruction }
  } finally {
    Object.values(representations).forEach((each) => each.close())
  }
}

/** Features of the training and the test images; codes that the space knows are not calculated again. */
async function tablesOf(
  { space, set, split, context }: Work,
  name: RepresentationName,
  representation: Representation,
): Promise<{ training: FeatureTable; test: FeatureTable }> {
  const { signal } = context
  const size = pixelsOf(space.shape)
  const of = async (part: 'training' | 'test'): Promise<FeatureTable> => {
    const onProgress = (share: number): void => context.report('encode', share)
    if (name !== 'codes') {
      return featureTable(representation, partOf(set, part).images, size, { signal, onProgress })
    }
    const { mean } = await space.codes(part, { signal, onProgress })
    return tableOf(mean, representation.width)
  }
  const training = await of('training')
  return { training, test: split.testPart === 'test' ? await of('test') : training }
}

/** Another model's probe of all labels. */
async function probeOf(
  { space, set, split, context, counts, seed }: Work,
  other: Space,
): Promise<{ name: string; accuracy: number; probe: NoisyProbe }> {
  const { classes } = split
  const { signal } = context
  const work = { space: other, set, split, context, counts, seed }
  const representation = codesOf(other.autoencoder)
  // its own data may be another set of the same size: what counts here is the measured model's
  const same = JSON.stringify(other.run.data) === JSON.stringify(space.run.data)
  const tables = await tablesOf(work, same ? 'codes' : 'random', representation)
  const scaling = scalingOf(tables.training, split.training.indices)
  const rows = (part: 'training' | 'validation' | 'test'): LabelledRows => ({
    ...{ table: part === 'test' ? tables.test : tables.training, labels: split[part].labels },
    indices: split[part].indices,
  })
  const labelled = { ...rows('training') }
  labelled.indices = labelled.indices.slice(0, counts.at(-1))
  const probe = await tunedProbe(labelled, rows('validation'), { classes, scaling, signal })
  const accuracy = await probeAccuracy(probe, rows('test'), signal)
  return { name: other.name, accuracy, probe: { representation, probe } }
}

function pretrain({ space, split, context, seed, counts }: Work): Promise<PretrainingResult[]> {
  const most = counts.at(-1) as number
  const labels = pretrainingLabels.filter((each) => each < most)
  return pretrainingGains(space, split, {
    ...{ counts: labels.length > 0 ? labels : [most], seed, signal: context.signal },
    onProgress: (share) => context.report('train', share),
  })
}
