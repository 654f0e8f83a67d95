/** Errors on the command line: one clear line on standard error, and a JSON object besides when that is wanted. */
import { workThrough } from '../main/engine/batch/failures'
import type { ErrorCode, ErrorData } from '../shared/errors'
import { errorText } from '../shared/messages'
import type { Context } from './context'

/** A failure as JSON has it. */
export const failureOf = (data: ErrorData): { code: ErrorCode; message: string } => ({
  code: data.code,
  message: errorText(data),
})

/** Tells of a failure. `about` is what JSON says besides, as the `path` of the input that it is about. */
export function report({ terminal, json }: Context, data: ErrorData, about: object = {}): void {
  const error = failureOf(data)
  terminal.progress(null)
  terminal.error(error.message)
  if (json) terminal.out(JSON.stringify({ ...about, error }))
}

/** {@link workThrough} the inputs of a command; one that fails is told of by {@link report}. */
export function forEachInput<Item extends { path: string }>(
  items: readonly Item[],
  context: Context,
  work: (item: Item, index: number) => Promise<void>,
): Promise<number> {
  return workThrough(items, work, (data, { path }) => report(context, data, { path }))
}
