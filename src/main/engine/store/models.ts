/** The denoisers that can be chosen: bundled ones, the library’s, and files that a user names. */
import { promises } from 'node:fs'
import { basename, join } from 'node:path'
import { automatic, automaticModel, type NoiseStructure } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import type { ModelCard, ModelInfo } from '../../../shared/types'
import type { Container } from './container'
import { readContainer } from './container'
import { denoiserCard } from './libraryFile'
import type { RunFile } from './runFile'
import { runOf } from './runFile'
import { bestWeights } from './transfer'

export interface ModelFile {
  info: ModelInfo
  path: string
  /** Of the library: its id there. */
  item?: string
}

/**
 * Reads one model file's card.
 * @throws DarkroomError as {@link readDenoiser}
 */
export async function readModelFile(path: string, bundled: boolean): Promise<ModelFile> {
  const { header, hash, bytes } = await readDenoiser(path)
  const file = basename(path)
  return { info: { card: denoiserCard(header.card, file), bundled, bytes, hash }, path }
}

/**
 * Reads a denoiser: a model file of that kind, or the best weights of a run that trained one.
 * @throws DarkroomError as `readContainer`; `model-not-ours` when it is a container of another kind, or a run without
 *   weights yet; `model-damaged` when what it holds is not proper
 */
export async function readDenoiser(
  path: string,
): Promise<Container & { hash: string; bytes: number }> {
  const container = await readContainer(path)
  const { kind } = container.header
  if (kind === 'denoiser') return container
  const file = basename(path)
  const run = kind === 'run' ? runOf(container, file) : null
  const found = run && denoiserOfRun(run)
  if (found) return { ...found, hash: container.hash, bytes: container.bytes }
  throw new DarkroomError('model-not-ours', `${file} is a ${kind}, not a denoiser`, { file })
}

/** The denoiser that a run made, or null when it makes something else or has no weights yet. */
function denoiserOfRun({ config, card, progress, history, tensors }: RunFile): Container | null {
  const { model, training } = config
  const weights = bestWeights({ tensors })
  if (model.kind !== 'photo-denoiser' || weights.size === 0) return null
  const { channels, widths, blocks } = model
  const { data, measured, licence, command, parameters, tensorflow } = card
  const psnr = (mse: number): number => Number((-10 * Math.log10(mse)).toFixed(4))
  const curve = history.epochs.flatMap(({ step, validation }): [number, number][] =>
    validation?.mse ? [[step, psnr(validation.mse)]] : [],
  )
  const made: ModelCard = {
    ...{ name: card.name, kind: 'denoiser', title: card.name },
    description: data ? `Trained on ${data.images} photos: ${data.name}.` : '',
    ...{ channels, sigmaRange: model.sigma, parameters, licence },
    ...{ data: data ? [data.name] : [], seed: training.seed, command, measured },
    trained: { steps: progress.step, seconds: Math.round(progress.seconds), tensorflow, curve },
  }
  return {
    header: {
      kind: 'denoiser',
      config: { network: 'photo-denoiser', channels, widths, blocks },
      card: made,
    },
    tensors: weights,
  }
}

export interface ModelList {
  models: ModelFile[]
  /** Files that look like models and are not usable: they are passed over, never a reason not to start. */
  problems: DarkroomError[]
}

/** All `*.ldm` in a folder, by name; a folder that is missing has none. */
export async function listModels(folder: string): Promise<ModelList> {
  const names = await promises.readdir(folder).catch(() => [])
  const list: ModelList = { models: [], problems: [] }
  for (const name of names.filter((each) => each.endsWith('.ldm')).sort()) {
    try {
      list.models.push(await readModelFile(join(folder, name), true))
    } catch (error) {
      if (!(error instanceof DarkroomError)) throw error
      list.problems.push(error)
    }
  }
  return list
}

/** What a model is chosen for: the channels of an image, and what is known of its noise. */
export interface ChosenFor {
  channels: 1 | 3
  noise?: NoiseStructure
}

/**
 * The model for a name, or the automatic choice ({@link automaticModel}).
 * @throws DarkroomError `model-unknown` with the names there are
 */
export function chooseModel(
  models: readonly ModelFile[],
  wanted: string,
  { channels, noise = 'independent' }: ChosenFor,
): ModelFile {
  const byName = (name: string): ModelFile | undefined =>
    models.find(({ info }) => info.card.name === name)
  const infos = models.map(({ info }) => info)
  const suited = automaticModel(infos, channels, noise)
  const found =
    wanted === automatic
      ? models.find(({ info }) => info === suited)
      : (models.find(({ path, info }) => path === wanted && !info.bundled) ??
        byName(wanted) ??
        models.find(({ item }) => item === wanted))
  if (found) return found
  const names = [automatic, ...models.map(({ info }) => info.card.name)].join(', ')
  throw new DarkroomError('model-unknown', `no model '${wanted}'; there are: ${names}`, {
    model: wanted,
    models: names,
  })
}
