/** `evaluate MODEL --data …` (`evaluateModel.ts`), `evaluate denoise` and `evaluate noise-estimate`. */
import { m } from '../../shared/messages/compiled/messages'
import { parse, usage } from '../arguments'
import type { Command } from '../context'
import { denoiseOptions, evaluateDenoiser } from './evaluateDenoiser'
import { evaluateModel, modelOptions } from './evaluateModel'
import { evaluateNoise } from './evaluateNoise'

export const evaluate: Command = (args, context) => {
  const { positionals } = parse(args, { ...modelOptions, ...denoiseOptions })
  if (positionals.length === 0) throw usage(m.cli_one_model())
  if (positionals[0] === 'denoise') return evaluateDenoiser(args, context)
  if (positionals[0] === 'noise-estimate') return evaluateNoise(args, context)
  return evaluateModel(args, context)
}
