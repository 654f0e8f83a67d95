/**
 * What an encoder that was trained without labels is worth as a beginning: a classifier that starts from it against the
 * same network from scratch (Erhan et al. 2010), with few labels. Both see the same labelled images in the same order,
 * start from the same last layer, and have their rate and number of steps chosen by the same search on validation images.
 */
import { epochOrder } from '../data/split'
import type { TrainedAutoencoder } from '../models/openAutoencoder'
import { pixelsOf } from '../networks/autoencoder'
import type { State } from '../runtime/program'
import { buildClassifier, type Classifier } from './classifier'
import { drawLabelled, oneHot, type LabelledImages, type LabelledSplit } from './labelled'
import { pausing } from './measuring'
import { accuracyOf } from './probe'
import { meanOf, type Mean } from './statistics'
import { valuesAt } from '../data/values'

export interface PretrainingOptions {
  /** Numbers of labels. */
  counts: readonly number[]
  seed: number
  signal?: AbortSignal | undefined
  onProgress?: ((share: number) => void) | undefined
  plan?: Partial<SearchPlan>
}

/** The search that both beginnings get. */
export interface SearchPlan {
  seeds: number
  rates: readonly number[]
  /** Steps at most, and between two looks at the validation images. */
  steps: number
  between: number
  batch: number
  /** Validation images that decide, at most. */
  judged: number
}

export const searchPlan: SearchPlan = {
  seeds: 5,
  rates: [3e-4, 1e-3, 3e-3, 1e-2],
  steps: 360,
  between: 30,
  batch: 50,
  judged: 2000,
}

/** A beginning's accuracy on validation images after each look, averaged over the seeds, with each seed's chosen rate. */
export interface LearningCurve {
  steps: number[]
  accuracy: Mean[]
}

export interface PretrainingResult {
  labels: number
  pretrained: Mean
  scratch: Mean
  /** Pre-trained minus from scratch, paired by seed. */
  gain: Mean
  /** Each seed's accuracies on the test images. */
  pairs: { pretrained: number; scratch: number }[]
  chosen: { pretrained: Choice[]; scratch: Choice[] }
  curves: { pretrained: LearningCurve; scratch: LearningCurve }
}

export interface Choice {
  rate: number
  steps: number
}

/**
 * Measures with each number of labels.
 * @throws DarkroomError `cancelled`
 */
export async function pretrainingGains(
  { config, shape, weights }: TrainedAutoencoder,
  split: LabelledSplit,
  { counts, seed, signal, onProgress, plan: changes }: PretrainingOptions,
): Promise<PretrainingResult[]> {
  const plan = { ...searchPlan, ...changes }
  const size = pixelsOf(shape)
  const judges = {
    ...split.validation,
    indices: epochOrder(split.validation.indices, seed, 0).slice(0, plan.judged),
  }
  const batch = Math.min(plan.batch, ...counts)
  const classifier = buildClassifier(config, shape, split.classes, batch)
  const pause = pausing(signal)
  const results: PretrainingResult[] = []
  const all = counts.length * plan.seeds * 2 * plan.rates.length
  let done = 0
  const surroundings = { classifier, size, plan: { ...plan, batch }, judges, pause }
  try {
    for (const labels of counts) {
      const found: Record<'pretrained' | 'scratch', Searched[]> = { pretrained: [], scratch: [] }
      for (let draw = 0; draw < plan.seeds; draw++) {
        const indices = drawLabelled(split.training, labels, seed + draw)
        const labelled = { ...split.training, indices }
        for (const arm of ['pretrained', 'scratch'] as const) {
          const task = {
            labelled,
            classes: split.classes,
            seed: seed + draw,
            encoder: arm === 'pretrained' ? weights : null,
          }
          const searched = await search(surroundings, task, () => onProgress?.(++done / all))
          const accuracy = await accuracyOn(surroundings, split.test)
          found[arm].push({ ...searched, accuracy })
        }
      }
      results.push(resultOf(labels, found, plan.between))
    }
  } finally {
    classifier.close()
  }
  return results
}

interface Surroundings {
  classifier: Classifier
  size: number
  plan: SearchPlan
  judges: LabelledImages
  pause: () => Promise<void>
}

interface Task {
  labelled: LabelledImages
  classes: number
  seed: number
  encoder: State | null
}

interface Searched extends Choice {
  /** On the validation images after each look, with the chosen rate. */
  curve: number[]
  /** Of the chosen weights on the test images. */
  accuracy: number
}

/** Tries each rate; the classifier is left with the weights of the best look of all. */
async function search(
  surroundings: Surroundings,
  task: Task,
  tried: () => void,
): Promise<Omit<Searched, 'accuracy'>> {
  const { classifier, plan } = surroundings
  let best = { rate: 0, steps: 0, accuracy: -1, curve: [] as number[], weights: new Map() as State }
  for (const rate of plan.rates) {
    const curve: number[] = []
    classifier.start(task.seed, task.encoder)
    for (let steps = 0; steps <= plan.steps; steps += plan.between) {
      if (steps > 0) await train(surroundings, task, rate, steps - plan.between, steps)
      const accuracy = await accuracyOn(surroundings, surroundings.judges)
      curve.push(accuracy)
      if (accuracy > best.accuracy) {
        best = { rate, steps, accuracy, curve, weights: classifier.read() }
      }
    }
    tried()
  }
  classifier.assign(best.weights)
  const { rate, steps, curve } = best
  return { rate, steps, curve }
}

/** Steps `from` + 1 to `to`; each epoch takes the labelled images in an order of its own. */
async function train(
  { classifier, size, plan, pause }: Surroundings,
  { labelled, classes, seed }: Task,
  rate: number,
  from: number,
  to: number,
): Promise<void> {
  const { images, labels, indices } = labelled
  const perEpoch = Math.max(1, Math.floor(indices.length / plan.batch))
  for (let step = from; step < to; step++) {
    const order = epochOrder(indices, seed, Math.floor(step / perEpoch))
    const first = (step % perEpoch) * plan.batch
    const places = order.subarray(first, first + plan.batch)
    classifier.step(valuesAt(images, size, places), oneHot(labels, places, classes), step + 1, rate)
    await pause()
  }
}

const imagesAtOnce = 256

async function accuracyOn(
  { classifier, size, pause }: Surroundings,
  { images, labels, indices }: LabelledImages,
): Promise<number> {
  let right = 0
  for (let at = 0; at < indices.length; at += imagesAtOnce) {
    const places = indices.subarray(at, at + imagesAtOnce)
    const found = classifier.classify(valuesAt(images, size, places))
    const truth = Uint8Array.from(places, (place) => labels[place] as number)
    right += accuracyOf(found, truth) * places.length
    await pause()
  }
  return Math.round(right) / indices.length
}

function resultOf(
  labels: number,
  found: Record<'pretrained' | 'scratch', Searched[]>,
  between: number,
): PretrainingResult {
  const pairs = found.pretrained.map(({ accuracy }, i) => ({
    pretrained: accuracy,
    scratch: found.scratch[i]?.accuracy as number,
  }))
  return {
    labels,
    pretrained: meanOf(pairs.map(({ pretrained }) => pretrained)),
    scratch: meanOf(pairs.map(({ scratch }) => scratch)),
    gain: meanOf(pairs.map(({ pretrained, scratch }) => pretrained - scratch)),
    pairs,
    chosen: { pretrained: found.pretrained.map(choiceOf), scratch: found.scratch.map(choiceOf) },
    curves: {
      pretrained: curveOf(found.pretrained, between),
      scratch: curveOf(found.scratch, between),
    },
  }
}

const choiceOf = ({ rate, steps }: Searched): Choice => ({ rate, steps })

function curveOf(searched: readonly Searched[], between: number): LearningCurve {
  const looks = searched[0]?.curve.length ?? 0
  return {
    steps: Array.from({ length: looks }, (_, look) => look * between),
    accuracy: Array.from({ length: looks }, (_, look) =>
      meanOf(searched.map(({ curve }) => curve[look] as number)),
    ),
  }
}
