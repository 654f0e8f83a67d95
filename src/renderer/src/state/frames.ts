/** Work that waits for the next frame, so that many events become one change of the screen. */
export type NextFrame = (work: () => void) => void

/** Least time between two changes that a stream of events makes: eight a second look live, and leave time for typing. */
const restMilliseconds = 120

/** Runs `work` in an animation frame soon after it was asked for, however often it is asked. */
export function coalesced(work: () => void, nextFrame: NextFrame = frame): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    nextFrame(() => {
      waiting = false
      work()
    })
  }
}

let last = 0

/** The next frame that is at least {@link restMilliseconds} after the one before; without a screen, a timer. */
const frame: NextFrame = (work) => {
  if (typeof requestAnimationFrame === 'undefined') {
    setTimeout(work, 0)
    return
  }
  setTimeout(
    () =>
      requestAnimationFrame(() => {
        last = performance.now()
        work()
      }),
    Math.max(0, last + restMilliseconds - performance.now()),
  )
}
