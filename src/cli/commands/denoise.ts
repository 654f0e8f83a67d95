/** `denoise IN… --out PATH|DIR`: the window's Denoise screen for any number of files, with the same bytes. */
import { DarkroomError, errorToData } from '../../shared/errors'
import { errorText } from '../../shared/messages'
import { m } from '../../shared/messages/compiled/messages'
import { reasonsText } from '../../shared/messages/reasonWords'
import { inputsOf, numberOf, oneOf, parse, required } from '../arguments'
import type { Command } from '../context'
import { Batch, checkReportPath } from '../batch'
import { forEachInput } from '../failures'
import { expandInputs, type Input } from '../inputs'
import { resultNameOf } from '../pattern'
import {
  denoisePhoto,
  fileOptionsOf,
  fileOptionTable,
  engineFor,
  lookOf,
  lookOptionTable,
  pageOf,
  pagePath,
  processFile,
  scorePhoto,
} from '../photo'
import { isWritten, Targets } from '../targets'
import {
  exportFormat,
  type DenoiseReport,
  type PhotoInfo,
  type SelfScore,
} from '../../shared/types'

export const denoise: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    model: { type: 'string' },
    sigma: { type: 'string' },
    ...lookOptionTable,
    score: { type: 'boolean' },
    'skip-existing': { type: 'boolean' },
    pattern: { type: 'string' },
    report: { type: 'string' },
    format: { type: 'string' },
    quality: { type: 'string' },
    ...fileOptionTable,
  })
  const { model = 'auto', sigma: level = 'auto' } = values
  const named = inputsOf(positionals)
  const out = required('--out', values.out)
  const sigma = level === 'auto' ? null : numberOf('--sigma', level, 0, 255)
  const look = lookOf(values)
  const files = fileOptionsOf(values, values.quality)
  const page = pageOf(values.page)
  const format = values.format && oneOf('--format', values.format, exportFormat.options)
  const nameOf = values.pattern === undefined ? undefined : resultNameOf(values.pattern, model)
  const inputs = await expandInputs(named, out)
  const single = inputs.length === 1 && inputs[0]?.path === named[0]
  const targets = await Targets.plan(inputs, { out, single, format: format || undefined, nameOf })
  if (values.report !== undefined) {
    await targets.refuseSource(values.report)
    await checkReportPath(values.report)
  }
  const engine = await engineFor(context, model)
  const batch = new Batch(inputs, context)
  const work = async (input: Input): Promise<void> => {
    if (input.error) throw input.error
    const begun = performance.now()
    const target = await targets.of(input)
    if (values['skip-existing'] && (await isWritten(target))) {
      batch.skipped(input, target.path)
      return
    }
    const { path } = input
    const { results, pages, out, bytes } = await processFile(
      engine,
      { path, page, target },
      { layer: 'denoised', look, files },
      async (info) => ({
        report: await denoisePhoto(engine, info, { model, sigma }, batch.context),
        score: values.score ? await scoreOf(engine, info, { model, sigma }, batch.context) : null,
      }),
      context,
    )
    const lines = results.map(({ report, score }, i) => {
      const info = pages[i] as PhotoInfo
      const numbers = info.pages > 1 ? { page: info.page, pages: info.pages } : {}
      return { out, bytes, ...numbers, look, ...report, ...score }
    })
    batch.done(input, (performance.now() - begun) / 1000, lines)
    if (context.json) return
    for (const [i, info] of pages.entries()) {
      const { report, score } = results[i] as (typeof results)[number]
      const texts = denoisedTexts(pagePath(path, info), out, report)
      for (const text of score ? [...texts, `  ${scoreText(score)}`] : texts)
        context.terminal.out(text)
    }
  }
  try {
    const failed = await forEachInput(inputs, context, work, (data, input) =>
      batch.failed(data, input),
    )
    await batch.finish(values.report)
    return failed > 0 ? 1 : 0
  } finally {
    await engine.close()
  }
}

/** What was done, and of an estimated level why. */
function denoisedTexts(path: string, out: string, report: DenoiseReport): string[] {
  const words = {
    path,
    out,
    sigma: report.sigma.toFixed(1),
    seconds: report.seconds.toFixed(1),
    rate: report.megapixelsPerSecond.toFixed(2),
  }
  return report.sigmaEstimated
    ? [m.cli_denoised_auto(words), `  ${reasonsText(report)}`]
    : [m.cli_denoised(words)]
}

type Scored = { score: SelfScore } | { score: null; invalid: DarkroomError }

/** The score, or why there can be none; that is no failure, the picture is there. */
async function scoreOf(...asked: Parameters<typeof scorePhoto>): Promise<Scored> {
  try {
    return { score: await scorePhoto(...asked) }
  } catch (error) {
    if (!(error instanceof DarkroomError) || error.code !== 'score-invalid') throw error
    return { score: null, invalid: error }
  }
}

function scoreText(scored: Scored): string {
  if (scored.score === null) return errorText(errorToData(scored.invalid))
  const [error, noise, interpolation] = [
    scored.score.error,
    scored.score.noise,
    scored.score.interpolation,
  ].map((value) => value.toFixed(2))
  return m.cli_score({ error: error ?? '', noise: noise ?? '', interpolation: interpolation ?? '' })
}
