import { describe, expect, test, vi } from 'vitest'
import type { RunState } from '../../../shared/training'
import type { Job, Photo } from '../state/photo.svelte'
import type { Workspace } from '../state/workspace.svelte'
import { progress } from '../state/testing/runs'
import { activityOf, cancelOf, timeLeft, trainingOf } from './activity'

const photo = (name: string, job: Partial<Job> | null, more: Partial<Photo> = {}) =>
  ({ info: { name }, job, addingNoise: false, ...more }) as Photo
const workspace = (active: Photo | null, list: Photo[], more: object = {}) =>
  ({
    batch: { shown: false, progress: null, share: 0 },
    exporter: { writing: null },
    lab: { shown: false, work: null, writing: null },
    library: { working: null },
    measure: { writing: null, works: [] },
    generate: { maker: { work: null }, model: null },
    map: { works: { making: null }, model: null },
    photos: { active, list, opening: null },
    ...more,
  }) as unknown as Workspace

describe('what the status bar says', () => {
  test('nothing while nothing is done', () => {
    expect(activityOf(workspace(null, []))).toBeNull()
  })

  test('the job of the photo that is shown, before any other', () => {
    const other = photo('b.png', { phase: 'exact', share: 0.1, secondsLeft: 9 })
    const shown = photo('a.png', { phase: 'exact', share: 0.63, secondsLeft: 2 })
    expect(activityOf(workspace(shown, [other, shown]))).toMatchObject({
      text: 'Denoising a.png',
      share: 0.63,
      detail: '63 % · 2 s left',
    })
    expect(activityOf(workspace(photo('c.png', null), [other]))?.text).toBe('Denoising b.png')
  })

  test('before the exact work nobody knows how long it takes', () => {
    const shown = photo('a.png', { phase: 'estimate', share: 0, secondsLeft: null })
    expect(activityOf(workspace(shown, [shown]))).toMatchObject({ share: null, detail: '' })
  })

  test('a batch, with its pause', () => {
    const pause = vi.fn()
    const totals = { files: 10, done: 3, skipped: 1, failed: 0, left: 6, seconds: 30 }
    const progress = { state: 'running', totals, secondsLeft: 70 }
    const activity = activityOf(workspace(null, [], { batch: { progress, share: 0.42, pause } }))
    expect(activity).toMatchObject({
      text: 'Batch: 5 of 10',
      share: 0.42,
      detail: '42 % · 1 min 10 s left',
      cancel: null,
    })
    activity?.pause?.()
    expect(pause).toHaveBeenCalled()
  })

  test('a measurement, with what cancels it', () => {
    const cancel = vi.fn()
    const work = { job: 'a', name: 'vae', phase: 'measure', share: 0.5, secondsLeft: 3 }
    const measure = { writing: null, works: [work], cancel }
    const activity = activityOf(workspace(null, [], { measure }))
    expect(activity).toMatchObject({
      text: 'Measuring vae',
      share: 0.5,
      detail: '50 % · 3 s left',
    })
    activity?.cancel?.()
    expect(cancel).toHaveBeenCalledWith('a')
  })

  test('pictures that wait for a mixture, on other screens than their own', () => {
    const cancel = vi.fn()
    const maker = { work: { phase: 'fit', share: 0.4, secondsLeft: 2 } }
    const generate = { maker, model: { name: 'vae' }, cancel }
    const activity = activityOf(workspace(null, [], { generate, screen: 'train' }))
    expect(activity).toMatchObject({
      text: 'Making pictures with vae',
      share: 0.4,
      detail: '40 % · 2 s left',
    })
    activity?.cancel?.()
    expect(cancel).toHaveBeenCalledOnce()
    expect(activityOf(workspace(null, [], { generate, screen: 'generate' }))).toBeNull()
  })

  test('methods that are compared come first where they are looked at', () => {
    const denoised = photo('a.png', { phase: 'exact', share: 0.1, secondsLeft: 9 })
    const work = { name: 'a.png', method: 'Median', share: 0.5, secondsLeft: null }
    const cancel = vi.fn()
    const during = (shown: boolean) =>
      activityOf(workspace(denoised, [denoised], { lab: { shown, work, writing: null, cancel } }))
    expect(during(false)?.text).toBe('Denoising a.png')
    expect(during(true)).toMatchObject({ text: 'a.png: Median', share: 0.5, detail: '50 %' })
    during(true)?.cancel?.()
    expect(cancel).toHaveBeenCalled()
  })

  test('a map that is made behind another screen', () => {
    const making = { share: 0.5, secondsLeft: null }
    const works = { making, cancel: vi.fn() }
    const map = { works, model: { name: 'vae' } }
    const activity = activityOf(workspace(null, [], { map, screen: 'library' }))
    expect(activity).toMatchObject({ text: 'Mapping vae', share: 0.5, detail: '50 %' })
    activity?.cancel?.()
    expect(works.cancel).toHaveBeenCalledOnce()
    expect(activityOf(workspace(null, [], { map, screen: 'map' }))).toBeNull()
  })

  test('an export is told before everything else', () => {
    const shown = photo('a.png', { phase: 'exact', share: 0.5, secondsLeft: null })
    const busy = workspace(shown, [shown], { exporter: { writing: 'out.png' } })
    expect(activityOf(busy)).toMatchObject({ text: 'Exporting out.png', cancel: null })
  })
})

describe('what Escape cancels', () => {
  const measuring = (cancel: () => void) => ({
    measure: {
      writing: null,
      works: [{ job: 'a', name: 'vae', phase: 'measure', share: 0, secondsLeft: 3 }],
      cancel,
    },
  })

  test('what the status bar tells, whichever screen is shown', () => {
    const cancel = vi.fn()
    const measured = measuring(cancel)
    for (const screen of ['denoise', 'train', 'guide'] as const)
      cancelOf(workspace(null, [], { ...measured, screen }))?.()
    expect(cancel).toHaveBeenCalledTimes(3)
  })

  test('before it what the screen tells of itself', () => {
    const [behind, mapped, made] = [vi.fn(), vi.fn(), vi.fn()]
    const work = { share: 0.4, secondsLeft: null }
    const everything = {
      ...measuring(behind),
      map: { works: { making: work, cancel: mapped }, model: null },
      generate: { maker: { work }, model: null, cancel: made },
    }
    cancelOf(workspace(null, [], { ...everything, screen: 'map' }))?.()
    expect([behind, mapped, made].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0])
    cancelOf(workspace(null, [], { ...everything, screen: 'generate' }))?.()
    expect([behind, mapped, made].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1])
  })

  test('neither a batch, which is paused, nor what is written', () => {
    const totals = { files: 10, done: 3, skipped: 0, failed: 0, left: 7, seconds: 30 }
    const batch = { progress: { state: 'running', totals, secondsLeft: 70 }, share: 0.4 }
    expect(cancelOf(workspace(null, [], { batch }))).toBeNull()
    expect(cancelOf(workspace(null, [], { exporter: { writing: 'out.png' } }))).toBeNull()
    expect(cancelOf(workspace(null, []))).toBeNull()
  })
})

describe('what the status bar says of training', () => {
  const train = (states: RunState[], secondsLeft: number | null) => {
    const runs = states.map((state) => ({
      item: state,
      name: state,
      progress: progress({ state, step: 700, steps: 2000 }),
    }))
    const pause = vi.fn()
    const watched = new Map([['running', { secondsLeft }]])
    const running = runs.find(({ item }) => item === 'running') ?? null
    const progressOf = (run: (typeof runs)[number]) => run.progress
    return { train: { runs, running, watched, progressOf, pause } } as unknown as Workspace & {
      train: { pause: typeof pause }
    }
  }

  test('the run that goes on, with a pause', () => {
    const busy = train(['running', 'queued'], 273)
    const activity = trainingOf(busy)
    expect(activity).toMatchObject({
      text: 'Training running',
      share: 0.35,
      detail: '35 % · 4 min 33 s left',
    })
    activity?.pause?.()
    expect(busy.train.pause).toHaveBeenCalledWith('running')
  })

  test('one that waits; nothing of those that ended', () => {
    expect(trainingOf(train(['queued'], null))).toMatchObject({ share: null })
    expect(trainingOf(train(['finished', 'paused'], null))).toBeNull()
  })
})

test('time left in seconds, then in minutes, then in hours too', () => {
  expect(timeLeft(1.2)).toBe('2 s left')
  expect(timeLeft(273)).toBe('4 min 33 s left')
  expect(timeLeft(3850)).toBe('1 h 4 min left')
})
