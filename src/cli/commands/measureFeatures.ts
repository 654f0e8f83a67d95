/** `measure features MODEL`: what the code tells of the labels. */
import { m } from '../../shared/messages/compiled/messages'
import { numberOf, parse, usage } from '../arguments'
import { openSpace } from '../libraryModels'
import { openSpaceOn } from '../spaceData'
import type { MeasureCommand } from './measure'

export const measureFeatures: MeasureCommand = async (args, engine, context, work) => {
  const { values, positionals } = parse(args, {
    data: { type: 'string' },
    against: { type: 'string' },
    pretraining: { type: 'boolean' },
    seed: { type: 'string' },
  })
  const [wanted] = positionals
  if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
  const seed = numberOf('--seed', values.seed ?? '0', 0, 2 ** 31 - 1, true)
  const space = await openSpaceOn(engine, wanted, values.data, context)
  const other = values.against === undefined ? null : await openSpace(engine, values.against)
  const { measureFeatures: made } = await import('../../main/engine/measures/features')
  const request = {
    ...{ kind: 'features' as const, item: space.item, against: other?.item ?? null },
    ...{ pretraining: values.pretraining ?? false, seed },
  }
  const open = (item: string) =>
    Promise.resolve(other !== null && item === other.item && item !== space.item ? other : space)
  const { cache } = engine.library.folders
  return made(request, { spaces: { open }, context: work, cache })
}
