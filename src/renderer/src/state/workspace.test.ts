import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WindowEvents } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Adopt, Listen } from '../bridge'
import type { Photo } from './photo.svelte'
import { settleMilliseconds, viewFirstMilliseconds } from './photoSync'
import { died, FakeEngine, report } from './testing'
import { Workspace } from './workspace.svelte'

let engine: FakeEngine
let workspace: Workspace
let handlers: Map<string, (payload: never) => void>
const adopt = vi.fn<Adopt>()

/** Lets everything that is under way come to rest, but no setting. */
const rest = () => vi.advanceTimersByTimeAsync(viewFirstMilliseconds)
const settle = () => vi.advanceTimersByTimeAsync(settleMilliseconds + viewFirstMilliseconds)
const send = async <Name extends keyof WindowEvents>(name: Name, payload: WindowEvents[Name]) => {
  handlers.get(name)?.(payload as never)
  await rest()
}
const open = async (...names: string[]) => {
  workspace.open(names.map((name) => ({ file: name, name })))
  await rest()
}
const active = (): Photo => {
  const photo = workspace.photos.active
  if (!photo) throw new Error('no photo is shown')
  return photo
}
const progress = (share: number, more: object = {}) =>
  send('job.progress', {
    job: active().job?.id ?? '',
    photo: active().info.photo,
    phase: 'exact',
    share,
    secondsLeft: 1,
    region: { x: 0, y: 0, width: 100, height: 10 },
    ...more,
  })
const finish = (outcome: WindowEvents['job.finished']['outcome']) =>
  send('job.finished', { job: active().job?.id ?? '', photo: active().info.photo, outcome })

beforeEach(async () => {
  vi.useFakeTimers()
  engine = new FakeEngine()
  handlers = new Map()
  const listen = ((name: string, handler: (payload: never) => void) => {
    handlers.set(name, handler)
    return () => handlers.delete(name)
  }) as Listen
  workspace = new Workspace({ ask: engine.ask, adopt, listen }, ({ code }) => code)
  await workspace.start()
  await rest()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('opening', () => {
  test('the first file is shown and denoised at once, with the model for its channels', async () => {
    await open('a.png', 'b.png')
    expect(workspace.photos.list.map(({ info }) => info.name)).toEqual(['a.png', 'b.png'])
    expect(active().info.name).toBe('a.png')
    expect(engine.of('photo.denoise')).toEqual([
      { photo: 'id 1', model: 'colour', sigma: null, visible: null },
    ])
  })

  test('a bad file is named and does not stop the others', async () => {
    engine.handlers['photo.open'] = ({ source }) => {
      if ('file' in source && source.file === 'bad.png')
        throw new DarkroomError('image-damaged', 'damaged', { file: 'bad.png' })
      return { photo: 'id', name: 'good.png', width: 1, height: 1, channels: 3, bits: 8 }
    }
    await open('bad.png', 'good.png')
    expect(workspace.photos.list).toHaveLength(1)
    expect(active().info.name).toBe('good.png')
    expect(workspace.notices.list.map(({ kind, text }) => [kind, text()])).toEqual([
      ['error', 'image-damaged'],
    ])
    expect(workspace.notices.list[0]?.details).toContain('file: bad.png')
  })

  test('a dropped file goes by its handle, a pasted picture by its bytes', async () => {
    adopt.mockImplementation((file) =>
      file.name === 'disk.png'
        ? Promise.resolve({ file: 'handle', name: 'disk.png' })
        : Promise.reject(new DarkroomError('request-refused', 'no path')),
    )
    await workspace.openFiles([new File(['x'], 'disk.png'), new File(['abc'], 'image.png')])
    await rest()
    expect(engine.of('photo.open').map(({ source }) => source)).toEqual([
      { file: 'handle' },
      { bytes: new Uint8Array([97, 98, 99]), name: 'image.png' },
    ])
  })

  test('closing the photo that is shown shows its neighbour', async () => {
    await open('a.png', 'b.png')
    await workspace.photos.close(active())
    expect(active().info.name).toBe('b.png')
    expect(engine.of('photo.close')).toEqual([{ photo: 'id 1' }])
  })
})

describe('denoising', () => {
  beforeEach(() => open('a.png'))

  test('a job reports its tiles, then its result', async () => {
    await progress(0.5)
    expect(active().denoised).toBe('partial')
    expect(active().job).toMatchObject({ share: 0.5, secondsLeft: 1 })
    await finish({ state: 'done', report })
    expect(active().denoised).toBe('complete')
    expect(active().job).toBeNull()
    expect(active().level?.sigma).toBe(25)
  })

  test('tiles that cannot be seen do not refresh the view', async () => {
    active().visible = { x: 0, y: 20, width: 100, height: 30 }
    await progress(0.1)
    expect(active().tileVersion).toBe(0)
    await progress(0.3, { region: { x: 0, y: 15, width: 100, height: 10 } })
    expect(active().tileVersion).toBe(1)
  })

  test('a slider being dragged starts one job when it rests', async () => {
    for (const sigma of [10, 11, 12]) active().change({ sigma })
    expect(engine.of('photo.denoise')).toHaveLength(1)
    await settle()
    expect(engine.of('photo.denoise').map(({ sigma }) => sigma)).toEqual([null, 12])
  })

  test('strength only blends: no new job', async () => {
    active().change({ strength: 40 })
    await vi.advanceTimersByTimeAsync(5000)
    expect(engine.of('photo.denoise')).toHaveLength(1)
  })

  test('what an older job still says is not heard', async () => {
    const old = active().job?.id
    active().change({ sigma: 10 })
    await settle()
    await send('job.finished', {
      job: old ?? '',
      photo: active().info.photo,
      outcome: { state: 'cancelled' },
    })
    expect(active().job).not.toBeNull()
    expect(active().held).toBe(false)
  })

  test('events that overtake the answer to their job’s start are not lost', async () => {
    engine.handlers['photo.denoise'] = async () => {
      handlers.get('job.progress')?.({
        job: 'early',
        photo: 'id 1',
        phase: 'exact',
        share: 0.9,
        secondsLeft: null,
        region: null,
      } as never)
      return Promise.resolve({ job: 'early' })
    }
    active().change({ sigma: 10 })
    await settle()
    expect(active().job).toMatchObject({ id: 'early', share: 0.9 })
  })

  test('after a cancellation nothing starts until it is asked for', async () => {
    const job = active().job?.id
    await active().sync.cancel()
    expect(engine.of('job.cancel')).toEqual([{ job }])
    await finish({ state: 'cancelled' })
    await active().sync.settle()
    expect(engine.of('photo.denoise')).toHaveLength(1)
    active().sync.resume()
    await rest()
    expect(engine.of('photo.denoise')).toHaveLength(2)
  })

  test('a new setting after a cancellation starts again', async () => {
    await active().sync.cancel()
    await finish({ state: 'cancelled' })
    active().change({ sigma: 5 })
    await settle()
    expect(engine.of('photo.denoise')).toHaveLength(2)
  })

  test('a job that fails is told, and not tried again by itself', async () => {
    const error = { code: 'out-of-memory', message: 'no memory', params: {} } as const
    await finish({ state: 'failed', error })
    expect(workspace.notices.list).toHaveLength(1)
    await active().sync.settle()
    expect(engine.of('photo.denoise')).toHaveLength(1)
    expect(active().held).toBe(true)
  })
})

describe('noise to try', () => {
  beforeEach(() => open('a.png'))

  test('a job that reports its cancellation meanwhile does not hold the photo back', async () => {
    engine.handlers['job.cancel'] = ({ job }) => {
      const { photo } = active().info
      handlers.get('job.finished')?.({ job, photo, outcome: { state: 'cancelled' } } as never)
      return null
    }
    active().change({ noiseOn: true })
    await settle()
    await settle()
    expect(active().held).toBe(false)
    expect(engine.of('photo.denoise')).toHaveLength(2)
  })

  test('adding it cancels the job, makes the layer, and denoises that', async () => {
    const job = active().job?.id
    active().change({ noiseOn: true })
    await settle()
    const after = engine.asked.map(({ name }) => name)
    expect(engine.of('job.cancel')).toEqual([{ job }])
    expect(engine.of('photo.addNoise')).toEqual([
      { photo: 'id 1', noise: { kind: 'gaussian', sigma: 25 }, seed: 0 },
    ])
    expect(after.indexOf('photo.addNoise')).toBeLessThan(after.lastIndexOf('photo.denoise'))
    expect(active().input).toBe('noisy')
  })

  test('undo removes it again, redo adds it again', async () => {
    active().change({ noiseOn: true })
    await settle()
    workspace.command('undo')
    await settle()
    expect(engine.of('photo.removeNoise')).toHaveLength(1)
    expect(active().input).toBe('original')
    workspace.command('redo')
    await settle()
    expect(engine.of('photo.addNoise')).toHaveLength(2)
  })
})

describe('export', () => {
  beforeEach(() => open('a.png'))

  test('a 16-bit photo stays one as PNG and tells where it went', async () => {
    engine.handlers['files.chooseExport'] = () => ({ file: 'target', name: 'b.png' })
    engine.handlers['photo.export'] = () => ({ name: 'b.png', bytes: 9 })
    active().change({ strength: 70 })
    await workspace.export('denoised')
    expect(engine.of('files.chooseExport')).toEqual([
      { suggestedName: 'a-denoised.png', format: 'png' },
    ])
    expect(engine.of('photo.export')[0]).toMatchObject({ bits: 16, strength: 70, file: 'target' })
    workspace.notices.list[0]?.action?.run()
    expect(engine.of('files.reveal')).toEqual([{ file: 'target' }])
  })

  test('changing one’s mind in the dialog writes and tells nothing', async () => {
    engine.handlers['files.chooseExport'] = () => null
    await workspace.export('denoised')
    expect(engine.of('photo.export')).toEqual([])
    expect(workspace.notices.list).toEqual([])
  })

  test('an engine that dies while writing is told, unlike one that dies by itself', async () => {
    engine.handlers['files.chooseExport'] = () => ({ file: 'target', name: 'b.png' })
    engine.handlers['photo.export'] = () => {
      throw died()
    }
    await workspace.export('denoised')
    expect(workspace.notices.list.map(({ text }) => text())).toEqual(['engine-lost'])
    expect(workspace.exporter.writing).toBeNull()
  })
})

describe('the engine dies', () => {
  const restart = async () => {
    await send('engine.state', { state: 'restarting', error: null })
    await send('engine.state', { state: 'ready', error: null })
    await settle()
  }

  test('photos are opened again and go on with their settings', async () => {
    await open('a.png', 'b.png')
    active().change({ noiseOn: true, sigma: 30 })
    await settle()
    engine.asked = []
    await restart()
    expect(engine.of('photo.open').map(({ source }) => source)).toEqual([
      { file: 'a.png' },
      { file: 'b.png' },
    ])
    const { photo } = active().info
    expect(engine.of('photo.addNoise')).toMatchObject([{ photo }])
    expect(engine.of('photo.denoise')).toMatchObject([{ photo, sigma: 30 }])
    expect(workspace.notices.list.map(({ kind }) => kind)).toEqual(['information'])
  })

  test('a request that it took with it is no failure of the photo', async () => {
    await open('a.png')
    engine.handlers['photo.denoise'] = () => {
      throw died()
    }
    active().change({ sigma: 30 })
    await settle()
    delete engine.handlers['photo.denoise']
    await restart()
    expect(active().held).toBe(false)
    expect(active().job).not.toBeNull()
  })

  test('a file that is gone by then is named and leaves the strip', async () => {
    await open('a.png', 'b.png')
    engine.handlers['photo.open'] = ({ source }) => {
      if ('file' in source && source.file === 'a.png')
        throw new DarkroomError('file-not-found', 'gone', { file: 'a.png' })
      return { ...active().info, photo: 'again', name: 'b.png' }
    }
    await restart()
    expect(workspace.photos.list.map(({ info }) => info.name)).toEqual(['b.png'])
    expect(active().info.name).toBe('b.png')
    expect(workspace.notices.list.some(({ text }) => text() === 'file-not-found')).toBe(true)
  })

  test('given up: the error is told and stays', async () => {
    const error = { code: 'engine-failed', message: 'four times', params: {} } as const
    await send('engine.state', { state: 'failed', error })
    expect(workspace.notices.list.map(({ kind, text }) => [kind, text()])).toEqual([
      ['error', 'engine-failed'],
    ])
  })
})

test('a change of language in main reaches the messages', async () => {
  engine.handlers['app.info'] = () => ({ language: 'zh-Hans' })
  await send('settings.changed', workspace.settings.current)
  expect(workspace.language.current).toBe('zh-Hans')
})
