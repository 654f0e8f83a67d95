import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { report } from './testing/fakeEngine'
import { House } from './testing/house'

let house: House
beforeEach(async () => {
  vi.useFakeTimers()
  house = await House.open()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('denoising', () => {
  beforeEach(() => house.openFiles('a.png'))

  test('a job reports its tiles, then its result', async () => {
    await house.progress(0.5)
    expect(house.active.denoised).toBe('partial')
    expect(house.active.job).toMatchObject({ share: 0.5, secondsLeft: 1 })
    await house.finish({ state: 'done', report })
    expect(house.active.denoised).toBe('complete')
    expect(house.active.job).toBeNull()
    expect(house.active.level?.sigma).toBe(25)
  })

  test('tiles that cannot be seen do not refresh the view', async () => {
    house.active.visible = { x: 0, y: 20, width: 100, height: 30 }
    await house.progress(0.1)
    expect(house.active.tileVersion).toBe(0)
    await house.progress(0.3, { region: { x: 0, y: 15, width: 100, height: 10 } })
    expect(house.active.tileVersion).toBe(1)
  })

  test('a slider being dragged starts one job when it rests', async () => {
    for (const sigma of [10, 11, 12]) house.active.change({ sigma })
    expect(house.engine.of('photo.denoise')).toHaveLength(1)
    await house.settle()
    expect(house.engine.of('photo.denoise').map(({ sigma }) => sigma)).toEqual([null, 12])
  })

  test('only what was made with the settings of now is exported', async () => {
    expect(house.active.exportable).toBe(false)
    await house.finish({ state: 'done', report })
    expect(house.active.exportable).toBe(true)
    house.active.change({ luma: 40 })
    expect(house.active.exportable).toBe(true)
    house.active.change({ sigma: 10 }) // asked of the engine only when it rests
    expect(house.active.exportable).toBe(false)
    house.active.undo()
    expect(house.active.exportable).toBe(true)
    house.active.change({ sigma: 10 })
    await house.settle()
    await house.progress(0.5)
    expect(house.active.exportable).toBe(false)
    await house.finish({ state: 'done', report })
    expect(house.active.exportable).toBe(true)
  })

  test('of a photo with noise added, the noisy one can be exported while it is denoised', async () => {
    house.active.change({ noiseOn: true })
    await house.settle()
    expect(house.active.exportable).toBe(false)
    house.active.exportOfNoisy = 'noisy'
    expect(house.active.exportable).toBe(true)
    house.active.change({ seed: 3 })
    expect(house.active.exportable).toBe(false)
  })

  test('noise is pending from when it is set until it is there, and while it is taken away', async () => {
    expect(house.active.noisePending).toBe(false)
    house.active.change({ noiseOn: true })
    expect(house.active.noisePending).toBe(true)
    await house.settle()
    expect(house.active.noisePending).toBe(false)
    house.active.change({ noiseOn: false })
    expect(house.active.noisePending).toBe(true)
    await house.settle()
    expect(house.active.noisePending).toBe(false)
  })

  test('a look only mixes: no new job', async () => {
    house.active.change({ luma: 40 })
    house.active.change({ texture: 20 })
    await vi.advanceTimersByTimeAsync(5000)
    expect(house.engine.of('photo.denoise')).toHaveLength(1)
  })

  test('what an older job still says is not heard', async () => {
    const old = house.active.job?.id
    house.active.change({ sigma: 10 })
    await house.settle()
    await house.send('job.finished', {
      job: old ?? '',
      photo: house.active.info.photo,
      outcome: { state: 'cancelled' },
    })
    expect(house.active.job).not.toBeNull()
    expect(house.active.held).toBe(false)
  })

  test('events that overtake the answer to their job’s start are not lost', async () => {
    house.engine.handlers['photo.denoise'] = async () => {
      house.emit('job.progress', {
        job: 'early',
        photo: 'id 1',
        phase: 'exact',
        share: 0.9,
        secondsLeft: null,
        region: null,
      })
      return Promise.resolve({ job: 'early' })
    }
    house.active.change({ sigma: 10 })
    await house.settle()
    expect(house.active.job).toMatchObject({ id: 'early', share: 0.9 })
  })

  test('after a cancellation nothing starts until it is asked for', async () => {
    const job = house.active.job?.id
    await house.active.sync.cancel()
    expect(house.engine.of('job.cancel')).toEqual([{ job }])
    await house.finish({ state: 'cancelled' })
    await house.active.sync.settle()
    expect(house.engine.of('photo.denoise')).toHaveLength(1)
    house.active.sync.resume()
    await house.rest()
    expect(house.engine.of('photo.denoise')).toHaveLength(2)
  })

  test('a new setting after a cancellation starts again', async () => {
    await house.active.sync.cancel()
    await house.finish({ state: 'cancelled' })
    house.active.change({ sigma: 5 })
    await house.settle()
    expect(house.engine.of('photo.denoise')).toHaveLength(2)
  })

  test('a job that fails is told, and not tried again by itself', async () => {
    const error = { code: 'out-of-memory', message: 'no memory', params: {} } as const
    await house.finish({ state: 'failed', error })
    expect(house.workspace.notices.list).toHaveLength(1)
    await house.active.sync.settle()
    expect(house.engine.of('photo.denoise')).toHaveLength(1)
    expect(house.active.held).toBe(true)
  })
})

describe('noise to try', () => {
  beforeEach(() => house.openFiles('a.png'))

  test('a job that reports its cancellation meanwhile does not hold the photo back', async () => {
    house.engine.handlers['job.cancel'] = ({ job }) => {
      const { photo } = house.active.info
      house.emit('job.finished', { job, photo, outcome: { state: 'cancelled' } })
      return null
    }
    house.active.change({ noiseOn: true })
    await house.settle()
    await house.settle()
    expect(house.active.held).toBe(false)
    expect(house.engine.of('photo.denoise')).toHaveLength(2)
  })

  test('adding it cancels the job, makes the layer, and denoises that', async () => {
    const job = house.active.job?.id
    house.active.change({ noiseOn: true })
    await house.settle()
    const after = house.engine.asked.map(({ name }) => name)
    expect(house.engine.of('job.cancel')).toEqual([{ job }])
    expect(house.engine.of('photo.addNoise')).toEqual([
      { photo: 'id 1', noise: { kind: 'gaussian', sigma: 25 }, seed: 0 },
    ])
    expect(after.indexOf('photo.addNoise')).toBeLessThan(after.lastIndexOf('photo.denoise'))
    expect(house.active.input).toBe('noisy')
  })

  test('undo removes it again, redo adds it again', async () => {
    house.active.change({ noiseOn: true })
    await house.settle()
    house.workspace.command('undo')
    await house.settle()
    expect(house.engine.of('photo.removeNoise')).toHaveLength(1)
    expect(house.active.input).toBe('original')
    house.workspace.command('redo')
    await house.settle()
    expect(house.engine.of('photo.addNoise')).toHaveLength(2)
  })
})
