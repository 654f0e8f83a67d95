/** `measure KIND …`: a measurement with its baselines, as figures, as JSON, or as a report in a file. */
import { setImmediate } from 'node:timers/promises'
import type { Engine } from '../../main/engine/handlers'
import type { Measured } from '../../main/engine/measures/measurer'
import type { WorkContext } from '../../main/engine/work/works'
import { DarkroomError } from '../../shared/errors'
import type { Figure, WorkPhase } from '../../shared/latent'
import { m } from '../../shared/messages/compiled/messages'
import { measureWords } from '../../shared/messages/measureWords'
import { oneOf } from '../arguments'
import type { Command, Context } from '../context'
import { measureFeatures } from './measureFeatures'

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
  train: m.work_phase_train,
  project: m.work_phase_project,
  judge: m.work_phase_judge,
  measure: m.work_phase_measure,
  save: m.work_phase_save,
}

const kinds: Record<string, MeasureCommand> = { features: measureFeatures }

export const measure: Command = async ([wanted = '', ...args], context) => {
  const kind = oneOf('measure', wanted, Object.keys(kinds))
  const engine = context.createEngine()
  const begun = performance.now()
  try {
    const work = kinds[kind] as MeasureCommand
    const { report } = await work(args, engine, context, workOf(context))
    const seconds = (performance.now() - begun) / 1000
    context.terminal.progress(null)
    if (context.json) context.terminal.out(JSON.stringify({ ...report, seconds }))
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
