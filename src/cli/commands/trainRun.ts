/**
 * `train RECIPE|--config FILE --name NAME`: trains a model into the library, by the service that the window uses.
 * Ctrl-C pauses: the checkpoint is in the library, and `train --resume NAME` goes on from there.
 */
import { basename } from 'node:path'
import type { Engine } from '../../main/engine/handlers'
import { comparable } from '../../main/engine/store/naming'
import { DarkroomError, errorFromData, errorToData } from '../../shared/errors'
import { comparedWords } from '../../shared/messages/comparedWords'
import { m } from '../../shared/messages/compiled/messages'
import type { BlindScore, DenoiserComparison, LibraryItem, RunConfig } from '../../shared/training'
import { parse, required, usage } from '../arguments'
import type { Command, Context, ExitStatus } from '../context'
import { namingData, withDataPath } from '../dataSources'
import { runConfigOf } from '../runConfig'
import { RunReport, shortly } from '../runReport'

export const runOptions = {
  config: { type: 'string' },
  name: { type: 'string' },
  data: { type: 'string' },
  images: { type: 'string' },
  epochs: { type: 'string' },
  seed: { type: 'string' },
  resume: { type: 'string' },
} as const

/** As the window has it. */
const LONGEST_NAME = 80

export const trainRun: Command = async (args, context) => {
  const { values, positionals } = parse(args, runOptions)
  const { resume, images, data = images, ...given } = values
  if (positionals.length > 1) throw usage(m.cli_recipe_or_config())
  if (resume !== undefined) {
    if (
      positionals.length > 0 ||
      Object.keys(values).some((key) => !['resume', 'json'].includes(key))
    )
      throw usage(m.cli_resume_alone())
    return withEngine(context, (engine) => goOn(engine, resume, context))
  }
  const config = await runConfigOf({ ...given, data, recipe: positionals[0] })
  const name = required('--name', given.name).trim()
  if (name === '' || name.length > LONGEST_NAME)
    throw usage(m.cli_name_length({ most: LONGEST_NAME }))
  const source = given.config ?? positionals[0] ?? ''
  return withEngine(context, async (engine) => {
    await refuseTaken(engine, name)
    await namingData(config.data, () => check(engine, config, context)).catch(naming(source))
    const runs = await engine.training.runs()
    const report = new RunReport(context, name)
    const command = commandOf(args)
    const { item } = await runs.start({ config, name, group: null, command }, report.emit)
    return untilItEnds(engine, { item, name, report, context }).catch(naming(source))
  })
}

/** Lets an error about a configuration name it: by its file, or as the recipe that it is. */
const naming =
  (source: string) =>
  (error: unknown): never => {
    const data = errorToData(error)
    if (data.code !== 'config-invalid' || 'file' in data.params) throw error
    throw errorFromData({ ...data, params: { ...data.params, file: source } })
  }

async function goOn(engine: Engine, wanted: string, context: Context): Promise<ExitStatus> {
  const { item, name } = await engine.library.find(wanted)
  const runs = await engine.training.runs()
  const report = new RunReport(context, name)
  await runs.resume(item, report.emit)
  return untilItEnds(engine, { item, name, report, context })
}

async function withEngine(
  context: Context,
  work: (engine: Engine) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const engine = context.createEngine()
  try {
    return await work(engine)
  } finally {
    context.terminal.progress(null)
    await engine.close()
  }
}

async function refuseTaken({ library }: Engine, name: string): Promise<void> {
  const { items } = await library.list()
  if (items.some((each) => comparable(each.name) === comparable(name)))
    throw new DarkroomError('name-taken', `There is an item ${name}`, { name })
}

/** Refuses what cannot be trained before it is in the library. The data that are read here are read once. */
async function check(
  { library }: Engine,
  config: RunConfig,
  { terminal, signal }: Context,
): Promise<void> {
  if (config.model.kind === 'photo-denoiser') return
  const [{ openImageSet }, { splitIndices }, { checkedRun }] = await Promise.all([
    import('../../main/engine/data/imageSet'),
    import('../../main/engine/data/split'),
    import('../../main/engine/training/checks'),
  ])
  const onProgress = (share: number): void =>
    terminal.progress(m.cli_reading_data({ percent: Math.floor(100 * share) }))
  const { card } = await openImageSet(config.data, {
    cache: library.folders.cache,
    signal,
    onProgress,
  })
  terminal.progress(null)
  checkedRun(
    config,
    card,
    splitIndices(card.images, config.validation, config.training.seed).training.length,
  )
}

interface Trained {
  item: string
  name: string
  report: RunReport
  context: Context
}

/** Waits for a run, pauses it when told to, and says how it ended. @throws DarkroomError what it failed with */
async function untilItEnds(
  engine: Engine,
  { item, name, report, context }: Trained,
): Promise<ExitStatus> {
  const { signal, terminal, json } = context
  if (json) terminal.out(JSON.stringify({ event: 'started', item, name }))
  const runs = await engine.training.runs()
  const pause = (): void => void runs.end(item, 'paused', report.emit).catch(() => undefined)
  signal.addEventListener('abort', pause)
  if (signal.aborted) pause()
  await runs.idle()
  signal.removeEventListener('abort', pause)
  terminal.progress(null)
  const ended = report.item ?? (await engine.library.find(item))
  const { progress } = ended
  if (progress?.state === 'failed' && progress.error) {
    // what failed before its first step has nothing in it, and would only keep its name from the next try
    if (progress.step === 0) await engine.library.trash(item).catch(() => undefined)
    const { config } = ended
    throw errorFromData(config ? withDataPath(progress.error, config.data) : progress.error)
  }
  tell(ended, name, context)
  return progress?.state === 'finished' ? 0 : 1
}

function tell(
  { item, progress, validation, data, parameters, comparison }: LibraryItem,
  name: string,
  { terminal, json }: Context,
): void {
  if (json) {
    const { state = null, epoch = 0, step = 0, seconds = 0, best = null } = progress ?? {}
    const made = { epoch, step, seconds, best, validation, parameters, comparison }
    terminal.out(JSON.stringify({ event: state, item, name, data: data?.name ?? null, ...made }))
    return
  }
  const { epoch = 0, best } = progress ?? {}
  if (progress?.state !== 'finished') terminal.out(m.cli_run_paused({ name, epoch }))
  else if (best) {
    const words = { name, epoch, best: best.epoch, loss: shortly(best.loss) }
    terminal.out(m.cli_run_finished_best(words))
  } else terminal.out(m.cli_run_finished({ name, epoch }))
  if (progress?.state === 'finished' && comparison)
    for (const line of comparisonLines(comparison, name)) terminal.out(line)
}

/** How the model does beside the bundled one: in a word, and each one's figures. */
function comparisonLines(comparison: DenoiserComparison, name: string): string[] {
  const { model, photos, verdict } = comparison
  const row = (title: string, { error, correlation, structured }: BlindScore): string => {
    const figures = { error: error.toFixed(2), correlation: correlation.toFixed(2), structured }
    return m.cli_compared_row({ name: title, ...figures, photos })
  }
  return [
    comparedWords[verdict]({ model }),
    row(name, comparison.trained),
    row(model, comparison.bundled),
  ]
}

/** The command line for the model's card: as it was typed, in a form that a shell takes, a configuration by its name. */
function commandOf(args: readonly string[]): string {
  const words = args.filter((each) => each !== '--json')
  const shown = words.map((each, at) => (words[at - 1] === '--config' ? basename(each) : each))
  return ['npm run --silent cli -- train', ...shown.map(quoted)].join(' ')
}
const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
