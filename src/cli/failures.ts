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

/** Tells of a failure. `path` is the input that it is about, if it is about one. */
export function report({ terminal, json }: Context, data: ErrorData, path?: string): void {
  const message = errorText(data)
  terminal.progress(null)
  terminal.error(message)
  if (!json) return
  const error = { code: data.code, message }
  terminal.out(JSON.stringify(path === undefined ? { error } : { path, error }))
}

/**
 * Works on one input after the other. One that fails is named and passed over, unless the others would fail alike.
 * @returns how many failed
 * @throws DarkroomError `usage`, which is no fault of an input
 */
export async function forEachInput<Item extends { path: string }>(
  items: readonly Item[],
  context: Context,
  work: (item: Item, index: number) => Promise<void>,
): Promise<number> {
  let failed = 0
  for (const [index, item] of items.entries()) {
    try {
      await work(item, index)
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'usage') throw error
      failed++
      const data = withPath(error, [item.path])
      report(context, data, item.path)
      if (lasting.has(data.code)) break
    }
  }
  return failed
}
