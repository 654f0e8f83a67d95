/** `inspect IN…`: what each file holds, after a full decode, or why it is refused. Never loads TensorFlow. */
import { closeCodecs, inspectImage } from '../../main/engine/codec'
import { m } from '../../shared/messages/compiled/messages'
import { inputsOf, parse } from '../arguments'
import type { Command } from '../context'
import { forEachInput } from '../failures'
import { expandInputs } from '../../main/engine/batch/inputs'

export const inspect: Command = async (args, context) => {
  const { positionals } = parse(args, {})
  const inputs = await expandInputs(inputsOf(positionals))
  try {
    const failed = await forEachInput(inputs, context, async ({ path, error }) => {
      if (error) throw error
      const found = await inspectImage(path)
      context.terminal.out(context.json ? JSON.stringify(found) : m.cli_inspected(found))
      if (!context.json && found.pages > 1) context.terminal.out(m.cli_inspected_pages(found))
    })
    return failed > 0 ? 1 : 0
  } finally {
    await closeCodecs()
  }
}
