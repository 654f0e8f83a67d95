/** The requests of the Measure screen. */
import { join } from 'node:path'
import type { EngineHandlers } from '../../../shared/contract'
import type { Spaces } from '../spaces/spaces'
import type { Works } from '../work/works'
import { CaseModels, scoresOfCase } from './caseModels'
import { exportReport } from './exporting'
import { Reports } from './keep'
import { measured } from './measurers'

type Name =
  | 'measure.start'
  | 'measure.list'
  | 'measure.read'
  | 'measure.delete'
  | 'measure.scores'
  | 'measure.images'
  | 'measure.export'

export function measureHandlers(spaces: Spaces, works: Works): Pick<EngineHandlers, Name> {
  const reports = new Reports(join(spaces.library.folders.items, 'measures'))
  const models = new CaseModels(reports, spaces.cache)
  return {
    'measure.start': ({ measure }, emit) => {
      const job = works.start(async (context) => {
        const begun = performance.now()
        const made = await measured(measure, { spaces, context, cache: spaces.cache })
        context.report('save', 0)
        const id = await reports.keep(made, (performance.now() - begun) / 1000)
        context.report('save', 1)
        return id
      }, emit)
      return Promise.resolve({ job })
    },
    'measure.list': () => reports.list(),
    'measure.read': ({ report }) => reports.read(report),
    'measure.delete': async ({ report }) => {
      models.close()
      await reports.remove(report)
      return null
    },
    'measure.scores': ({ report, case: index }) => scoresOfCase(reports, report, index),
    'measure.images': ({ report, case: index, indices }) => models.images(report, index, indices),
    'measure.export': async ({ report, path, language }) =>
      exportReport(await reports.read(report), path, language),
  }
}
