/** `lab IN`: one noisy picture through several methods, as a table, as JSON, or as a report in a file. */
import type { Emit, EngineEvents } from '../../shared/contract'
import { DarkroomError, errorFromData } from '../../shared/errors'
import { classicalNames, type LabMethod, type LabRow, type LabRun } from '../../shared/lab'
import { errorText } from '../../shared/messages'
import { m } from '../../shared/messages/compiled/messages'
import { getLocale } from '../../shared/messages/compiled/runtime'
import { labMethodName } from '../../shared/messages/labWords'
import type { PhotoInfo } from '../../shared/types'
import type { Engine } from '../../main/engine/handlers'
import { inputsOf, levelOf, numberOf, parse, usage } from '../arguments'
import type { Command, Context } from '../context'
import { withPath } from '../../main/engine/batch/failures'
import { withPhoto } from '../photo'
import { noiseOf } from './addNoise'

const silent: Emit = () => undefined

export const lab: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    clean: { type: 'string' },
    noise: { type: 'string', multiple: true },
    seed: { type: 'string' },
    sigma: { type: 'string' },
    methods: { type: 'string' },
    report: { type: 'string' },
  })
  const [path = '', ...more] = inputsOf(positionals)
  if (more.length > 0) throw usage(m.cli_lab_one())
  if (values.clean !== undefined && values.noise) throw usage(m.cli_lab_clean_or_noise())
  const noise = values.noise && noiseOf('--noise', values.noise, {})
  const seed = numberOf('--seed', values.seed ?? '0', 0, 2 ** 31 - 1, true)
  const sigma = levelOf('--sigma', values.sigma)
  const engine = context.createEngine()
  try {
    await withPhoto(engine, path, async (info) => {
      const { photo } = info
      if (noise) await engine.handlers['photo.addNoise']({ photo, noise, seed }, silent)
      const methods = await methodsOf(engine, info, values.methods)
      const compare = (clean: string | null): Promise<LabRun> =>
        compared(engine, { photo, clean, region: null, sigma, methods }, context)
      const run =
        values.clean === undefined
          ? await compare(null)
          : await withPhoto(engine, values.clean, (clean) => compare(clean.photo))
      if (values.report !== undefined) await writeReport(engine, run, values.report)
      if (context.json) context.terminal.out(JSON.stringify(forFiles(run, path)))
      else linesOf(run).forEach((line) => context.terminal.out(line))
    })
    return 0
  } finally {
    context.terminal.progress(null)
    await engine.close()
  }
}

/**
 * What `--methods` names: classical methods, denoisers, autoencoders of the library; without it the denoisers that came
 * with the program and fit, and all classical methods.
 * @throws DarkroomError `model-unknown`
 */
async function methodsOf(
  { denoisers, library }: Engine,
  { channels }: PhotoInfo,
  named: string | undefined,
): Promise<LabMethod[]> {
  const { models } = await denoisers.list()
  const known = models.filter(({ info }) => info.card.channels <= channels)
  if (named === undefined) {
    const ours = known.filter(({ info }) => info.bundled && info.card.channels === channels)
    return [
      ...ours.map(({ info }): LabMethod => ({ kind: 'denoiser', model: info.card.name })),
      ...classicalNames.map((name): LabMethod => ({ kind: 'classical', name })),
    ]
  }
  const methodOf = async (wanted: string): Promise<LabMethod> => {
    const name = classicalNames.find((each) => each === wanted)
    if (name) return { kind: 'classical', name }
    if (models.some(({ info }) => info.card.name === wanted))
      return { kind: 'denoiser', model: wanted }
    const found = await library.find(wanted).catch(() => null)
    if (found) return { kind: 'autoencoder', item: found.item }
    const names = [...classicalNames, ...models.map(({ info }) => info.card.name)].join(', ')
    const message = `no method '${wanted}'; there are: ${names}`
    throw new DarkroomError('model-unknown', message, { model: wanted, models: names })
  }
  return Promise.all(named.split(',').map((each) => methodOf(each.trim())))
}

/** Runs the methods and waits for the last. @throws DarkroomError `cancelled`, and what the work failed with */
async function compared(
  { handlers }: Engine,
  wish: Parameters<Engine['handlers']['lab.start']>[0],
  { terminal, signal }: Context,
): Promise<LabRun> {
  let run: LabRun | null = null
  type Finished = EngineEvents['work.finished']
  let settle: (event: Finished) => void
  const finished = new Promise<Finished>((resolve) => (settle = resolve))
  const emit = ((name: keyof EngineEvents, payload: unknown) => {
    if (name === 'lab.changed') run = payload as LabRun
    if (name === 'work.finished') settle(payload as Finished)
    if (name !== 'work.progress') return
    const { share, detail } = payload as EngineEvents['work.progress']
    const what = detail ?? m.lab_title()
    terminal.progress(m.cli_measure_progress({ what, percent: Math.floor(100 * share) }))
  }) as Emit
  const { job } = await handlers['lab.start'](wish, emit)
  const stop = (): void => void handlers['job.cancel']({ job }, silent)
  signal.addEventListener('abort', stop)
  const { outcome } = await finished
  signal.removeEventListener('abort', stop)
  terminal.progress(null)
  if (outcome.state === 'done' && run) return run
  if (outcome.state === 'failed') throw errorFromData(outcome.error)
  throw new DarkroomError('cancelled', 'cancelled')
}

async function writeReport({ handlers }: Engine, { job }: LabRun, path: string): Promise<void> {
  const options = { job, path, language: getLocale(), detail: null, gain: 4 }
  await handlers['lab.export'](options, silent).catch((error: unknown) => {
    throw errorFromData(withPath(error, [path]))
  })
}

/** A run as it is told in JSON: ids that mean nothing outside are left out. */
const forFiles = ({ job: _job, photo: _photo, name: _name, ...run }: LabRun, path: string) => ({
  path,
  ...run,
})

function linesOf(run: LabRun): string[] {
  const size = `${run.region.width} × ${run.region.height}`
  const figures = (psnr: number | null, ssim: number): string =>
    m.cli_lab_quality({ psnr: psnr?.toFixed(2) ?? '∞', ssim: ssim.toFixed(4) })
  const rest = (row: LabRow): string => {
    if (row.outcome?.state !== 'done') return row.outcome ? errorText(row.outcome.error) : ''
    const { quality, noise, residualCorrelation, seconds } = row.outcome.figures
    const seen = m.cli_lab_row({
      noise: noise.toFixed(1),
      correlation: residualCorrelation.toFixed(2),
      seconds: seconds.toFixed(2),
    })
    return quality ? `${figures(quality.psnr, quality.ssim)}  ${seen}` : seen
  }
  const input = run.input ? `  ${figures(run.input.psnr, run.input.ssim)}` : ''
  return [
    `${m.cli_lab({ name: run.name, size, sigma: run.sigma.toFixed(1) })}${input}`,
    ...run.rows.map((row) => `${labMethodName(row)}: ${rest(row)}`),
  ]
}
