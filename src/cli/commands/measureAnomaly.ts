/** `measure anomaly --recipe RECIPE --normal each|LABEL`: a recipe trained on normal images only, and what it finds odd. */
import { suitedRecipes, type AnomalyProtocol } from '../../shared/latent'
import { recipeNames, type DataSource } from '../../shared/training'
import { m } from '../../shared/messages/compiled/messages'
import { numberOf, oneOf, parse, required, usage } from '../arguments'
import { dataSourceOf, shapeOf } from '../dataSources'
import type { MeasureCommand } from './measure'

/** The name of the subfolder with normal images among those that are tested. */
const usualNormal = 'normal'

export const measureAnomaly: MeasureCommand = async (args, engine, _context, work) => {
  const { values, positionals } = parse(args, {
    recipe: { type: 'string' },
    normal: { type: 'string' },
    anomaly: { type: 'string' },
    data: { type: 'string' },
    test: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string' },
  })
  if (positionals.length > 0) throw usage(m.cli_anomaly_recipe())
  const usual = suitedRecipes[values.anomaly === undefined ? 'one-normal' : 'one-anomaly']
  const recipe = oneOf('--recipe', values.recipe ?? usual, recipeNames)
  const { recipeOf } = await import('../../main/engine/training/recipes')
  const base = recipeOf(recipe)
  const sides = { ...shapeOf(base.data), fit: shapeOf(base.data).fit }
  const data: DataSource =
    values.data === undefined ? base.data : await dataSourceOf(values.data, sides)
  if ('path' in data && data.path === '') required('--data', undefined)
  const training = {
    ...base.training,
    ...(values.epochs === undefined
      ? {}
      : { epochs: numberOf('--epochs', values.epochs, 1, 5000, true) }),
    ...(values.seed === undefined
      ? {}
      : { seed: numberOf('--seed', values.seed, 0, 2 ** 31 - 1, true) }),
  }
  const protocol = await protocolOf(values, async (path) => dataSourceOf(path, sides))
  const { measured } = await import('../../main/engine/measures/measurers')
  const { cache } = engine.library.folders
  return measured(
    { kind: 'anomaly', recipe, config: { ...base, data, training }, protocol },
    { spaces: await engine.spaces(), context: work, cache },
  )
}

interface Given {
  normal?: string | undefined
  anomaly?: string | undefined
  test?: string | undefined
}

/** @throws DarkroomError `usage` for two protocols at once, or a label that is no number */
async function protocolOf(
  { normal, anomaly, test }: Given,
  sourceAt: (path: string) => Promise<DataSource>,
): Promise<AnomalyProtocol> {
  if (anomaly !== undefined && (normal !== undefined || test !== undefined))
    throw usage(m.cli_anomaly_protocol())
  if (test !== undefined) {
    return { kind: 'folders', test: await sourceAt(test), normalLabel: normal ?? usualNormal }
  }
  const label = (option: string, text: string): number | null =>
    text === 'each' ? null : numberOf(option, text, 0, 255, true)
  return anomaly === undefined
    ? { kind: 'one-normal', label: label('--normal', normal ?? 'each') }
    : { kind: 'one-anomaly', label: label('--anomaly', anomaly) }
}
