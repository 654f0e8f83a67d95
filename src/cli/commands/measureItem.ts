/** `measure likelihood MODEL`, and whatever else a model is measured by alone. */
import type { MeasureRequest } from '../../shared/latent'
import { m } from '../../shared/messages/compiled/messages'
import { numberOf, parse, usage } from '../arguments'
import { openSpaceOn } from '../spaceData'
import type { MeasureCommand } from './measure'

/** K where `--importance-samples` says none: what papers that do not take 5,000 take. */
const usualSamples = '500'

const measureItem =
  (requestOf: (item: string, samples: number) => MeasureRequest): MeasureCommand =>
  async (args, engine, context, work) => {
    const { values, positionals } = parse(args, {
      data: { type: 'string' },
      'importance-samples': { type: 'string' },
    })
    const [wanted] = positionals
    if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
    const given = values['importance-samples'] ?? usualSamples
    const samples = numberOf('--importance-samples', given, 1, 5000, true)
    const space = await openSpaceOn(engine, wanted, values.data, context)
    const { measured } = await import('../../main/engine/measures/measurers')
    const open = () => Promise.resolve(space)
    const { cache } = engine.library.folders
    return measured(requestOf(space.item, samples), { spaces: { open }, context: work, cache })
  }

export const measureLikelihood = measureItem((item, samples) => ({
  ...{ kind: 'likelihood', item, samples },
}))

export const measureCompress = measureItem((item) => ({ kind: 'compress', item }))
