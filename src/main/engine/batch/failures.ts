/** What becomes of a batch when one of its inputs fails: that one is named and passed over, unless all would fail alike. */
import { basename } from 'node:path'
import { DarkroomError, errorToData, type ErrorCode, type ErrorData } from '../../../shared/errors'

const lasting = new Set<ErrorCode>([
  'disk-full',
  'model-unknown',
  'model-not-ours',
  'model-damaged',
  'model-newer',
  'tensorflow-missing',
  'cancelled',
])

/** Whether after an error of this code the other inputs would fail just the same. */
export const isLasting = (code: ErrorCode): boolean => lasting.has(code)

/** The error, naming a file by the path that the user knows it by instead of its base name. */
export function withPath(error: unknown, paths: readonly string[]): ErrorData {
  const data = errorToData(error)
  const { file } = data.params
  const path = paths.find((each) => file === undefined || basename(each) === file)
  return path === undefined ? data : { ...data, params: { ...data.params, file: path } }
}

/**
 * Works on one input after the other. One that fails is told of and passed over, unless the others would fail alike.
 * @param tell tells of one that failed
 * @returns how many failed
 * @throws DarkroomError `usage`, which is no fault of an input
 */
export async function workThrough<Item extends { path: string }>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
  tell: (data: ErrorData, item: Item, index: number) => void,
): Promise<number> {
  let failed = 0
  for (const [index, item] of items.entries()) {
    try {
      await work(item, index)
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'usage') throw error
      failed++
      const data = withPath(error, [item.path])
      tell(data, item, index)
      if (isLasting(data.code)) break
    }
  }
  return failed
}
