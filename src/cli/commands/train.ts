/** `train RECIPE|--config FILE --name NAME`, `train --resume NAME` (`trainRun.ts`), and `train denoiser`. */
import { parse } from '../arguments'
import type { Command } from '../context'
import { denoiserOptions, trainDenoiser } from './trainDenoiser'
import { runOptions, trainRun } from './trainRun'

export const train: Command = (args, context) => {
  const { positionals } = parse(args, { ...runOptions, ...denoiserOptions })
  return positionals[0] === 'denoiser' ? trainDenoiser(args, context) : trainRun(args, context)
}
