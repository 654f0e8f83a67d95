/** Errors on the command line: one clear line on standard error, and a JSON object besides when that is wanted. */
import { basename } from 'node:path'
import { DarkroomError, errorToData, type ErrorCode, type ErrorData } from '../shared/errors'
import { errorText } from '../shared/messages'
import type { Context } from './context'

/** After one of these the other inputs would fail just the same. */
const lasting = new Set<ErrorCode>([
  'disk-full',
  'model-unknown',
  'model-not-ours',
  'model-damaged',
  'model-newer',
  'tensorflow-missing',
  'cancelled',
])

/** The error, naming a file by the path that the user knows it by instead of its base name. */
export function withPath(error: unknown, paths: readonly string[]): ErrorData {
  const data = errorToData(error)
  const { file } = data.params
  const path = paths.find((each) => file === undefined || basename(each) === file)
  return path === undefined ? data : { ...data, params: { ...data.params, file: path } }
}

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

/**
 * Works on one input after the other. One that fails is named and passed over, unless the others would fail alike.
 * @param tell tells of one that failed
 * @returns how many failed
 * @throws DarkroomError `usage`, which is no fault of an input
 */
export async function forEachInput<Item extends { path: string }>(
  items: readonly Item[],
  context: Context,
  work: (item: Item, index: number) => Promise<void>,
  tell = (data: ErrorData, { path }: Item): void => report(context, data, { path }),
): Promise<number> {
  let failed = 0
  for (const [index, item] of items.entries()) {
    try {
      await work(item, index)
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'usage') throw error
      failed++
      const data = withPath(error, [item.path])
      tell(data, item)
      if (lasting.has(data.code)) break
    }
  }
  return failed
}
