/**
 * 'Anomaly': a recipe is trained on normal images only, and what it cannot draw again, or codes far from the others, is
 * called anomalous. One fixed score, log reconstruction error plus the log of the code's mean distance to the five nearest
 * codes that were learned from (whitened), each standardised by normal images that training kept aside; principal
 * components and nearest neighbours beside it.
 */
import { DarkroomError } from '../../../shared/errors'
import type { AnomalyCase, MeasureReport, MeasureRequest } from '../../../shared/latent'
import { openImageSet } from '../data/imageSet'
import { splitIndices } from '../data/split'
import { codeCloud, nearestDistances, principalErrors, whitened } from '../evaluate/outliers'
import { auroc, averagePrecision, quantile } from '../evaluate/ranking'
import { valuesOf } from '../data/values'
import { openAutoencoder, type Autoencoder } from '../models/openAutoencoder'
import type { WorkContext } from '../work/works'
import { pickImages, protocolCases, type AnomalyTask } from './anomalyData'
import { trainOn } from './anomalyTraining'
import { caseTensors } from './caseModels'
import type { Measurer, ReportTensors } from './measurer'

type Request = Extract<MeasureRequest, { kind: 'anomaly' }>

const components = 20
const neighbours = 5
/** The share of normal images that the report's threshold lets pass. */
const passing = 0.95
const imagesAtOnce = 512
/** Of a logarithm: where normal images hardly differ, a difference of a few per cent is none. */
const leastDeviation = 0.05

/**
 * @throws DarkroomError `labels-missing`, `labels-single`, `data-sizes-differ`, `data-too-few`, `scores-equal`,
 *   `training-diverged`, what training refuses, `cancelled`
 */
export const measureAnomaly: Measurer<'anomaly'> = async (request, { context, cache = null }) => {
  const { config, protocol } = request
  context.report('data', 0)
  const options = { cache, signal: context.signal }
  const set = await openImageSet(config.data, options)
  const other = protocol.kind === 'folders' ? await openImageSet(protocol.test, options) : null
  const tasks = protocolCases(request, set, other)
  context.report('data', 1)
  const tensors: ReportTensors = new Map()
  const cases: AnomalyCase[] = []
  for (const task of tasks) {
    const found = await oneCase(request, task, context)
    const { scores, truth, indices } = found
    const kept = caseTensors(cases.length, { scores, truth, indices }, found.weights)
    kept.forEach((tensor, name) => tensors.set(name, tensor))
    cases.push(found.summary)
  }
  return { report: reportOf(request, set.card.name, tasks, cases), tensors }
}

async function oneCase({ config }: Request, task: AnomalyTask, context: WorkContext) {
  const { label, normal, tested, truth, indices, card } = task
  const detail = (phase: 'train' | 'encode' | 'judge') => (share: number) =>
    context.report(phase, share, label)
  const { weights, model } = await trainOn(config, normal, card, {
    signal: context.signal,
    onProgress: detail('train'),
  })
  const size = card.width * card.height * card.channels
  const split = splitIndices(normal.length / size, config.validation, config.training.seed)
  const learned = pickImages(normal, split.training, size)
  const aside = split.validation.length > 1 ? pickImages(normal, split.validation, size) : learned
  const autoencoder = openAutoencoder({ config: model, shape: card, weights })
  try {
    const measure = (images: Uint8Array): Promise<Seen> => seen(autoencoder, images, size, context)
    const { codes: known } = await measure(learned)
    const cloud = codeCloud(known, model.latent)
    const among = {
      normal: whitened(cloud, known),
      size: model.latent,
      pace: { breathe: context.breathe },
    }
    const parts = async (images: Uint8Array) => {
      const { errors, codes } = await measure(images)
      const rows = { ...among, tested: whitened(cloud, codes) }
      const distances = await nearestDistances(rows, neighbours)
      const latent = Float64Array.from(distances, (each) => Math.log(Math.max(each, 1e-6)))
      return { errors: errors.map(Math.log), latent }
    }
    detail('encode')(0.5)
    const [quiet, found] = [await parts(aside), await parts(tested)]
    const [byError, byCode] = [scaleOf(quiet.errors), scaleOf(quiet.latent)]
    const both = ({ errors, latent }: { errors: Float64Array; latent: Float64Array }) =>
      Float32Array.from(errors, (value, i) => byError(value) + byCode(latent[i] as number))
    const scores = both(found)
    if (scores.every((score) => score === scores[0])) {
      throw new DarkroomError('scores-equal', `All images of ${label} score the same`)
    }
    detail('judge')(0)
    const pixels = {
      normal: learned,
      tested,
      size,
      signal: context.signal,
      pace: { breathe: context.breathe },
    }
    const all: Record<string, ArrayLike<number>> = {
      combined: scores,
      reconstruction: found.errors,
      latent: found.latent,
      pca: await principalErrors(pixels, components),
      knn: await nearestDistances(
        { ...pixels, normal: valuesOf(learned), tested: valuesOf(tested) },
        neighbours,
      ),
    }
    const by = (judge: typeof auroc): Record<string, number> =>
      Object.fromEntries(Object.entries(all).map(([name, each]) => [name, judge(each, truth)]))
    const threshold = quantile(both(quiet), passing)
    const summary = { label, auroc: by(auroc), averagePrecision: by(averagePrecision), threshold }
    return { summary, scores, truth, indices, weights }
  } finally {
    autoencoder.close()
  }
}

interface Seen {
  /** ‖x − x'‖² of each image. */
  errors: Float64Array
  codes: Float32Array
}

async function seen(
  autoencoder: Autoencoder,
  images: Uint8Array,
  size: number,
  context: WorkContext,
): Promise<Seen> {
  const { latent } = autoencoder.config
  const count = images.length / size
  const found = { errors: new Float64Array(count), codes: new Float32Array(count * latent) }
  for (let at = 0; at < count; at += imagesAtOnce) {
    const values = valuesOf(images.subarray(at * size, (at + imagesAtOnce) * size))
    const { mean } = autoencoder.encode(values)
    const made = autoencoder.decode(mean)
    found.codes.set(mean, at * latent)
    for (let i = 0; i < values.length; i++) {
      const image = at + Math.floor(i / size)
      const apart = (values[i] as number) - (made[i] as number)
      found.errors[image] = (found.errors[image] as number) + apart * apart
    }
    await context.breathe()
  }
  found.errors.forEach((error, i) => (found.errors[i] = Math.max(error, 1e-12)))
  return found
}

/** Values with the mean 0 and the deviation 1 that they have over the given ones. */
function scaleOf(values: Float64Array): (value: number) => number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return (value) => (value - mean) / Math.max(Math.sqrt(square), leastDeviation)
}

function reportOf(
  request: Request,
  data: string,
  tasks: readonly AnomalyTask[],
  cases: AnomalyCase[],
): Omit<MeasureReport, 'id' | 'created' | 'seconds'> {
  const { config, protocol, recipe } = request
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const least = (values: number[]): number => Math.min(...values)
  const figure = (name: string, of: 'auroc' | 'averagePrecision', over: typeof mean) => {
    const value = (score: string): number => over(cases.map((each) => each[of][score] as number))
    const baselines = ['pca', 'knn'].map((each) => ({ name: each, value: value(each) }))
    return { ...{ name, value: value('combined'), unit: '', better: 'larger' as const }, baselines }
  }
  const scoreNames = Object.keys(cases[0]?.auroc ?? {})
  const several = cases.length > 1
  const validation = Math.round(config.validation * 100)
  return {
    request,
    model: recipe ?? config.model.kind,
    data,
    figures: [
      figure(several ? 'auroc-mean' : 'auroc', 'auroc', mean),
      ...(several ? [figure('auroc-least', 'auroc', least)] : []),
      figure('average-precision', 'averagePrecision', mean),
    ],
    charts: [],
    tables: several
      ? [
          {
            name: 'auroc-of-each',
            columns: ['case', ...scoreNames],
            rows: cases.map(({ label, auroc: found }) => [
              `"${label}"`,
              ...scoreNames.map((name) => found[name] as number),
            ]),
          },
        ]
      : [],
    protocol: [
      {
        name: `anomaly-${protocol.kind}`,
        values: { label: cases[0]?.label ?? '', cases: cases.length },
      },
      { name: 'anomaly-normal-only', values: { validation } },
      { name: 'anomaly-score', values: {} },
      { name: 'anomaly-threshold', values: { share: Math.round(passing * 100) } },
      { name: 'anomaly-baselines', values: { components, neighbours } },
      { name: 'anomaly-test', values: { images: tasks[0]?.truth.length ?? 0 } },
    ],
    sheets: [],
    cases,
  }
}
