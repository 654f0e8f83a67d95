/** The work of the Lab: one method after another, each judged like the others; one that fails says why and the next goes on. */
import { errorToData } from '../../../shared/errors'
import type { LabFigures, LabRow } from '../../../shared/lab'
import type { Planes } from '../codec'
import { estimateNoise } from '../imaging/noiseLevel'
import { qualityOf } from '../imaging/quality'
import { residualCorrelation } from '../imaging/residual'
import type { WorkContext } from '../work/works'
import type { Lab } from './lab'
import { open, type LabTools } from './methods'

/**
 * @param changed is told whenever the run has come further
 * @throws DarkroomError `cancelled`; what is finished by then stays in the lab
 */
export async function compare(
  lab: Lab,
  tools: LabTools,
  context: WorkContext,
  changed: () => void,
): Promise<void> {
  const { run, clean, noisy } = lab
  const show = (change: Partial<Lab['run']>): void => {
    Object.assign(run, change)
    changed()
  }
  show({ input: clean && (await qualityOf(clean, noisy)) })
  for (const index of run.rows.keys()) {
    const row = await judged(lab, index, tools, context)
    show({ rows: run.rows.map((each, at) => (at === index ? row : each)) })
  }
}

/** Uses one method; what it made is kept in the lab. @throws DarkroomError `cancelled` */
async function judged(
  lab: Lab,
  index: number,
  tools: LabTools,
  context: WorkContext,
): Promise<LabRow> {
  const row = lab.run.rows[index] as LabRow
  let { title } = row
  const report = (share: number): void => context.report('denoise', share, title ?? nameOf(row))
  report(0)
  await context.breathe()
  try {
    const opened = await open(row.method, lab, tools)
    title = opened.title
    const begun = performance.now()
    const { breathe, signal } = context
    const planes = await opened.make({ breathe, signal, report }).finally(opened.release)
    const seconds = (performance.now() - begun) / 1000
    lab.made[index] = planes
    const figures = await figuresOf(lab, planes, seconds, context)
    return { ...row, title, outcome: { state: 'done', figures } }
  } catch (error) {
    const data = errorToData(error)
    if (data.code === 'cancelled') throw error
    return { ...row, title, outcome: { state: 'failed', error: data } }
  }
}

const nameOf = ({ method }: LabRow): string => (method.kind === 'classical' ? method.name : '')

async function figuresOf(
  { clean, noisy }: Lab,
  planes: Planes,
  seconds: number,
  { breathe }: WorkContext,
): Promise<LabFigures> {
  const quality = clean && (await qualityOf(clean, planes))
  await breathe()
  const noise = estimateNoise(planes).sigma
  await breathe()
  const { correlation, structured } = residualCorrelation(noisy, planes)
  return {
    quality,
    noise,
    residualCorrelation: correlation,
    residualStructured: structured,
    seconds,
  }
}
