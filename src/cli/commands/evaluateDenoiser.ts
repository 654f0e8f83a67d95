/** `evaluate denoise`: PSNR and SSIM as papers measure them (`engine/evaluate` has the protocol). */
import { automatic } from '../../shared/automaticModel'
import { m } from '../../shared/messages/compiled/messages'
import { levelOf, numberOf, parse, required, usage } from '../arguments'
import type { PairResult } from '../../main/engine/evaluate/pairs'
import type { Command, Context, ExitStatus } from '../context'
import { forEachInput } from '../failures'
import { expandInputs } from '../../main/engine/batch/inputs'
import { engineFor } from '../photo'

export const denoiseOptions = {
  images: { type: 'string', multiple: true },
  pairs: { type: 'string' },
  sigma: { type: 'string' },
  seed: { type: 'string' },
  model: { type: 'string' },
  'known-sigma': { type: 'boolean' },
} as const

/** The noise levels that `--sigma` names. @throws DarkroomError `usage` */
export function levelsOf(text: string): number[] {
  const sigmas = text.split(',').map((level) => numberOf('--sigma', level, 0, 255))
  if (new Set(sigmas).size !== sigmas.length) throw usage(m.cli_sigma_twice())
  return sigmas
}

export const evaluateDenoiser: Command = async (args, context) => {
  const { values, positionals } = parse(args, denoiseOptions)
  if (values.pairs !== undefined) return evaluatePairs(values.pairs, values, context)
  const folders = [...required('--images', values.images), ...positionals.slice(1)]
  const sigmas = levelsOf(values.sigma ?? '15,25,50')
  const seed = numberOf('--seed', values.seed ?? '0', 0, 2 ** 31 - 1, true)
  const { model = automatic } = values
  const inputs = await expandInputs(folders)
  const engine = await engineFor(context, model)
  try {
    const { DenoiseEvaluation } = await import('../../main/engine/evaluate/denoise')
    const known = values['known-sigma'] ?? false
    const evaluation = new DenoiseEvaluation(engine.denoisers, { model, sigmas, seed, known })
    const failed = await forEachInput(inputs, context, async ({ path, error }, index) => {
      if (error) throw error
      context.terminal.progress(m.cli_evaluating({ path, index: index + 1, count: inputs.length }))
      await evaluation.add(path, context.signal)
    })
    context.terminal.progress(null)
    const summary = evaluation.summary()
    if (summary && context.json) context.terminal.out(JSON.stringify(summary))
    else if (summary) {
      context.terminal.out(m.cli_evaluated({ model: summary.model }))
      for (const { sigma, psnr, ssim, images } of summary.results) {
        const words = { sigma, psnr: psnr.toFixed(3), ssim: ssim.toFixed(4), images }
        context.terminal.out(m.cli_evaluated_row(words))
      }
      const seconds = summary.secondsPerMegapixel.toFixed(2)
      context.terminal.out(m.cli_evaluated_time({ seconds }))
    }
    evaluation.close()
    return failed > 0 ? 1 : 0
  } finally {
    await engine.close()
  }
}

/** `evaluate denoise --pairs DIR`: real noise, with the settings that the program has by default. */
async function evaluatePairs(
  folder: string,
  { model = automatic, sigma: level }: { model?: string; sigma?: string },
  context: Context,
): Promise<ExitStatus> {
  const { terminal, json, signal } = context
  const sigma = levelOf('--sigma', level)
  const engine = await engineFor(context, model)
  try {
    const { findPairs, measurePair } = await import('../../main/engine/evaluate/pairs')
    const pairs = await findPairs(folder)
    const results: PairResult[] = []
    for (const [index, pair] of pairs.entries()) {
      const words = { path: pair.noisy, index: index + 1, count: pairs.length }
      terminal.progress(m.cli_evaluating(words))
      const result = await measurePair(engine.denoisers, pair, { model, sigma, signal })
      results.push(result)
      terminal.progress(null)
      const { name, noisyPsnr, psnr, gain } = result
      const figures = { sigma: result.sigma.toFixed(1), noisy: noisyPsnr.toFixed(2) }
      const row = { name, ...figures, psnr: psnr.toFixed(2), gain: gain.toFixed(2) }
      if (!json) terminal.out(m.cli_evaluated_pair(row))
    }
    const mean = (pick: (of: PairResult) => number): number =>
      results.reduce((sum, result) => sum + pick(result), 0) / results.length
    const summary = {
      psnr: mean(({ psnr }) => psnr),
      noisyPsnr: mean(({ noisyPsnr }) => noisyPsnr),
      ssim: mean(({ ssim }) => ssim),
      worstGain: Math.min(...results.map(({ gain }) => gain)),
      pairs: results.length,
    }
    if (json) terminal.out(JSON.stringify({ results: [summary], files: results }))
    else {
      const { psnr, noisyPsnr, ssim, worstGain } = summary
      const figures = { noisy: noisyPsnr.toFixed(3), psnr: psnr.toFixed(3), ssim: ssim.toFixed(4) }
      const worst = worstGain.toFixed(2)
      terminal.out(m.cli_evaluated_pairs({ count: results.length, ...figures, worst }))
    }
    return 0
  } finally {
    await engine.close()
  }
}
