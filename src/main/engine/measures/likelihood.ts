/**
 * 'Likelihood': what a variational model costs an image in nats, the parts of it, and where its information lies. On
 * binarised images that is the negative ELBO, with the importance-weighted estimate beside it; on grey ones there is no
 * likelihood, only the sum of cross-entropy and KL. Beside them stands what independent pixels cost.
 */
import { DarkroomError } from '../../../shared/errors'
import type { Chart, Figure, MeasureReport } from '../../../shared/latent'
import { splitIndices } from '../data/split'
import { evaluateModel, type EvaluatedModel } from '../evaluate/evaluation'
import { heldOutOf } from '../evaluate/heldOut'
import { independentPixels } from '../evaluate/independentPixels'
import { binarisedOnce } from '../evaluate/values'
import { encodeBytes } from '../latent/encoding'
import { pixelsOf } from '../networks/autoencoder'
import type { Space } from '../spaces/spaces'
import type { WorkContext } from '../work/works'
import type { Measurer } from './measurer'

/** Everything random of it: the one z of each image, the binarisation, the samples. */
const seed = 1

type Protocol = MeasureReport['protocol']

/** @throws DarkroomError `model-unsuitable` without q(z|x), `data-missing`, `data-sizes-differ`, `cancelled` */
export const measureLikelihood: Measurer<'likelihood'> = async (request, { spaces, context }) => {
  context.report('data', 0)
  const space = await spaces.open(request.item)
  if (space.config.kind !== 'variational') {
    const params = { model: space.name, reason: 'model-without-likelihood' }
    throw new DarkroomError('model-unsuitable', `${space.name} has no likelihood`, params)
  }
  const set = await space.set()
  const run = { config: space.run, hash: set.card.hash }
  const model = { ...space, weights: space.weights }
  const evaluated = await evaluateModel(model, set, {
    run,
    samples: space.config.loss === 'cross-entropy' ? request.samples : null,
    sigma: null,
    seed,
    signal: context.signal,
    onProgress: (share) => context.report('measure', share),
  })
  const { images } = heldOutOf(set, run)
  const shown = evaluated.binarised ? binarisedOnce(images, seed) : images
  const information = await klPerLatent(space, shown, context)
  const { training } = splitIndices(
    set.card.images,
    run.config.validation,
    run.config.training.seed,
  )
  const known = { images: set.images, indices: training }
  const independent = await independentPixels(known, shown, pixelsOf(space.shape), {
    breathe: context.breathe,
  })
  return {
    report: {
      request,
      model: space.name,
      data: set.card.name,
      figures: figuresOf(evaluated, independent, space),
      charts: [chartOf(information)],
      tables: [],
      protocol: protocolOf(evaluated, request.samples, training.length),
      sheets: [],
      cases: [],
    },
  }
}

/**
 * KLⱼ = ½ (μⱼ² + σⱼ² − log σⱼ² − 1) of each latent in nats, the mean over the images.
 * @param images [count, height, width, channels] bytes
 * @throws DarkroomError `cancelled`
 */
async function klPerLatent(
  { autoencoder, config: { latent } }: Space,
  images: Uint8Array,
  { breathe, report }: WorkContext,
): Promise<number[]> {
  const pace = { breathe, report: (share: number) => report('encode', share) }
  const { count, mean, logVariance } = await encodeBytes(autoencoder, images, pace)
  const sums = new Float64Array(latent)
  if (logVariance) addDivergences(sums, mean, logVariance)
  return Array.from(sums, (sum) => sum / count)
}

/** Adds the KL of each posterior to its latent's sum: [count, latent] each. */
export function addDivergences(
  sums: Float64Array,
  mean: Float32Array,
  logVariance: Float32Array,
): void {
  for (let i = 0; i < mean.length; i++) {
    const [mu, log, at] = [mean[i] as number, logVariance[i] as number, i % sums.length]
    sums[at] = (sums[at] as number) + (mu * mu + Math.exp(log) - log - 1) / 2
  }
}

/** @param independent the log-likelihood of independent pixels, which is the cross-entropy of grey ones */
function figuresOf(evaluated: EvaluatedModel, independent: number, { config }: Space): Figure[] {
  const { elbo, logLikelihood, bce, kl, activeUnits } = evaluated
  const figure = (
    name: string,
    value: number | null,
    unit: string,
    better: Figure['better'],
    beside: number | null = null,
  ): Figure[] => {
    const baselines = beside === null ? [] : [{ name: 'independent-pixels', value: beside }]
    return value === null ? [] : [{ name, value, unit, better, baselines }]
  }
  const bound = elbo === null && kl !== null ? bce + kl : null
  return [
    ...figure('log-likelihood', logLikelihood, 'nats', 'larger', independent),
    ...figure('elbo', elbo, 'nats', 'larger', independent),
    ...figure('negative-bound', bound, 'nats', 'smaller', -independent),
    ...figure('cross-entropy', bce, 'nats', 'smaller'),
    ...figure('kl', kl, 'nats', null),
    ...figure('active-units', activeUnits, `/ ${config.latent}`, null),
  ]
}

/** The latents that carry most first. */
function chartOf(information: readonly number[]): Chart {
  const order = information.map((_, index) => index)
  order.sort((a, b) => (information[b] as number) - (information[a] as number) || a - b)
  const y = order.map((index) => information[index] as number)
  return {
    ...{ name: 'kl-per-latent', xName: 'latent-number', yName: 'nats' },
    ...{ logarithmicX: false, logarithmicY: false },
    lines: [{ name: 'kl', baseline: false, x: order, y, interval: null }],
  }
}

function protocolOf(
  { images, binarised, elbo, part, logLikelihood }: EvaluatedModel,
  samples: number,
  training: number,
): Protocol {
  return [
    ...(elbo === null ? [{ name: 'likelihood-grey', values: {} }] : []),
    { name: `likelihood-images-${part}`, values: { images } },
    { name: 'likelihood-parts', values: {} },
    ...(binarised ? [{ name: 'likelihood-binarised', values: { seed } }] : []),
    ...(logLikelihood === null ? [] : [{ name: 'likelihood-importance', values: { samples } }]),
    { name: 'likelihood-independent', values: { training } },
    { name: 'likelihood-latents', values: {} },
  ]
}
