import { describe, expect, it, vi } from 'vitest'
import { sharedRequests, windowRequests, type EngineState } from '../../shared/contract'
import { defaultSettings, type PhotoInfo } from '../../shared/types'
import { FileHandles } from '../app/files'
import { OpenPhotos, windowHandlers, type Services } from './windowHandlers'

const ready: EngineState = { state: 'ready', error: null }

function setUp(overrides: Partial<Services> = {}) {
  const request = vi.fn((name: string, _args: unknown): Promise<unknown> => {
    return Promise.resolve(name === 'photo.open' ? ({ photo: 'p1' } as PhotoInfo) : null)
  })
  const services: Services = {
    engine: { request: request as never, state: ready },
    files: new FileHandles(),
    photos: new OpenPhotos(),
    settings: { read: () => defaultSettings, change: vi.fn() },
    samplePath: '/resources/sample.png',
    listening: vi.fn(),
    info: vi.fn(),
    diagnostics: () => Promise.resolve('text'),
    chooseImages: () => Promise.resolve(['/photos/a.png', '/photos/b.png']),
    chooseExport: () => Promise.resolve('/out/c.png'),
    reveal: vi.fn(),
    ...overrides,
  }
  return { services, request, handlers: windowHandlers(services) }
}

const exportOptions = {
  photo: 'p1',
  layer: 'denoised',
  strength: 100,
  format: 'png',
  bits: 8,
  quality: 90,
  keepMetadata: true,
} as const

describe('the handlers of the window', () => {
  it('exist for every request of the contract', () => {
    expect(Object.keys(setUp().handlers).sort()).toEqual(Object.keys(windowRequests).sort())
  })

  it('hand shared requests to the engine as they came', async () => {
    const { handlers, request } = setUp()
    await handlers['photo.noiseLevel']({ photo: 'p1' })
    expect(request).toHaveBeenCalledWith('photo.noiseLevel', { photo: 'p1' })
    expect(Object.keys(sharedRequests)).toContain('photo.noiseLevel')
  })

  it('give the page handles, and the engine the paths behind them', async () => {
    const { handlers, request } = setUp()
    const [first] = await handlers['files.chooseImages']({})
    expect(first?.name).toBe('a.png')
    expect(JSON.stringify(first)).not.toContain('/photos')
    await handlers['photo.open']({ source: { file: first?.file ?? '' } })
    expect(request).toHaveBeenCalledWith('photo.open', { source: { path: '/photos/a.png' } })
  })

  it('write only where the save dialog said, never to a file that was opened', async () => {
    const { handlers, request } = setUp()
    const target = await handlers['files.chooseExport']({ suggestedName: 'c', format: 'png' })
    await handlers['photo.export']({ ...exportOptions, file: target?.file ?? '' })
    expect(request).toHaveBeenCalledWith('photo.export', { ...exportOptions, path: '/out/c.png' })

    const opened = await handlers['files.adopt']({ path: '/photos/a.png' })
    const attempt = async () => handlers['photo.export']({ ...exportOptions, file: opened.file })
    await expect(attempt()).rejects.toMatchObject({ code: 'request-refused' })
    expect(request).toHaveBeenCalledTimes(1)
  })

  it('answer null when the person changed their mind', async () => {
    const { handlers } = setUp({ chooseExport: () => Promise.resolve(null) })
    const chosen = await handlers['files.chooseExport']({ suggestedName: 'c', format: 'png' })
    expect(chosen).toBeNull()
  })

  it('reveal files by handle only', async () => {
    const { handlers, services } = setUp()
    const { file } = await handlers['files.sample']({})
    await handlers['files.reveal']({ file })
    expect(services.reveal).toHaveBeenCalledWith('/resources/sample.png')
    expect(() => handlers['files.reveal']({ file: '/etc/passwd' })).toThrow('Not a file')
  })

  it('learn from the question for the state that the page listens', async () => {
    const { handlers, services } = setUp()
    expect(await handlers['engine.state']({})).toBe(ready)
    expect(services.listening).toHaveBeenCalledOnce()
  })
})

describe('photos of a page that has gone', () => {
  it('are closed, once', async () => {
    const { handlers, services, request } = setUp()
    await handlers['photo.open']({ source: { bytes: new Uint8Array(1), name: 'x' } })
    services.photos.close(services.engine)
    services.photos.close(services.engine)
    expect(request.mock.calls.filter(([name]) => name === 'photo.close')).toEqual([
      ['photo.close', { photo: 'p1' }],
    ])
  })

  it('are left alone when the page closed them or their engine died', async () => {
    const { handlers, services, request } = setUp()
    await handlers['photo.open']({ source: { bytes: new Uint8Array(1), name: 'x' } })
    await handlers['photo.close']({ photo: 'p1' })
    services.photos.close(services.engine)
    await handlers['photo.open']({ source: { bytes: new Uint8Array(1), name: 'x' } })
    services.photos.forget()
    services.photos.close(services.engine)
    expect(request.mock.calls.filter(([name]) => name === 'photo.close')).toHaveLength(1)
  })
})
