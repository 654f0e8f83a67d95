/** The report of 'Features': what was measured as figures, charts and tables, and how it was measured. */
import type {
  Chart,
  ChartLine,
  Figure,
  MeasureReport,
  MeasureRequest,
  ReportTable,
} from '../../../shared/latent'
import type { ImageSet } from '../data/imageSet'
import { draws, type FeatureCurves, type LabelCurvePoint } from '../evaluate/features'
import type { LabelledSplit } from '../evaluate/labelled'
import { neighbourCounts } from '../evaluate/nearest'
import { searchPlan, type PretrainingResult } from '../evaluate/pretraining'
import { representationNames, type RepresentationName } from '../evaluate/representations'
import type { Mean } from '../evaluate/statistics'
import type { Space } from '../spaces/spaces'
import { sigmas, type MeasuredFeatures } from './measuredFeatures'

type Request = Extract<MeasureRequest, { kind: 'features' }>
type Report = Omit<MeasureReport, 'id' | 'created' | 'seconds'>
interface Around {
  space: Space
  set: ImageSet
  split: LabelledSplit
  counts: number[]
}

/** The level of noise that is a figure of its own. */
const figureSigma = 100
/** The number of labels that is the headline. */
const headlineLabels = 100
const baselines = representationNames.filter((name) => name !== 'codes')
const methods = ['probe', 'nearest'] as const

export function featuresReport(
  request: Request,
  around: Around,
  measured: MeasuredFeatures,
): Report {
  return {
    request,
    model: around.space.name,
    data: around.set.card.name,
    figures: figuresOf(around, measured),
    charts: chartsOf(around, measured),
    tables: tablesOf(measured),
    protocol: protocolOf(request, around, measured),
    sheets: [],
    cases: [],
  }
}

/** A number of labels as part of a name. */
const labelsName = (labels: number, { split, counts }: Around): string =>
  labels === counts.at(-1) ? 'all' : labels === split.classes ? 'one' : String(labels)

function figuresOf(around: Around, measured: MeasuredFeatures): Figure[] {
  const { curves, reconstruction, noisy, against, pretraining } = measured
  const share = (
    name: string,
    value: number,
    others: { name: string; value: number }[],
  ): Figure => ({ name, value, unit: '', better: 'larger', baselines: others })
  const of = (method: (typeof methods)[number], i: number): Figure =>
    share(
      `${method}-${labelsName(around.counts[i] as number, around)}`,
      curves.codes[method][i]?.accuracy.mean as number,
      baselines.map((name) => ({ name, value: curves[name][method][i]?.accuracy.mean as number })),
    )
  const level = sigmas.indexOf(figureSigma)
  const at = (values: number[]): number => values[level] as number
  // the one that says most comes first: lists show it alone
  const headline = Math.max(0, around.counts.indexOf(headlineLabels))
  return [
    of('probe', headline),
    ...around.counts.flatMap((_, i) => (i === headline ? [] : [of('probe', i)])),
    of('nearest', around.counts.length - 1),
    share(`noise-${figureSigma}`, at(noisy.codes), [
      ...(against ? [{ name: `"${against.name}"`, value: at(against.noisy) }] : []),
      ...baselines.map((name) => ({ name, value: at(noisy[name]) })),
    ]),
    ...pretraining.map(({ labels, pretrained, scratch }) =>
      share(`pretraining-${labelsName(labels, around)}`, pretrained.mean, [
        { name: 'scratch', value: scratch.mean },
      ]),
    ),
    {
      name: 'reconstruction',
      value: reconstruction.model,
      unit: '',
      better: 'smaller',
      baselines: [{ name: 'pca', value: reconstruction.pca }],
    },
  ]
}

const intervals = (means: readonly Mean[]): number[] | null =>
  means.some(({ interval }) => interval !== null) ? means.map((each) => each.interval ?? 0) : null

function chartsOf(
  around: Around,
  { curves, noisy, noisyClipped, against, pretraining }: MeasuredFeatures,
): Chart[] {
  const labelChart = (method: (typeof methods)[number]): Chart => ({
    ...{ name: method, xName: 'labels', yName: 'accuracy' },
    ...{ logarithmicX: true, logarithmicY: false },
    lines: representationNames.map((name) =>
      lineOf(
        name,
        curves[name][method].map(({ labels }) => labels),
        curves[name][method].map(({ accuracy }) => accuracy),
      ),
    ),
  })
  const noiseChart = (
    name: string,
    found: Record<RepresentationName, number[]>,
    other: number[] | undefined,
  ): Chart => ({
    ...{ name, xName: 'sigma', yName: 'accuracy' },
    ...{ logarithmicX: false, logarithmicY: false },
    lines: [
      ...representationNames.map((each) => lineOf(each, [...sigmas], found[each].map(certain))),
      ...(against && other ? [lineOf(`"${against.name}"`, [...sigmas], other.map(certain))] : []),
    ],
  })
  return [
    labelChart('probe'),
    labelChart('nearest'),
    noiseChart('noise', noisy, against?.noisy),
    noiseChart('noise-clipped', noisyClipped, against?.noisyClipped),
    ...pretraining.map(({ labels, curves: learning }) => ({
      ...{
        name: `learning-${labelsName(labels, around)}`,
        xName: 'steps',
        yName: 'accuracy-validation',
      },
      ...{ logarithmicX: false, logarithmicY: false },
      lines: (['pretrained', 'scratch'] as const).map((arm) =>
        lineOf(arm, learning[arm].steps, learning[arm].accuracy),
      ),
    })),
  ]
}

const certain = (mean: number): Mean => ({ mean, interval: null })

const lineOf = (name: string, x: number[], y: readonly Mean[]): ChartLine => ({
  name,
  baseline: name !== 'codes' && name !== 'pretrained',
  x,
  y: y.map(({ mean }) => mean),
  interval: intervals(y),
})

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}

function tablesOf({ curves, pretraining }: MeasuredFeatures): ReportTable[] {
  const row = (name: string, { labels, accuracy, settings }: LabelCurvePoint) => [
    ...[name, labels, accuracy.mean, accuracy.interval, settings.length, medianOf(settings)],
  ]
  const ofMethod = (method: (typeof methods)[number]): ReportTable => ({
    name: method,
    columns: [
      ...['features', 'labels', 'accuracy', 'interval', 'draws'],
      method === 'probe' ? 'setting-c' : 'setting-k',
    ],
    rows: representationNames.flatMap((name) =>
      curves[name][method].map((point) => row(name, point)),
    ),
  })
  const gains: ReportTable = {
    name: 'pretraining',
    columns: ['labels', 'pretrained', 'scratch', 'gain', 'interval'],
    rows: pretraining.map(({ labels, pretrained, scratch, gain }) => [
      ...[labels, pretrained.mean, scratch.mean, gain.mean, gain.interval],
    ]),
  }
  const pairs: ReportTable = {
    name: 'pretraining-pairs',
    columns: ['labels', 'pretrained', 'rate', 'steps', 'scratch', 'rate', 'steps'],
    rows: pretraining.flatMap(pairRows),
  }
  return [...methods.map(ofMethod), ...(pretraining.length > 0 ? [gains, pairs] : [])]
}

const pairRows = ({ labels, pairs, chosen }: PretrainingResult): ReportTable['rows'] =>
  pairs.map(({ pretrained, scratch }, i) => {
    const [own, other] = [chosen.pretrained[i], chosen.scratch[i]]
    return [
      ...[labels, pretrained, own?.rate ?? null, own?.steps ?? null],
      ...[scratch, other?.rate ?? null, other?.steps ?? null],
    ]
  })

function protocolOf(
  { seed }: Request,
  { split, space, counts }: Around,
  { curves, against, pretraining }: MeasuredFeatures,
): Report['protocol'] {
  const count = (part: 'training' | 'validation' | 'test'): number => split[part].indices.length
  const all = counts.at(-1) as number
  const images = { training: count('training'), validation: count('validation') }
  const converged = Object.values(curves).every((each: FeatureCurves) => each.converged)
  return [
    { name: `features-${split.testPart}`, values: { ...images, test: count('test') } },
    ...(all < count('training') ? [{ name: 'features-all', values: { labels: all } }] : []),
    { name: 'features-draws', values: { draws, seed } },
    { name: 'features-probe', values: { latent: space.config.latent } },
    ...(converged ? [] : [{ name: 'features-unconverged', values: {} }]),
    { name: 'features-nearest', values: { neighbours: neighbourCounts.join(', ') } },
    { name: 'features-random', values: { seed } },
    { name: 'features-noise', values: {} },
    ...(against ? [{ name: 'features-against', values: { model: against.name } }] : []),
    ...(pretraining.length > 0
      ? [
          {
            name: 'features-pretraining',
            values: {
              seeds: searchPlan.seeds,
              rates: searchPlan.rates.join(', '),
              steps: searchPlan.steps,
              between: searchPlan.between,
              batch: searchPlan.batch,
            },
          },
        ]
      : []),
  ]
}
