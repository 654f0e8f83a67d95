import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { died } from './testing/fakeEngine'
import { House } from './testing/house'

let house: House
beforeEach(async () => {
  vi.useFakeTimers()
  house = await House.open()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('opening', () => {
  test('the first file is shown and denoised at once, with the model that suits it', async () => {
    await house.openFiles('a.png', 'b.png')
    expect(house.workspace.photos.list.map(({ info }) => info.name)).toEqual(['a.png', 'b.png'])
    expect(house.active.info.name).toBe('a.png')
    expect(house.engine.of('photo.denoise')).toEqual([
      { photo: 'id 1', model: 'auto', sigma: null, visible: null },
    ])
  })

  test('a bad file is named and does not stop the others', async () => {
    house.engine.handlers['photo.open'] = ({ source }) => {
      if ('file' in source && source.file === 'bad.png')
        throw new DarkroomError('image-damaged', 'damaged', { file: 'bad.png' })
      return { photo: 'id', name: 'good.png', width: 1, height: 1, channels: 3, bits: 8 }
    }
    await house.openFiles('bad.png', 'good.png')
    expect(house.workspace.photos.list).toHaveLength(1)
    expect(house.active.info.name).toBe('good.png')
    expect(house.workspace.notices.list.map(({ kind, text }) => [kind, text()])).toEqual([
      ['error', 'image-damaged'],
    ])
    expect(house.workspace.notices.list[0]?.details).toContain('file: bad.png')
  })

  test('a dropped file goes by its handle, a pasted picture by its bytes', async () => {
    house.adopt.mockImplementation((file) =>
      file.name === 'disk.png'
        ? Promise.resolve({ file: 'handle', name: 'disk.png' })
        : Promise.reject(new DarkroomError('request-refused', 'no path')),
    )
    await house.workspace.openFiles([new File(['x'], 'disk.png'), new File(['abc'], 'image.png')])
    await house.rest()
    expect(house.engine.of('photo.open').map(({ source }) => source)).toEqual([
      { file: 'handle' },
      { bytes: new Uint8Array([97, 98, 99]), name: 'image.png' },
    ])
  })

  test('closing the photo that is shown shows its neighbour', async () => {
    await house.openFiles('a.png', 'b.png')
    await house.workspace.photos.close(house.active)
    expect(house.active.info.name).toBe('b.png')
    expect(house.engine.of('photo.close')).toEqual([{ photo: 'id 1' }])
  })
})

describe('export', () => {
  beforeEach(() => house.openFiles('a.png'))

  test('a 16-bit photo stays one as PNG and tells where it went', async () => {
    house.engine.handlers['files.chooseExport'] = () => ({ file: 'target', name: 'b.png' })
    house.engine.handlers['photo.export'] = () => ({ name: 'b.png', bytes: 9 })
    house.active.change({ luma: 70 })
    await house.workspace.export(house.active)
    expect(house.engine.of('files.chooseExport')).toEqual([
      { suggestedName: 'a-denoised.png', format: 'png' },
    ])
    expect(house.engine.of('photo.export')[0]).toMatchObject({
      bits: 16,
      look: { luma: 70, chroma: 100, texture: 0 },
      file: 'target',
    })
    house.workspace.notices.list[0]?.action?.run()
    expect(house.engine.of('files.reveal')).toEqual([{ file: 'target' }])
  })

  test('changing one’s mind in the dialog writes and tells nothing', async () => {
    house.engine.handlers['files.chooseExport'] = () => null
    await house.workspace.export(house.active)
    expect(house.engine.of('photo.export')).toEqual([])
    expect(house.workspace.notices.list).toEqual([])
  })

  test('an engine that dies while writing is told, unlike one that dies by itself', async () => {
    house.engine.handlers['files.chooseExport'] = () => ({ file: 'target', name: 'b.png' })
    house.engine.handlers['photo.export'] = () => {
      throw died()
    }
    await house.workspace.export(house.active)
    expect(house.workspace.notices.list.map(({ text }) => text())).toEqual(['engine-lost'])
    expect(house.workspace.exporter.writing).toBeNull()
  })
})

describe('the engine dies', () => {
  test('photos are opened again and go on with their settings', async () => {
    await house.openFiles('a.png', 'b.png')
    house.active.change({ noiseOn: true, sigma: 30 })
    await house.settle()
    house.engine.asked = []
    await house.restart()
    expect(house.engine.of('photo.open').map(({ source }) => source)).toEqual([
      { file: 'a.png' },
      { file: 'b.png' },
    ])
    const { photo } = house.active.info
    expect(house.engine.of('photo.addNoise')).toMatchObject([{ photo }])
    expect(house.engine.of('photo.denoise')).toMatchObject([{ photo, sigma: 30 }])
    expect(house.workspace.notices.list.map(({ kind }) => kind)).toEqual(['information'])
  })

  test('a request that it took with it is no failure of the photo', async () => {
    await house.openFiles('a.png')
    house.engine.handlers['photo.denoise'] = () => {
      throw died()
    }
    house.active.change({ sigma: 30 })
    await house.settle()
    delete house.engine.handlers['photo.denoise']
    await house.restart()
    expect(house.active.held).toBe(false)
    expect(house.active.job).not.toBeNull()
  })

  test('a file that is gone by then is named and leaves the strip', async () => {
    await house.openFiles('a.png', 'b.png')
    house.engine.handlers['photo.open'] = ({ source }) => {
      if ('file' in source && source.file === 'a.png')
        throw new DarkroomError('file-not-found', 'gone', { file: 'a.png' })
      return { ...house.active.info, photo: 'again', name: 'b.png' }
    }
    await house.restart()
    expect(house.workspace.photos.list.map(({ info }) => info.name)).toEqual(['b.png'])
    expect(house.active.info.name).toBe('b.png')
    expect(house.workspace.notices.list.some(({ text }) => text() === 'file-not-found')).toBe(true)
  })

  test('given up: the error is told and stays', async () => {
    const error = { code: 'engine-failed', message: 'four times', params: {} } as const
    await house.send('engine.state', { state: 'failed', error })
    expect(house.workspace.notices.list.map(({ kind, text }) => [kind, text()])).toEqual([
      ['error', 'engine-failed'],
    ])
  })
})

describe('undo', () => {
  beforeEach(async () => {
    await house.openFiles('a.png')
    house.active.change({ sigma: 30 })
  })

  test('takes back a setting of the photo that is shown', () => {
    house.workspace.command('undo')
    expect(house.active.settings.sigma).toBeNull()
    house.workspace.command('redo')
    expect(house.active.settings.sigma).toBe(30)
  })

  test.each(['train', 'map', 'measure', 'library', 'guide', 'settings', 'generate'] as const)(
    'leaves the photo alone behind the screen %s',
    (screen) => {
      house.workspace.screen = screen
      house.workspace.command('undo')
      expect(house.active.settings.sigma).toBe(30)
    },
  )

  test('leaves the photo alone behind the batch', () => {
    house.workspace.batch.show()
    house.workspace.command('undo')
    expect(house.active.settings.sigma).toBe(30)
    house.workspace.screen = 'library'
    house.workspace.command('undo')
    expect(house.active.settings.sigma).toBe(30)
  })
})

test('a change of language in main reaches the messages', async () => {
  house.engine.handlers['app.info'] = () => ({ language: 'zh-Hans' })
  await house.send('settings.changed', house.workspace.settings.current)
  expect(house.workspace.language.current).toBe('zh-Hans')
})
