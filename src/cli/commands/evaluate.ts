/** `evaluate MODEL --data …` (`evaluateModel.ts`), and `evaluate denoise`. */
import { m } from '../../shared/messages/compiled/messages'
import { parse, usage } from '../arguments'
import type { Command } from '../context'
import { denoiseOptions, evaluateDenoiser } from './evaluateDenoiser'
import { evaluateModel, modelOptions } from './evaluateModel'

export const evaluate: Command = (args, context) => {
  const { positionals } = parse(args, { ...modelOptions, ...denoiseOptions })
  if (positionals.length === 0) throw usage(m.cli_one_model())
  return positionals[0] === 'denoise'
    ? evaluateDenoiser(args, context)
    : evaluateModel(args, context)
}
