import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LabRun } from '../../../shared/lab'
import { House } from './testing/house'
import { libraryItem } from './testing/runs'

let house: House
let asked: { methods: unknown[]; region: unknown; clean: unknown }[]
beforeEach(() => {
  vi.useFakeTimers()
  asked = []
})
afterEach(() => {
  vi.useRealTimers()
})

/** The Lab of a photo that is open, with a denoising autoencoder in the library. */
async function open() {
  house = await House.open((engine) => {
    engine.items = [libraryItem({ item: 'dae', name: 'my dae', kind: 'denoising' })]
    engine.handlers = {
      'lab.start': (wish) => {
        asked.push(wish)
        return { job: 'job' }
      },
    }
  })
  await house.openFiles('photo.png')
  await house.settle()
  return house.workspace.lab
}
const runOf = (more: Partial<LabRun> = {}): LabRun => ({
  job: 'job',
  photo: house.active.info.photo,
  name: 'photo.png',
  region: { x: 0, y: 0, width: 10, height: 10 },
  photoWidth: 10,
  photoHeight: 10,
  sigma: 20,
  sigmaEstimated: true,
  clean: false,
  input: null,
  rows: [],
  ...more,
})
const keysOf = (lab: Awaited<ReturnType<typeof open>>) =>
  lab
    .choices(house.active)
    .filter((choice) => lab.isChosen(choice, house.active))
    .map(({ key }) => key)

describe('methods', () => {
  test('are our models for such a photo and the classical ones; an autoencoder of another size says what it reads', async () => {
    const lab = await open()
    const choices = lab.choices(house.active)
    expect(keysOf(lab).slice(-5)).toEqual([
      'nlm',
      'wavelet',
      'total-variation',
      'bilateral',
      'median',
    ])
    expect(choices.at(-1)).toMatchObject({ key: 'autoencoder dae', label: 'my dae' })
    expect(choices.at(-1)?.note).not.toBe('')
  })

  test('are left out and taken in by hand', async () => {
    const lab = await open()
    for (const choice of lab.choices(house.active)) lab.choose(choice, choice.key === 'median')
    await lab.start(house.active)
    expect(asked).toMatchObject([
      { methods: [{ kind: 'classical', name: 'median' }], region: null, clean: null },
    ])
  })

  test('none at all start nothing', async () => {
    const lab = await open()
    for (const choice of lab.choices(house.active)) lab.choose(choice, false)
    await lab.start(house.active)
    expect(asked).toEqual([])
  })
})

describe('a comparison', () => {
  test('is one at a time, tells how far it is, and stays with its photo', async () => {
    const lab = await open()
    await lab.start(house.active)
    await lab.start(house.active)
    expect(asked).toHaveLength(1)
    const progress = { job: 'job', phase: 'denoise', share: 0.5, secondsLeft: 2 } as const
    await house.send('work.progress', { ...progress, detail: 'nlm' })
    expect(lab.work).toMatchObject({ method: 'Non-local means', share: 0.5 })
    await house.send('lab.changed', runOf())
    await house.send('work.finished', { job: 'job', outcome: { state: 'done', report: null } })
    expect(lab.work).toBeNull()
    expect(lab.runOf(house.active)).toMatchObject({ job: 'job' })
    expect(lab.isOutdated(house.active)).toBe(false)
  })

  test('that fails is told, and another can begin', async () => {
    const lab = await open()
    await lab.start(house.active)
    const error = { code: 'out-of-memory', message: '', params: {} } as const
    await house.send('work.finished', { job: 'job', outcome: { state: 'failed', error } })
    expect(house.told).toContain('error: out-of-memory')
    await lab.start(house.active)
    expect(asked).toHaveLength(2)
  })

  test('is gone with the engine that had its pictures', async () => {
    const lab = await open()
    await lab.start(house.active)
    await house.send('lab.changed', runOf())
    await house.send('engine.state', { state: 'restarting', error: null })
    expect(lab.work).toBeNull()
    expect(lab.runOf(house.active)).toBeNull()
  })
})
