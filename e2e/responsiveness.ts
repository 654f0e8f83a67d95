/** How the window feels: what its scripts and frames cost, by Chromium's own recording and by the page's own clock. */
import { readFileSync } from 'node:fs'
import type { ElectronApplication, Page } from '@playwright/test'

export interface Feel {
  /** Milliseconds of processor time of the longest task of script, and of the same by the wall clock. */
  longestScript: number
  longestScriptWall: number
  scripts: number
  /** Milliseconds between two frames: median, 99th percentile, longest. */
  frames: Spread
  /** Milliseconds from a click or a key to the next frame, where that took more than one. */
  inputs: Spread
  /** Tasks of any kind over 50 ms by the wall clock, in milliseconds. */
  longTasks: number[]
}

interface Spread {
  count: number
  median: number
  p99: number
  longest: number
}

/** Events of a recording in which script runs: everything that calls into the page's own code. */
const scriptEvents = new Set([
  ...['FunctionCall', 'EvaluateScript', 'v8.run', 'RunMicrotasks'],
  ...['FireAnimationFrame', 'TimerFire', 'EventDispatch', 'FireIdleCallback'],
])

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  dur?: number
  tdur?: number
  args?: { name?: string }
}

interface PageClock {
  frames: number[]
  inputs: number[]
  longTasks: number[]
}

/** Watches the page while `act` goes on. `path` is where the recording may be written. */
export async function watch(
  app: ElectronApplication,
  page: Page,
  path: string,
  act: () => Promise<void>,
): Promise<Feel> {
  await page.evaluate(startClock)
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['devtools.timeline', 'v8'] }),
  )
  await act()
  await app.evaluate(({ contentTracing }, file) => contentTracing.stopRecording(file), path)
  const { frames, inputs, longTasks } = await page.evaluate(() => {
    const { clock } = globalThis as unknown as { clock: PageClock }
    return clock
  })
  return { ...scriptsIn(path), frames: spread(frames), inputs: spread(inputs), longTasks }
}

/** Runs in the page: notes the time between frames, and long tasks. */
const startClock = `(() => {
  const clock = (globalThis.clock = { frames: [], inputs: [], longTasks: [] })
  let last = performance.now()
  const frame = (now) => {
    clock.frames.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) clock.longTasks.push(Math.round(duration))
  }).observe({ type: 'longtask' })
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'click' || name === 'keydown') clock.inputs.push(duration)
    }
  }).observe({ type: 'event', durationThreshold: 16 })
})()`

/** The tasks of script on the main threads of pages. */
function scriptsIn(path: string): Pick<Feel, 'longestScript' | 'longestScriptWall' | 'scripts'> {
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: TraceEvent[] }
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(thread),
  )
  const scripts = traceEvents.filter(
    (event) => event.ph === 'X' && scriptEvents.has(event.name) && pages.has(thread(event)),
  )
  const longest = (of: (event: TraceEvent) => number | undefined) =>
    scripts.reduce((most, event) => Math.max(most, (of(event) ?? 0) / 1000), 0)
  return {
    longestScript: longest(({ tdur }) => tdur),
    longestScriptWall: longest(({ dur }) => dur),
    scripts: scripts.length,
  }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
  return { count: sorted.length, median: at(0.5), p99: at(0.99), longest: at(1) }
}
