/** `train denoiser`: makes a model file from photos, or goes on from the checkpoint beside it. */
import { m } from '../../shared/messages/compiled/messages'
import { parse, required } from '../arguments'
import type { Command } from '../context'

export const denoiserOptions = {
  config: { type: 'string' },
  images: { type: 'string', multiple: true },
  from: { type: 'string' },
  out: { type: 'string' },
} as const

export const trainDenoiser: Command = async (args, { terminal, json, signal }) => {
  const { values, positionals } = parse(args, denoiserOptions)
  const config = required('--config', values.config)
  const out = required('--out', values.out)
  const images = [...required('--images', values.images), ...positionals.slice(1)]
  const { trainDenoiser: run } = await import('../../main/engine/training/denoiser')
  const { finished, step } = await run({
    config,
    images,
    ...(values.from === undefined ? {} : { from: values.from }),
    out,
    command: `npm run --silent cli -- train ${args.filter((each) => each !== '--json').join(' ')}`,
    signal,
    onMessage: (message) => terminal.error(message),
    onProgress: (progress) => {
      if (json) {
        terminal.out(JSON.stringify(progress))
        return
      }
      const { step: at, steps, loss, rate, secondsLeft, psnr } = progress
      const minutes = Math.ceil(secondsLeft / 60)
      const words = { at, steps, loss: loss.toFixed(3), rate: rate.toExponential(1), minutes }
      terminal.out(
        psnr === null
          ? m.cli_training(words)
          : `${m.cli_training(words)}  ${m.cli_training_psnr({ psnr: psnr.toFixed(2) })}`,
      )
    },
  })
  if (json) terminal.out(JSON.stringify({ out, finished, step }))
  else terminal.out(finished ? m.cli_trained({ out }) : m.cli_training_paused({ step }))
  return finished ? 0 : 1
}
