/** What `evaluate` measured of an autoencoder: as one object, as lines for a person, and as figures for its card. */
import type { EvaluatedModel } from '../main/engine/evaluate/evaluation'
import { m } from '../shared/messages/compiled/messages'
import { mergedFigures, type Measurement } from '../shared/training'

export interface Evaluation extends EvaluatedModel {
  model: string
  /** The data's name. */
  data: string
  latent: number
  seed: number
  /** K; null where likelihoods were not asked for. */
  importanceSamples: number | null
  seconds: number
}

/** The object of `--json`. What only sparse or denoising models have is left out of others. */
export function evaluationObject(evaluation: Evaluation): Record<string, unknown> {
  const { model, data, part, images, sparsity, denoising, ...figures } = evaluation
  return { model, data, part, images, ...figures, ...sparsity, ...denoising }
}

/** One figure: what it is called on a card (in English, as cards are), and to a person. */
interface Figure {
  what: string
  word: string
  value: number | null | undefined
  unit: string
}

function figuresOf(evaluation: Evaluation): Figure[] {
  const { mse, bce, kl, elbo, logLikelihood, importanceSamples, latent } = evaluation
  const { activeUnits, sparsity, denoising } = evaluation
  const near = sparsity?.unitsNearTarget
  const K = importanceSamples ?? 0
  return [
    { what: 'MSE', word: m.cli_figure_mse(), value: mse, unit: '' },
    { what: 'BCE', word: m.cli_figure_bce(), value: bce, unit: 'nats' },
    { what: 'KL', word: m.cli_figure_kl(), value: kl, unit: 'nats' },
    { what: 'ELBO', word: m.cli_figure_elbo(), value: elbo, unit: 'nats' },
    {
      what: `log p(x), ${K} samples`,
      word: m.cli_figure_likelihood({ samples: K }),
      value: logLikelihood,
      unit: 'nats',
    },
    {
      what: `active units of ${latent}`,
      word: m.cli_figure_active({ latent }),
      value: activeUnits,
      unit: '',
    },
    {
      what: 'mean activation',
      word: m.cli_figure_activation(),
      value: sparsity?.meanActivation,
      unit: '',
    },
    {
      what: 'units within half and twice the target',
      word: m.cli_figure_near(),
      value: near === null || near === undefined ? null : near * 100,
      unit: '%',
    },
    { what: 'PSNR', word: m.cli_figure_psnr(), value: denoising?.psnr, unit: 'dB' },
    {
      what: 'PSNR of the input',
      word: m.cli_figure_noisy(),
      value: denoising?.noisyPsnr,
      unit: 'dB',
    },
  ]
}

const rounded = (value: number): number => Number(value.toPrecision(5))
const known = (figure: Figure): figure is Figure & { value: number } =>
  typeof figure.value === 'number'

/** Lines for a person. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { model, data, images } = evaluation
  const part = { test: m.cli_part_test, validation: m.cli_part_validation, all: m.cli_part_all }
  return [
    m.cli_evaluated_on({ model, data, part: part[evaluation.part](), images }),
    ...figuresOf(evaluation)
      .filter(known)
      .map(({ word, value, unit }) =>
        m.cli_figure({ word, value: rounded(value), unit }).trimEnd(),
      ),
  ]
}

/** The figures for a card, instead of those of the same name that are on it. */
export function withMeasured(card: readonly Measurement[], evaluation: Evaluation): Measurement[] {
  const { data, part, images } = evaluation
  const measured = figuresOf(evaluation)
    .filter(known)
    .map(({ what, value, unit }) => ({
      what: `${what} on ${data} (${part}, ${images} images)`,
      value: rounded(value),
      unit,
    }))
  return mergedFigures(card, measured)
}
