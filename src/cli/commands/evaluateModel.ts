/** `evaluate MODEL --data …`: what an autoencoder reaches on images that it was not trained on (`engine/evaluate`). */
import type { TrainedAutoencoder } from '../../main/engine/evaluate/measuring'
import type { Engine } from '../../main/engine/handlers'
import { writeFileAtomically } from '../../main/engine/store/atomicWriter'
import { encodeRun, type RunFile } from '../../main/engine/store/runFile'
import { DarkroomError } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import type { DataCard, DataSource } from '../../shared/training'
import { numberOf, parse, required, usage } from '../arguments'
import type { Command, Context } from '../context'
import { dataSourceOf, namingData, shapeOf } from '../dataSources'
import { findModel, type FoundModel } from '../libraryModels'
import { evaluationLines, evaluationObject, withMeasured, type Evaluation } from '../measurements'

export const modelOptions = {
  data: { type: 'string' },
  'importance-samples': { type: 'string' },
  sigma: { type: 'string' },
  seed: { type: 'string' },
  'write-card': { type: 'boolean' },
} as const

interface Wanted {
  data: DataSource
  /** K of the likelihood; null: none. */
  samples: number | null
  /** Another noise than the model's own, on the 0–255 scale. */
  sigma: number | null
  seed: number
}

export const evaluateModel: Command = async (args, context) => {
  const { values, positionals } = parse(args, modelOptions)
  const [wanted] = positionals
  if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
  const { 'importance-samples': samples, sigma, seed = '0' } = values
  const numbers = {
    samples:
      samples === undefined ? null : numberOf('--importance-samples', samples, 1, 100_000, true),
    sigma: sigma === undefined ? null : numberOf('--sigma', sigma, 0, 255),
    seed: numberOf('--seed', seed, 0, 2 ** 31 - 1, true),
  }
  const engine = context.createEngine()
  try {
    const model = await findModel(engine, wanted)
    const run = runOf(model)
    const data = await sourceOf(values.data, run)
    const evaluation = await evaluateRun(engine, model.name, run, { ...numbers, data }, context)
    context.terminal.progress(null)
    if (values['write-card']) await writeCard(engine, model, run, evaluation)
    if (context.json) context.terminal.out(JSON.stringify(evaluationObject(evaluation)))
    else evaluationLines(evaluation).forEach((line) => context.terminal.out(line))
    return 0
  } finally {
    context.terminal.progress(null)
    await engine.close()
  }
}

/** @throws DarkroomError `model-unsuitable` for a denoiser of photos, which `evaluate denoise` measures */
function runOf({ name, file }: FoundModel): RunFile {
  if (file.kind === 'run' && file.run.config.model.kind !== 'photo-denoiser') return file.run
  throw unsuitable(name, 'model-of-photos')
}

const unsuitable = (model: string, reason: string): DarkroomError =>
  new DarkroomError('model-unsuitable', `${model}: ${reason}`, { model, reason })

/** The data that `--data` names, or those that the model was trained on; a folder's images are brought to its size. */
async function sourceOf(text: string | undefined, { config, card }: RunFile): Promise<DataSource> {
  const given = config.data
  if (text === undefined) {
    if ('path' in given && given.path === '') required('--data', text)
    return given
  }
  const { fit } = shapeOf(given)
  const { width, height, channels } = card.data ?? shapeOf(given)
  return dataSourceOf(text, { width, height, channels, fit })
}

async function evaluateRun(
  { library }: Engine,
  name: string,
  run: RunFile,
  { data, samples, sigma, seed }: Wanted,
  { terminal, signal }: Context,
): Promise<Evaluation> {
  const [{ trainedModel }, { openImageSet }, { heldOutOf }, values, { evaluateAutoencoder }] =
    await Promise.all([
      import('../../main/engine/runs/trainedModel'),
      import('../../main/engine/data/imageSet'),
      import('../../main/engine/evaluate/heldOut'),
      import('../../main/engine/evaluate/values'),
      import('../../main/engine/evaluate/autoencoder'),
    ])
  const begun = performance.now()
  const percentOf = (share: number): { percent: number } => ({ percent: Math.floor(100 * share) })
  const trained = withNoise(trainedModel(run) as TrainedAutoencoder & { name: string }, sigma)
  const set = await namingData(data, () =>
    openImageSet(data, {
      cache: library.folders.cache,
      signal,
      onProgress: (share) => terminal.progress(m.cli_reading_data(percentOf(share))),
    }),
  )
  requireShape(set.card, trained)
  const held = heldOutOf(set, { config: run.config, hash: run.card.data?.hash ?? null })
  const binarised = run.config.binarise && !set.card.binary
  const images = binarised ? values.binarisedOnce(held.images, seed) : held.images
  const binary = run.config.binarise || set.card.binary
  const options = {
    seed,
    signal,
    onProgress: (share: number) =>
      terminal.progress(m.cli_measuring({ name, ...percentOf(share) })),
  }
  const measures = await evaluateAutoencoder(trained, { ...options, images, binary })
  const likelihood = samples === null ? null : await import('../../main/engine/evaluate/likelihood')
  // on grey images no probability has these values; a model that could have none even on binary ones is refused
  const found =
    likelihood && (binary || measures.kl === null)
      ? await likelihood.logLikelihoods(trained, {
          ...options,
          images: values.valuesOf(images),
          samples: samples as number,
        })
      : null
  return {
    model: name,
    data: set.card.name,
    part: held.part,
    ...measures,
    latent: trained.config.latent,
    binarised,
    seed,
    logLikelihood: found && found.reduce((a, b) => a + b, 0) / found.length,
    importanceSamples: samples,
    seconds: (performance.now() - begun) / 1000,
  }
}

/** The model with Gaussian noise of another level. @throws DarkroomError `model-unsuitable` when it removes none */
function withNoise(
  trained: TrainedAutoencoder & { name: string },
  sigma: number | null,
): TrainedAutoencoder {
  if (sigma === null) return trained
  const { config, name } = trained
  if (config.kind !== 'denoising') throw unsuitable(name, 'model-not-denoising')
  return { ...trained, config: { ...config, corruption: { kind: 'gaussian', sigma } } }
}

/** @throws DarkroomError `data-sizes-differ` */
function requireShape(card: DataCard, { shape }: TrainedAutoencoder): void {
  const [expected, received] = [shape, card].map(
    ({ width, height, channels }) => `${width} × ${height}${channels === 3 ? ' × 3' : ''}`,
  ) as [string, string]
  if (expected === received) return
  const message = `${card.name} has images of ${received} pixels, not of ${expected}`
  throw new DarkroomError('data-sizes-differ', message, { file: card.name, expected, received })
}

/** Writes the figures into the model's card. @throws DarkroomError as `Library.write` and the atomic writer */
async function writeCard(
  { library }: Engine,
  { item, path }: FoundModel,
  run: RunFile,
  evaluation: Evaluation,
): Promise<void> {
  const measured = withMeasured(run.card.measured, evaluation)
  const file: RunFile = { ...run, card: { ...run.card, measured } }
  if (item !== null) await library.write(item, file)
  else if (path !== null) await writeFileAtomically(path, encodeRun(file))
}
