/**
 * Native calls that may keep this process silent for long: loading a graph, its first run, runs that are slow. Whoever
 * watches the process is told, so that it is not taken for dead.
 */

let tell: (blocking: boolean) => void = () => undefined

/** From now on `listener` hears of the beginning and the end of such calls. They may nest. */
export function onBlocking(listener: (blocking: boolean) => void): void {
  tell = listener
}

/** Does something that may take long without a sign of life. */
export function whileBlocking<Result>(work: () => Result): Result {
  tell(true)
  try {
    return work()
  } finally {
    tell(false)
  }
}
