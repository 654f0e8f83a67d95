/** `evaluate MODEL --data …`: what an autoencoder reaches on images that it was not trained on (`engine/evaluate`). */
import type { Engine } from '../../main/engine/handlers'
import { writeFileAtomically } from '../../main/engine/store/atomicWriter'
import { encodeRun, type RunFile } from '../../main/engine/store/runFile'
import { DarkroomError } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import type { DataSource } from '../../shared/training'
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
  throw measuredElsewhere(name)
}

function measuredElsewhere(model: string): DarkroomError {
  const reason = 'model-of-photos'
  return new DarkroomError('model-unsuitable', `${model}: ${reason}`, { model, reason })
}

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
  const [{ trainedModel }, { openImageSet }, { evaluateModel: measure }] = await Promise.all([
    import('../../main/engine/runs/trainedModel'),
    import('../../main/engine/data/imageSet'),
    import('../../main/engine/evaluate/evaluation'),
  ])
  const begun = performance.now()
  const percentOf = (share: number): { percent: number } => ({ percent: Math.floor(100 * share) })
  const model = trainedModel(run)
  if (model.kind !== 'autoencoder') throw measuredElsewhere(name)
  const set = await namingData(data, () =>
    openImageSet(data, {
      cache: library.folders.cache,
      signal,
      onProgress: (share) => terminal.progress(m.cli_reading_data(percentOf(share))),
    }),
  )
  const measures = await measure(model, set, {
    run: { config: run.config, hash: run.card.data?.hash ?? null },
    ...{ samples, sigma, seed, signal },
    onProgress: (share) => terminal.progress(m.cli_measuring({ name, ...percentOf(share) })),
  })
  const seconds = (performance.now() - begun) / 1000
  const { latent } = model.config
  return {
    model: name,
    data: set.card.name,
    ...measures,
    latent,
    seed,
    importanceSamples: samples,
    seconds,
  }
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
