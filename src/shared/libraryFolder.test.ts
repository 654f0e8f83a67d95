import { describe, expect, it } from 'vitest'
import { libraryFolder } from './libraryFolder'

const linux = { platform: 'linux', home: '/home/me' } as const

describe('the library’s folder', () => {
  it('is the one that was asked for', () => {
    const environment = { DARKROOM_LIBRARY: '/models', XDG_DATA_HOME: '/data' }
    expect(libraryFolder({ ...linux, environment })).toBe('/models')
  })

  it('is otherwise where the system keeps data of programs', () => {
    expect(libraryFolder({ ...linux, environment: {} })).toBe(
      '/home/me/.local/share/latent-darkroom/library',
    )
    expect(libraryFolder({ ...linux, environment: { XDG_DATA_HOME: '/data' } })).toBe(
      '/data/latent-darkroom/library',
    )
    expect(libraryFolder({ platform: 'darwin', home: '/Users/me', environment: {} })).toBe(
      '/Users/me/Library/Application Support/latent-darkroom/library',
    )
    const windows = { platform: 'win32', home: 'C:\\Users\\me' } as const
    expect(libraryFolder({ ...windows, environment: {} })).toBe(
      'C:\\Users\\me\\AppData\\Local\\latent-darkroom\\library',
    )
    expect(libraryFolder({ ...windows, environment: { LOCALAPPDATA: 'D:\\Local' } })).toBe(
      'D:\\Local\\latent-darkroom\\library',
    )
  })

  it('is not the current one when a variable is set to nothing', () => {
    const environment = { DARKROOM_LIBRARY: '', XDG_DATA_HOME: '' }
    expect(libraryFolder({ ...linux, environment })).toBe(
      '/home/me/.local/share/latent-darkroom/library',
    )
  })
})
