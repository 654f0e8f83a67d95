/** `measure KIND …`: a measurement with its baselines, as figures, as JSON, or as a report in a file. */
import { setImmediate } from 'node:timers/promises'
import type { Engine } from '../../main/engine/handlers'
import type { Measured } from '../../main/engine/measures/measurer'
import type { WorkContext } from '../../main/engine/work/works'
import { DarkroomError, errorFromData } from '../../shared/errors'
import type { Figure, MeasureReport, WorkPhase } from '../../shared/latent'
import { m } from '../../shared/messages/compiled/messages'
import { getLocale } from '../../shared/messages/compiled/runtime'
import { measureWords } from '../../shared/messages/measureWords'
import { oneOf, usage } from '../arguments'
import type { Command, Context } from '../context'
import { withPath } from '../../main/engine/batch/failures'
import { measureAnomaly } from './measureAnomaly'
import { measureFeatures } from './measureFeatures'
import { measureCompress, measureLikelihood } from './measureItem'

/** Makes one kind of measurement from what stands behind its name. */
export type MeasureCommand = (
  args: string[],
  engine: Engine,
  context: Context,
  work: WorkContext,
) => Promise<Measured>

const phaseWords: Record<WorkPhase, () => string> = {
  data: m.work_phase_data,
  encode: m.work_phase_encode,
  fit: m.work_phase_fit,
  train: m.work_phase_train,
  project: m.work_phase_project,
  judge: m.work_phase_judge,
  measure: m.work_phase_measure,
  denoise: m.work_phase_denoise,
  save: m.work_phase_save,
}

const kinds: Record<string, MeasureCommand> = {
  anomaly: measureAnomaly,
  compress: measureCompress,
  features: measureFeatures,
  likelihood: measureLikelihood,
}

export const measure: Command = async ([wanted = '', ...args], context) => {
  const kind = oneOf('measure', wanted, Object.keys(kinds))
  const { path, rest } = reportOf(args)
  const engine = context.createEngine()
  const begun = performance.now()
  try {
    const work = kinds[kind] as MeasureCommand
    const { report: made } = await work(rest, engine, context, workOf(context))
    const seconds = (performance.now() - begun) / 1000
    const report = { ...made, id: '', created: Date.now(), seconds }
    context.terminal.progress(null)
    if (path !== undefined) await writeReport(report, path)
    if (context.json) context.terminal.out(JSON.stringify(withoutPixels(report)))
    else {
      context.terminal.out(m.cli_measured({ model: report.model, data: report.data }))
      report.figures.map(figureLine).forEach((line) => context.terminal.out(line))
    }
    return 0
  } finally {
    context.terminal.progress(null)
    await engine.close()
  }
}

/** What `--report` says, which every kind takes, and the arguments without it. */
function reportOf(args: readonly string[]): { path: string | undefined; rest: string[] } {
  const at = args.findIndex((each) => each === '--report' || each.startsWith('--report='))
  if (at < 0) return { path: undefined, rest: [...args] }
  const joined = args[at]?.startsWith('--report=') ?? false
  const path = joined ? args[at]?.slice('--report='.length) : args[at + 1]
  if (path === undefined || path === '' || path.startsWith('--'))
    throw usage(m.cli_option_value({ option: '--report' }))
  return { path, rest: args.filter((_, i) => i !== at && (joined || i !== at + 1)) }
}

/** @throws DarkroomError `target-unwritable`, `disk-full` */
async function writeReport(report: MeasureReport, path: string): Promise<void> {
  const { exportReport } = await import('../../main/engine/measures/exporting')
  await exportReport(report, path, getLocale()).catch((error: unknown) => {
    throw errorFromData(withPath(error, [path]))
  })
}

/** A report as JSON has its numbers; pictures are in the report's file. */
const withoutPixels = ({ id: _id, ...report }: MeasureReport) => ({
  ...report,
  sheets: report.sheets.map(({ pictures: _pictures, ...sheet }) => sheet),
})

/** Work that tells of itself on the terminal and ends with Ctrl-C. */
function workOf({ terminal, signal }: Context): WorkContext {
  return {
    signal,
    report: (phase, share, detail) => {
      const name = phaseWords[phase]()
      const about = detail === undefined ? name : `${name} ${detail}`
      terminal.progress(m.cli_measure_progress({ what: about, percent: Math.floor(100 * share) }))
    },
    breathe: async () => {
      await setImmediate()
      if (signal.aborted) throw new DarkroomError('cancelled', 'cancelled')
    },
  }
}

function figureLine({ name, value, unit, baselines }: Figure): string {
  const own = m.cli_figure({ word: measureWords('figure', name), value: digits(value), unit })
  const others = baselines.map((each) => `${measureWords('name', each.name)} ${digits(each.value)}`)
  return others.length > 0 ? `${own.trimEnd()}  (${others.join(', ')})` : own.trimEnd()
}

const digits = (value: number): string => String(Number(value.toPrecision(4)))
