/** `evaluate noise-estimate`: the blind noise estimate against noise of known levels. */
import { m } from '../../shared/messages/compiled/messages'
import type { NoiseEstimate } from '../../main/engine/evaluate/noiseEstimate'
import { numberOf, parse, required } from '../arguments'
import type { Command } from '../context'
import { forEachInput } from '../failures'
import { expandInputs } from '../../main/engine/batch/inputs'
import { denoiseOptions, levelsOf } from './evaluateDenoiser'

type Reading = 'clipped' | 'unclipped'

/** Means, and the estimate that is farthest off: as a share of σ, or for σ 0 the largest. */
function summaryOf(estimates: readonly NoiseEstimate[]) {
  const [{ sigma } = { sigma: 0 }] = estimates
  const of = (reading: Reading) => {
    const values = estimates.map((estimate) => estimate[reading])
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const worst =
      sigma === 0
        ? { largest: Math.max(...values) }
        : { worstError: Math.max(...values.map((value) => Math.abs(value / sigma - 1))) }
    return { mean, ...worst }
  }
  return { sigma, images: estimates.length, clipped: of('clipped'), unclipped: of('unclipped') }
}

export const evaluateNoise: Command = async (args, context) => {
  const { values, positionals } = parse(args, denoiseOptions)
  const folders = [...required('--images', values.images), ...positionals.slice(1)]
  const sigmas = levelsOf(values.sigma ?? '0,5,15,25,50')
  const seed = numberOf('--seed', values.seed ?? '0', 0, 2 ** 31 - 1, true)
  const { terminal, json, signal } = context
  const inputs = await expandInputs(folders)
  const { noiseEstimates } = await import('../../main/engine/evaluate/noiseEstimate')
  const found = sigmas.map((): NoiseEstimate[] => [])
  const failed = await forEachInput(inputs, context, async ({ path, error }, index) => {
    if (error) throw error
    signal.throwIfAborted()
    terminal.progress(m.cli_evaluating({ path, index: index + 1, count: inputs.length }))
    const estimates = await noiseEstimates(path, sigmas, seed)
    estimates.forEach((estimate, level) => found[level]?.push(estimate))
  })
  terminal.progress(null)
  const results = found.filter(({ length }) => length > 0).map(summaryOf)
  if (json) terminal.out(JSON.stringify({ results }))
  else {
    for (const { sigma, images, clipped, unclipped } of results) {
      const text = ({ mean, ...worst }: typeof clipped): string =>
        'largest' in worst
          ? m.cli_noise_largest({ mean: mean.toFixed(2), largest: (worst.largest ?? 0).toFixed(2) })
          : m.cli_noise_worst({
              mean: mean.toFixed(2),
              percent: (100 * (worst.worstError ?? 0)).toFixed(1),
            })
      const words = { sigma, images, clipped: text(clipped), unclipped: text(unclipped) }
      terminal.out(m.cli_noise_row(words))
    }
  }
  return failed > 0 ? 1 : 0
}
