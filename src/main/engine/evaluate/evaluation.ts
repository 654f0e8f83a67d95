/** The whole evaluation of an autoencoder: which images, made binary or not, everything that is measured on them. */
import { DarkroomError } from '../../../shared/errors'
import type { DataCard, RunConfig } from '../../../shared/training'
import type { ImageSet } from '../data/imageSet'
import { evaluateAutoencoder, type AutoencoderMeasures } from './autoencoder'
import { heldOutOf, type PartName } from './heldOut'
import { logLikelihoods } from './likelihood'
import type { TrainedAutoencoder } from '../models/openAutoencoder'
import type { MeasureOptions } from './measuring'
import { valuesOf } from '../data/values'
import { binarisedOnce } from './values'

export interface EvaluationOptions extends MeasureOptions {
  /** The run that made the model, and the hash of the data it was trained on. */
  run: { config: RunConfig; hash: string | null }
  /** K of the importance-weighted log-likelihood; null: it is not wanted. */
  samples: number | null
  /** Gaussian noise of this level instead of a denoising model's own, on the 0–255 scale; null: its own. */
  sigma: number | null
}

export interface EvaluatedModel extends AutoencoderMeasures {
  part: PartName
  /** Whether the images were made binary, once, by the seed. */
  binarised: boolean
  /** The mean over the images, in nats; null where it is not wanted, and on grey images, where there is none. */
  logLikelihood: number | null
}

/**
 * Measures a model on the part of a set that it was not trained on. A model that was trained on binarised images is
 * measured on binarised ones.
 * @param name what errors call the model
 * @throws DarkroomError `data-sizes-differ`; `model-unsuitable` where it has no likelihood, or removes no noise;
 *   `model-damaged`, `cancelled`
 */
export async function evaluateModel(
  { name, ...trained }: TrainedAutoencoder & { name: string },
  set: ImageSet,
  { run, samples, sigma, ...options }: EvaluationOptions,
): Promise<EvaluatedModel> {
  requireShape(set.card, trained)
  const model = sigma === null ? trained : withNoise(trained, name, sigma)
  if (samples !== null && model.config.kind !== 'variational')
    throw unsuitable(name, 'model-without-likelihood')
  const { part, images: held } = heldOutOf(set, run)
  const binary = run.config.binarise || set.card.binary
  const binarised = binary && !set.card.binary
  const images = binarised ? binarisedOnce(held, options.seed) : held
  const measures = await evaluateAutoencoder(model, { ...options, images, binary })
  const likelihoods =
    samples !== null && binary
      ? await logLikelihoods(model, { ...options, images: valuesOf(images), samples })
      : null
  const logLikelihood =
    likelihoods && likelihoods.reduce((sum, value) => sum + value, 0) / likelihoods.length
  return { ...measures, part, binarised, logLikelihood }
}

const unsuitable = (model: string, reason: string): DarkroomError =>
  new DarkroomError('model-unsuitable', `${model}: ${reason}`, { model, reason })

function withNoise(trained: TrainedAutoencoder, name: string, sigma: number): TrainedAutoencoder {
  const { config } = trained
  if (config.kind !== 'denoising') throw unsuitable(name, 'model-not-denoising')
  return { ...trained, config: { ...config, corruption: { kind: 'gaussian', sigma } } }
}

function requireShape(card: DataCard, { shape }: TrainedAutoencoder): void {
  const [expected, received] = [shape, card].map(
    ({ width, height, channels }) => `${width} × ${height}${channels === 3 ? ' × 3' : ''}`,
  ) as [string, string]
  if (expected === received) return
  const message = `${card.name} has images of ${received} pixels, not of ${expected}`
  throw new DarkroomError('data-sizes-differ', message, { file: card.name, expected, received })
}
