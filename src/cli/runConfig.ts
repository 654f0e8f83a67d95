/** What `train` is to train: a recipe or a configuration in a file, and what options change about it. */
import { promises } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { DarkroomError } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import { recipeNames, runConfig, type RecipeName, type RunConfig } from '../shared/training'
import { recipeOf } from '../main/engine/training/recipes'
import { numberOf, oneOf, required, usage } from './arguments'
import { dataSourceOf, shapeOf } from './dataSources'

export interface ConfigOptions {
  recipe: string | undefined
  config?: string | undefined
  data?: string | undefined
  epochs?: string | undefined
  seed?: string | undefined
}

/**
 * The configuration of a run.
 * @throws DarkroomError `usage`; `config-invalid`, `file-not-found`, `file-unreadable` for a configuration in a file
 */
export async function runConfigOf(options: ConfigOptions): Promise<RunConfig> {
  const { recipe, config: file, data } = options
  if ((recipe === undefined) === (file === undefined)) throw usage(m.cli_recipe_or_config())
  const given =
    file === undefined ? recipeOf(recipeNamed(recipe as string)) : await readConfig(file)
  const source = data === undefined ? given.data : await dataSourceOf(data, shapeOf(given.data))
  if ('path' in source && source.path === '') required('--data', data)
  const { seed, epochs } = options
  const training = {
    ...given.training,
    ...(seed === undefined ? {} : { seed: numberOf('--seed', seed, 0, 2 ** 31 - 1, true) }),
    ...(epochs === undefined ? {} : { epochs: numberOf('--epochs', epochs, 1, 5000, true) }),
  }
  return { ...given, data: source, training }
}

/** `denoiser` is no recipe, but a word that may stand here: see `commands/train.ts`. */
const recipeNamed = (text: string): RecipeName =>
  oneOf('train', text, ['denoiser', ...recipeNames]) as RecipeName

/** Reads a configuration; a path of data in it starts from the file's own folder. */
async function readConfig(path: string): Promise<RunConfig> {
  const text = await promises.readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'file-not-found' : 'file-unreadable'
    const reason = cause.code ?? ''
    throw new DarkroomError(code, `${path}: ${reason}`, { file: path, reason }, { cause })
  })
  const parsed = runConfig.safeParse(jsonOf(text, path))
  if (!parsed.success) throw invalid(path, reasonOf(parsed.error))
  const config = parsed.data
  const { data } = config
  if (!('path' in data) || data.path === '') return config
  const here = dirname(resolve(path))
  const placed = { ...data, path: resolve(here, data.path) }
  if (placed.kind === 'idx' && placed.labels) placed.labels = resolve(here, placed.labels)
  return { ...config, data: { ...placed, name: placed.name || basename(placed.path) } }
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : 'JSON')
  }
}

/** The first thing that is wrong: where, and what. */
function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues
  return issue ? [issue.path.join('.'), issue.message].filter(Boolean).join(': ') : 'unknown'
}

const invalid = (file: string, reason: string): DarkroomError =>
  new DarkroomError('config-invalid', `${file}: ${reason}`, { file, reason })
