/** `denoise IN… --out PATH|DIR`: the window's Denoise screen for any number of files, with the same bytes. */
import { automatic } from '../../shared/automaticModel'
import { m } from '../../shared/messages/compiled/messages'
import { DarkroomError, errorToData } from '../../shared/errors'
import { depthIn, exportFormats } from '../../shared/exportFormats'
import { errorText } from '../../shared/messages'
import { reasonsText } from '../../shared/messages/reasonWords'
import { isWarning } from '../../shared/reasons'
import { exportFormat, type DenoiseReport } from '../../shared/types'
import { denoiseInput, type Denoised, type Scored } from '../../main/engine/batch/denoise'
import { workThrough } from '../../main/engine/batch/failures'
import type { FileOptions } from '../../main/engine/batch/files'
import { expandInputs, type Input } from '../../main/engine/batch/inputs'
import type { Target } from '../../main/engine/batch/targets'
import { inputsOf, levelOf, oneOf, parse, required } from '../arguments'
import { Batch, checkReportPath } from '../batch'
import type { Command } from '../context'
import { patternOf } from '../pattern'
import {
  checkDepth,
  engineFor,
  fileOptionsOf,
  fileOptionTable,
  followerOf,
  lookOf,
  lookOptionTable,
  pageOf,
  pagePath,
  tellDepth,
} from '../photo'
import { targetsOf } from '../targets'

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
  const { model = automatic } = values
  const named = inputsOf(positionals)
  const out = required('--out', values.out)
  const sigma = levelOf('--sigma', values.sigma)
  const look = lookOf(values)
  const files = fileOptionsOf(values, values.quality)
  const page = pageOf(values.page)
  const format = values.format && oneOf('--format', values.format, exportFormat.options)
  const nameOf = values.pattern === undefined ? undefined : patternOf(values.pattern, model)
  const skipExisting = values['skip-existing'] ?? false
  const found = await expandInputs(named, out)
  const single = found.length === 1 && found[0]?.path === named[0]
  const targets = await targetsOf(found, { out, single, format: format || undefined, nameOf })
  if (targets.format) checkDepth(files, { path: out, format: targets.format })
  const inputs = await targets.withoutResults(skipExisting)
  if (values.report !== undefined) {
    await targets.refuseSource(values.report)
    await checkReportPath(values.report)
  }
  const engine = await engineFor(context, model)
  const batch = new Batch(inputs, context)
  const wish = {
    ...{ model, sigma, look, files, page },
    skipExisting,
    score: values.score ?? false,
  }
  const hands = {
    ...{ handlers: engine.handlers, targets },
    follower: (name: string) => followerOf(name, batch.context),
    check: (target: Target) => checkDepthOf(target, files),
  }
  const work = async (input: Input): Promise<void> => {
    const begun = performance.now()
    const outcome = await denoiseInput(input, wish, hands).finally(() =>
      context.terminal.progress(null),
    )
    if (outcome.state === 'done') tellDepth(files, outcome, context)
    batch.ended(input, outcome, (performance.now() - begun) / 1000, look)
    if (context.json || outcome.state === 'skipped') return
    for (const [i, info] of outcome.pages.entries()) {
      const { report, score } = outcome.results[i] as Denoised
      const texts = denoisedTexts(pagePath(input.path, info), outcome.out, report)
      for (const text of score ? [...texts, `  ${scoreText(score)}`] : texts)
        context.terminal.out(text)
    }
  }
  try {
    const failed = await workThrough(inputs, work, (data, input) => batch.failed(data, input))
    await batch.finish(values.report)
    return failed > 0 ? 1 : 0
  } finally {
    await engine.close()
  }
}

/**
 * Where each result has the format of its input, another one may hold the depth: only this one fails.
 * @throws DarkroomError `target-unwritable` for a depth that its format does not hold
 */
function checkDepthOf({ path: file, format }: Target, { bits }: FileOptions): void {
  if (bits === null || depthIn(format, bits) === bits) return
  const { name, depths } = exportFormats[format]
  const reason = m.cli_reason_bits({ format: name, bits, depths: depths.join(', ') })
  throw new DarkroomError('target-unwritable', `${file}: ${reason}`, { file, reason })
}

/** What was done, and why, where there was something to decide or to be warned of. */
function denoisedTexts(path: string, out: string, report: DenoiseReport): string[] {
  const words = {
    path,
    out,
    sigma: report.sigma.toFixed(1),
    seconds: report.seconds.toFixed(1),
    rate: report.megapixelsPerSecond.toFixed(2),
  }
  const text = report.sigmaEstimated ? m.cli_denoised_auto(words) : m.cli_denoised(words)
  const says = report.sigmaEstimated || isWarning(report.reasons)
  return says ? [text, `  ${reasonsText(report)}`] : [text]
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
