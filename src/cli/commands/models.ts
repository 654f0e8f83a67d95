/** `models`: the models that `--model` can name. Never loads TensorFlow. */
import { m } from '../../shared/messages/compiled/messages'
import { errorToData } from '../../shared/errors'
import { parse } from '../arguments'
import type { Command } from '../context'
import { report } from '../failures'

export const models: Command = async (args, context) => {
  parse(args, {})
  const { terminal, json } = context
  const { models: found, problems } = await context.createEngine().denoisers.list()
  if (json) terminal.out(JSON.stringify(found.map(({ info }) => info)))
  else {
    for (const { info } of found) {
      const { name, title, channels, parameters, sigmaRange } = info.card
      const [from, to] = sigmaRange
      const kind = channels === 1 ? m.cli_grey() : m.cli_colour()
      const megabytes = (info.bytes / 1e6).toFixed(1)
      terminal.out(m.cli_model({ name, title, kind, parameters, from, to, megabytes }))
      for (const { what, value, unit } of info.card.measured)
        terminal.out(`    ${what}: ${value} ${unit}`)
    }
    if (found.length === 0 && problems.length === 0) terminal.error(m.cli_no_models())
  }
  for (const problem of problems) report({ ...context, json: false }, errorToData(problem))
  return problems.length > 0 ? 1 : 0
}
