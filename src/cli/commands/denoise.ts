/** `denoise IN… --out PATH|DIR`: the window's Denoise screen for any number of files, with the same bytes. */
import { DarkroomError, errorToData } from '../../shared/errors'
import { errorText } from '../../shared/messages'
import { m } from '../../shared/messages/compiled/messages'
import { reasonsText } from '../../shared/messages/reasonWords'
import { inputsOf, numberOf, oneOf, parse, required } from '../arguments'
import type { Command } from '../context'
import { forEachInput } from '../failures'
import { expandInputs } from '../inputs'
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
import { Targets } from '../targets'
import { exportFormat, type ImageFormat, type SelfScore } from '../../shared/types'

export const denoise: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    model: { type: 'string' },
    sigma: { type: 'string' },
    ...lookOptionTable,
    score: { type: 'boolean' },
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
  const inputs = await expandInputs(named, out)
  const single = inputs.length === 1 && inputs[0]?.path === named[0]
  const targets = await Targets.plan(out, inputs, single, format || undefined)
  const engine = await engineFor(context, model)
  try {
    const failed = await forEachInput(inputs, context, async (input) => {
      if (input.error) throw input.error
      const { path } = input
      const source = { path, page, targetOf: (found: ImageFormat) => targets.of(input, found) }
      const { results, pages, out, bytes } = await processFile(
        engine,
        source,
        { layer: 'denoised', look, files },
        async (info) => ({
          report: await denoisePhoto(engine, info, { model, sigma }, context),
          score: values.score ? await scoreOf(engine, info, { model, sigma }, context) : null,
        }),
        context,
      )
      for (const [i, info] of pages.entries()) {
        const { report, score } = results[i] as (typeof results)[number]
        if (context.json) {
          const numbers = info.pages > 1 ? { page: info.page, pages: info.pages } : {}
          const line = { path, out, bytes, ...numbers, look, ...report, ...score }
          context.terminal.out(JSON.stringify(line))
          continue
        }
        const words = {
          path: pagePath(path, info),
          out,
          sigma: report.sigma.toFixed(1),
          seconds: report.seconds.toFixed(1),
          rate: report.megapixelsPerSecond.toFixed(2),
        }
        context.terminal.out(
          report.sigmaEstimated ? m.cli_denoised_auto(words) : m.cli_denoised(words),
        )
        if (report.sigmaEstimated) context.terminal.out(`  ${reasonsText(report)}`)
        if (score) context.terminal.out(`  ${scoreText(score)}`)
      }
    })
    return failed > 0 ? 1 : 0
  } finally {
    await engine.close()
  }
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
