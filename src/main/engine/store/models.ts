/** The models that can be chosen: the bundled ones in the resources folder, and files that a user names. */
import { promises } from 'node:fs'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { ModelInfo } from '../../../shared/types'
import { modelCard } from '../../../shared/types'
import { readContainer } from './container'

export interface ModelFile {
  info: ModelInfo
  path: string
}

/**
 * Reads one model file's card.
 * @throws DarkroomError as `readContainer`; `model-not-ours` when it is a container of another kind,
 *   `model-damaged` when its card is not one
 */
export async function readModelFile(path: string, bundled: boolean): Promise<ModelFile> {
  const { header, hash, bytes } = await readContainer(path)
  const file = basename(path)
  if (header.kind !== 'denoiser') {
    throw new DarkroomError('model-not-ours', `${file} is a ${header.kind}, not a denoiser`, {
      file,
    })
  }
  const card = modelCard.safeParse(header.card)
  if (!card.success) {
    throw new DarkroomError('model-damaged', `${file} has no proper card: ${card.error.message}`, {
      file,
    })
  }
  return { info: { card: card.data, bundled, bytes, hash }, path }
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

/** Any model that suits the image, the bundled ones named below first. */
export const automatic = 'auto'
const preferred: Record<1 | 3, string> = { 1: 'denoise-grey', 3: 'denoise-colour' }

/**
 * The model for a name, or the automatic choice: one made for so many channels; a grey one for colour when there is
 * no other (each channel passes on its own), never the reverse.
 * @throws DarkroomError `model-unknown` with the names there are
 */
export function chooseModel(
  models: readonly ModelFile[],
  wanted: string,
  channels: 1 | 3,
): ModelFile {
  const byName = (name: string): ModelFile | undefined =>
    models.find(({ info }) => info.card.name === name)
  const fitting = (count: 1 | 3): ModelFile | undefined =>
    models.find(({ info }) => info.bundled && info.card.channels === count)
  const found =
    wanted === automatic
      ? (byName(preferred[channels]) ?? fitting(channels) ?? byName(preferred[1]) ?? fitting(1))
      : (models.find(({ path, info }) => path === wanted && !info.bundled) ?? byName(wanted))
  if (found) return found
  const names = [automatic, ...models.map(({ info }) => info.card.name)].join(', ')
  throw new DarkroomError('model-unknown', `no model '${wanted}'; there are: ${names}`, {
    model: wanted,
    models: names,
  })
}
