/** What the readers of data sets share: what they make, how they report, and where they stop. */
import { DarkroomError, type ErrorData } from '../../../shared/errors'

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Receives 0–1. */
  onProgress?: ((share: number) => void) | undefined
  /** Bytes that a data set may take. Default: {@link memoryForData}. */
  memoryBytes?: number | undefined
}

/** Images and their labels: [count, height, width, channels] bytes, and one byte an image. */
export interface Part {
  images: Uint8Array
  labels: Uint8Array | null
}

/** A data set as it was read. */
export interface RawSet extends Part {
  width: number
  height: number
  channels: 1 | 3
  test: Part
  /** The name of each label's number. */
  labelNames: string[] | null
  /** Files that could not be used. */
  skipped: { file: string; error: ErrorData }[]
}

/** @throws DarkroomError 'cancelled' */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
}

/**
 * What a promise comes to, or 'cancelled' at once: its work may go on, but nobody waits for it.
 * @throws DarkroomError 'cancelled', and what the promise throws
 */
export async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return promise
  let abort = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(new DarkroomError('cancelled', 'cancelled'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** @throws DarkroomError 'training-too-large' (`megabytes`, `limit`) */
export function requireMemory(bytes: number, limit: number): void {
  if (bytes <= limit) return
  const [megabytes, most] = [Math.ceil(bytes / 2 ** 20), Math.floor(limit / 2 ** 20)]
  throw new DarkroomError(
    'training-too-large',
    `The data take ${megabytes} MB; ${most} MB are free for them`,
    { megabytes, limit: most },
  )
}
