/** `library`: the runs and models there are, those of the window too. Never loads TensorFlow. */
import { m } from '../../shared/messages/compiled/messages'
import type { LibraryItem } from '../../shared/training'
import { parse } from '../arguments'
import type { Command } from '../context'
import { report } from '../failures'
import { shortly } from '../runReport'
import { kindWords, stateWords } from '../words'

export const library: Command = async (args, context) => {
  parse(args, {})
  const { terminal, json } = context
  const { items, setAside } = await context.createEngine().library.list()
  if (json) terminal.out(JSON.stringify(items))
  else {
    for (const item of items) terminal.out(lineOf(item))
    if (items.length === 0) terminal.error(m.cli_library_empty())
  }
  for (const { error } of setAside) report({ ...context, json: false }, error)
  return setAside.length > 0 ? 1 : 0
}

function lineOf({ name, kind, progress, validation, bytes, data }: LibraryItem): string {
  const parts = [
    kindWords[kind](),
    data?.name,
    progress &&
      m.cli_item_state({
        state: stateWords[progress.state](),
        epoch: progress.epoch,
        epochs: progress.epochs,
      }),
    validation && m.cli_item_loss({ loss: shortly(validation.loss) }),
    m.cli_item_size({ megabytes: (bytes / 1e6).toFixed(1) }),
  ]
  return m.cli_item({ name, about: parts.filter(Boolean).join(m.cli_comma()) })
}
