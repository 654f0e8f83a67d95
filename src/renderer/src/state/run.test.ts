import { describe, expect, test } from 'vitest'
import type { History } from '../../../shared/training'
import { RunState } from './run.svelte'
import { FakeEngine } from './testing/fakeEngine'
import { epoch, libraryItem, point, preview, progress, told } from './testing/runs'

/** A run whose frames are drawn when the test says so. */
function watched() {
  const engine = new FakeEngine()
  const failures: unknown[] = []
  const frames: (() => void)[] = []
  const run = new RunState('a', {
    ask: engine.ask,
    failed: (error) => failures.push(error),
    now: () => 5000,
    nextFrame: (work) => frames.push(work),
  })
  const draw = () => frames.splice(0).forEach((work) => work())
  return { engine, run, draw, frames, failures }
}
const steps = (run: RunState) => [...run.curve.columns.step]
const numbers = (run: RunState) => run.epochs.map((record) => record.epoch)

describe('a run that is watched', () => {
  test('many events become one change of the screen, and no point is lost', () => {
    const { run, draw, frames } = watched()
    for (let step = 1; step <= 40; step += 2) run.progressed(told('a', [step, step + 1]))
    expect(frames).toHaveLength(1)
    expect(run.version).toBe(0)
    draw()
    expect(run.version).toBe(1)
    expect(steps(run)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(run.progress?.step).toBe(40)
    expect(run.imagesPerSecond).toBe(1000)
  })

  test('after a reload: history and events make one curve, without gaps and without repetition', async () => {
    const { engine, run, draw } = watched()
    let answer: (history: History) => void = () => undefined
    engine.handlers['library.history'] = () => new Promise<History>((resolve) => (answer = resolve))
    run.progressed(told('a', [98, 99]))
    run.epochEnded(epoch(1))
    const loading = run.load()
    await Promise.resolve()
    run.progressed(told('a', [100, 101, 102]))
    draw()
    run.progressed(told('a', [103]))
    await Promise.resolve()
    answer({ epochs: [epoch(1)], points: [1, 50, 99, 100, 101].map((step) => point(step)) })
    await loading
    run.progressed(told('a', [104]))
    run.epochEnded(epoch(2))
    draw()
    expect(steps(run)).toEqual([1, 50, 99, 100, 101, 102, 103, 104])
    expect(numbers(run)).toEqual([1, 2])
    expect(run.loaded).toBe(true)
  })

  test('a run that goes on from its checkpoint makes its steps and epochs again', () => {
    const { run, draw } = watched()
    run.progressed(told('a', [99, 100, 199, 200]))
    run.epochEnded(epoch(1))
    run.epochEnded(epoch(2))
    draw()
    run.lost()
    run.progressed(told('a', [101, 102]))
    draw()
    expect(steps(run)).toEqual([99, 100, 101, 102])
    expect(numbers(run)).toEqual([1])
  })

  test('the history is asked for once, and anew when told so', async () => {
    const { engine, run } = watched()
    await Promise.all([run.load(), run.load()])
    expect(engine.of('library.history')).toHaveLength(1)
    await run.load(true)
    expect(engine.of('library.history')).toHaveLength(2)
  })

  test('a history that cannot be read is told, and asked for again the next time', async () => {
    const { engine, run, failures } = watched()
    engine.handlers['library.history'] = () => Promise.reject(new Error('damaged'))
    await run.load()
    expect(failures).toHaveLength(1)
    delete engine.handlers['library.history']
    await run.load()
    expect(run.loaded).toBe(true)
  })

  test('a preview that came while nobody looked is read when somebody does', async () => {
    const { engine, run } = watched()
    await run.load()
    engine.handlers['library.preview'] = () => preview(3)
    run.previewed(false)
    expect(engine.of('library.preview')).toHaveLength(1)
    await run.load()
    await Promise.resolve()
    await Promise.resolve()
    expect(run.preview?.epoch).toBe(3)
  })

  test('of two previews on their way the newer one is shown', async () => {
    const { engine, run } = watched()
    const answers: ((value: unknown) => void)[] = []
    engine.handlers['library.preview'] = () => new Promise((resolve) => answers.push(resolve))
    run.previewed(true)
    run.previewed(true)
    await Promise.resolve()
    answers[1]?.(preview(2))
    await new Promise((resolve) => setTimeout(resolve, 0))
    answers[0]?.(preview(1))
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(run.preview?.epoch).toBe(2)
  })

  test('a checkpoint is known by its event, and by the library', () => {
    const { run, draw } = watched()
    run.progressed({ ...told('a', [1]), phase: 'save' })
    draw()
    expect(run.savedAt).toBe(5000)
    run.changed(libraryItem({ item: 'a', changed: 7000, progress: progress({ state: 'paused' }) }))
    expect(run.savedAt).toBe(7000)
    expect(run.progress?.state).toBe('paused')
    expect(run.imagesPerSecond).toBeNull()
  })
})
