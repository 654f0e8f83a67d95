import { describe, expect, it, vi } from 'vitest'
import { sharedRequests, windowRequests, type EngineState } from '../../shared/contract'
import type { LibraryItem, RunConfig } from '../../shared/training'
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
    chooseFolder: () => Promise.resolve('/photos'),
    chooseFile: (kind) => Promise.resolve(kind === 'idx' ? '/data/digits' : '/models/m.ldm'),
    chooseModelExport: () => Promise.resolve('/out/m.ldm'),
    chooseTarget: (name) => Promise.resolve(`/out/${name}`),
    discard: vi.fn(() => Promise.resolve()),
    reveal: vi.fn(),
    ...overrides,
  }
  return { services, request, handlers: windowHandlers(services) }
}

const exportOptions = {
  photo: 'p1',
  layer: 'denoised',
  look: { luma: 100, chroma: 100, texture: 0 },
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

const folder = (path: string) => ({
  kind: 'folder' as const,
  path,
  name: 'photos',
  width: 32,
  height: 32,
  channels: 3 as const,
  fit: 'crop' as const,
})
const configOf = (path: string) => ({ data: folder(path) }) as unknown as RunConfig
const itemOf = (path: string) =>
  ({ item: 'a', command: `train ${path}`, config: configOf(path) }) as unknown as LibraryItem
const refused = { code: 'request-refused' }

describe('training data', () => {
  it('is a chosen folder by its handle, and a path for the engine', async () => {
    const { handlers, request } = setUp()
    const chosen = await handlers['files.chooseFolder']({ use: 'data' })
    expect(chosen?.name).toBe('photos')
    await handlers['data.describe']({ source: folder(chosen?.file ?? '') })
    expect(request).toHaveBeenCalledWith('data.describe', { source: folder('/photos') })
  })

  it('is an idx file that was chosen, which opens nothing else', async () => {
    const { handlers, request } = setUp()
    const chosen = await handlers['files.chooseFile']({ kind: 'idx' })
    const file = chosen?.file ?? ''
    const source = { kind: 'idx' as const, path: file, name: 'digits', labels: file }
    await handlers['data.describe']({ source })
    const paths = { ...source, path: '/data/digits', labels: '/data/digits' }
    expect(request).toHaveBeenCalledWith('data.describe', { source: paths })
    await expect(handlers['photo.open']({ source: { file } })).rejects.toMatchObject(refused)
    await expect(handlers['library.import']({ file })).rejects.toMatchObject(refused)
  })

  it('of a listed run can be trained on again, without its path being told', async () => {
    const { handlers, request } = setUp()
    request.mockResolvedValueOnce({ items: [itemOf('/home/me/photos')], setAside: [], bytes: 0 })
    const { items } = await handlers['library.list']({})
    expect(JSON.stringify(items)).not.toContain('/home/me')
    expect(items[0]?.command).toBe('train photos')
    const config = items[0]?.config as RunConfig
    request.mockResolvedValueOnce(itemOf('/home/me/photos'))
    const started = await handlers['train.start']({ config, name: 'again', group: null })
    expect(started.config).toEqual(config)
    expect(request).toHaveBeenLastCalledWith('train.start', {
      config: configOf('/home/me/photos'),
      name: 'again',
      group: null,
    })
  })

  it.each(['/etc', '', '../..', '__proto__'])('is never a path of the page: %o', async (path) => {
    const { handlers, request } = setUp()
    const config = configOf(path)
    const attempts = [
      handlers['data.describe']({ source: folder(path) }),
      handlers['data.principalError']({ config, sizes: [2] }),
      handlers['train.forecast']({ config }),
      handlers['train.start']({ config, name: 'x', group: null }),
      handlers['train.view']({ of: { config } }),
    ]
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject(refused)
    expect(request).not.toHaveBeenCalled()
  })

  it('is named in a program, and not by its path', async () => {
    const { handlers, request } = setUp()
    const chosen = await handlers['files.chooseFolder']({ use: 'data' })
    await handlers['train.python']({ config: configOf(chosen?.file ?? '') })
    await handlers['train.python']({ config: configOf('') })
    const named = ['train.python', { config: configOf('photos') }]
    expect(request.mock.calls).toEqual([named, named])
    const attempt = async () => handlers['train.python']({ config: configOf('/etc') })
    await expect(attempt()).rejects.toMatchObject(refused)
  })
})

describe('models', () => {
  it('are exported to where the save dialog said, never onto a file that was opened', async () => {
    const { handlers, request } = setUp()
    const target = await handlers['files.chooseModelExport']({ suggestedName: 'm', as: 'run' })
    await handlers['library.export']({ item: 'a', as: 'run', file: target?.file ?? '' })
    const options = { item: 'a', as: 'run', path: '/out/m.ldm' }
    expect(request).toHaveBeenCalledWith('library.export', options)
    const { file } = await handlers['files.adopt']({ path: '/models/m.ldm' })
    const attempt = async () => handlers['library.export']({ item: 'a', as: 'run', file })
    await expect(attempt()).rejects.toMatchObject(refused)
  })

  it('are imported by a handle, and what they were trained on is no path to open', async () => {
    const { handlers, request } = setUp()
    request.mockResolvedValueOnce(itemOf('/etc'))
    const chosen = await handlers['files.chooseFile']({ kind: 'model' })
    const { config } = await handlers['library.import']({ file: chosen?.file ?? '' })
    expect(request).toHaveBeenCalledWith('library.import', { path: '/models/m.ldm' })
    const file = config?.data.kind === 'folder' ? config.data.path : ''
    await expect(handlers['photo.open']({ source: { file } })).rejects.toMatchObject(refused)
    await expect(handlers['library.import']({ file: '/etc' })).rejects.toMatchObject(refused)
  })

  it('go for good when the trash is emptied, as the engine names them', async () => {
    const { handlers, request, services } = setUp()
    request.mockResolvedValueOnce({ files: ['/library/trash/a.ldm'] })
    expect(await handlers['library.emptyTrash']({})).toBeNull()
    expect(services.discard).toHaveBeenCalledWith(['/library/trash/a.ldm'])
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
