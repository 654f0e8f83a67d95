import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings, settings as schema } from '../../shared/types'
import { SettingsStore, settingsFrom } from './settings'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-settings-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const changed = vi.fn()
const log = vi.fn()
const open = () => new SettingsStore({ path, changed, log })

describe('settings', () => {
  it('are the defaults at the first start, which writes nothing', () => {
    expect(open().read()).toEqual(defaultSettings)
    expect(existsSync(path)).toBe(false)
  })

  it('are remembered', async () => {
    await open().change({ theme: 'light', threads: 2 })
    expect(open().read()).toEqual({ ...defaultSettings, theme: 'light', threads: 2 })
  })

  it('keep what was not named, and what was named without a value', async () => {
    const store = open()
    await store.change({ theme: 'light' })
    await store.change({ threads: undefined, exportQuality: 50 })
    expect(store.read()).toEqual({ ...defaultSettings, theme: 'light', exportQuality: 50 })
  })

  it('tell of each change with the whole', async () => {
    changed.mockClear()
    await open().change({ language: 'zh-Hans' })
    expect(changed).toHaveBeenCalledWith({ ...defaultSettings, language: 'zh-Hans' })
  })

  it('end with the last of several changes made at once', async () => {
    const store = open()
    await Promise.all([10, 20, 30].map((exportQuality) => store.change({ exportQuality })))
    await store.flush()
    expect(open().read().exportQuality).toBe(30)
  })

  it('take every good value of a file in which others are not', () => {
    const found = { theme: 'light', language: 'klingon', exportQuality: 1000, unknown: 1 }
    expect(settingsFrom(found)).toEqual({ ...defaultSettings, theme: 'light' })
  })

  it('take over presets of earlier versions, whose strength was for luma and chroma', () => {
    const old = { name: 'Night', model: null, sigma: 12, strength: 70 }
    const now = { name: 'Film', model: null, sigma: null, look: { luma: 1, chroma: 2, texture: 3 } }
    expect(settingsFrom({ presets: [old, now] }).presets).toEqual([
      { name: 'Night', model: null, sigma: 12, look: { luma: 70, chroma: 70, texture: 0 } },
      now,
    ])
  })

  it.each(['', '{', '[]', 'null', '7', '"text"', '\u0000\u0001', '{"theme":'])(
    'are set aside and defaulted when the file holds %o',
    (content) => {
      writeFileSync(path, content)
      expect(open().read()).toEqual(defaultSettings)
      expect(existsSync(path)).toBe(false)
      expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(content)
    },
  )

  it('survive a folder in their place', () => {
    mkdirSync(path)
    expect(open().read()).toEqual(defaultSettings)
  })

  it('are valid whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        writeFileSync(path, content)
        return schema.safeParse(open().read()).success
      }),
    )
  })

  it('hold until the end when they cannot be written, and say so', async () => {
    mkdirSync(path) // a rename onto a folder fails
    const store = open()
    await expect(store.change({ theme: 'light' })).rejects.toMatchObject({
      code: 'target-unwritable',
      params: { file: path },
    })
    expect(store.read().theme).toBe('light')
    expect(existsSync(`${path}.new`)).toBe(false)
  })

  it('can be written again after a failure', async () => {
    mkdirSync(path)
    const store = open()
    await expect(store.change({ theme: 'light' })).rejects.toThrow()
    rmSync(path, { recursive: true })
    await store.change({ exportQuality: 42 })
    expect(open().read()).toEqual({ ...defaultSettings, theme: 'light', exportQuality: 42 })
  })
})
