import { mkdirSync, mkdtempSync, promises, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expandInputs } from './inputs'

let folder = ''
const at = (...names: string[]): string => join(folder, ...names)
const write = (...names: string[]): void => writeFileSync(at(...names), 'anything')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inputs-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

describe('the inputs of a batch', () => {
  it('are the pictures in a folder, those too that cannot be read here', async () => {
    const read = ['a.JPG', 'a.avif', 'a.jpe', 'a.jpeg', 'a.png', 'a.tif', 'a.tiff', 'a.webp']
    const others = [
      'b.HEIC',
      'b.bmp',
      'b.gif',
      'b.heif',
      'b.jxl',
      'c.NEF',
      'c.cr3',
      'c.dng',
      'c.raf',
    ]
    for (const name of [...read, ...others, 'd.txt', 'd.xmp', 'd.mp4', '.a.png', '._c.NEF', 'NEF'])
      write(name)
    const inputs = await expandInputs([folder])
    expect(inputs).toEqual([...read, ...others].map((name) => ({ path: at(name), place: name })))
  })

  it('say of a folder that nothing is in it', async () => {
    write('notes.txt')
    const [empty, ...more] = await expandInputs([folder, folder])
    expect(empty).toMatchObject({ path: folder, error: { code: 'folder-without-images' } })
    expect(more).toEqual([])
  })

  it('say of a folder that it cannot be read, and are the others all the same', async () => {
    mkdirSync(at('locked'))
    write('a.png')
    write('z.png')
    const readdir = promises.readdir
    vi.spyOn(promises, 'readdir').mockImplementation(((path: string, options: object) =>
      path === at('locked')
        ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))
        : readdir(path, options as { withFileTypes: true })) as never)
    const unreadable = {
      path: at('locked'),
      error: { code: 'file-unreadable', params: { file: at('locked'), reason: 'EACCES' } },
    }
    expect(await expandInputs([folder])).toMatchObject([
      { place: 'a.png' },
      { place: 'locked', ...unreadable },
      { place: 'z.png' },
    ])
    expect(await expandInputs([at('locked')])).toMatchObject([{ place: 'locked', ...unreadable }])
  })

  it('leave out the folder of results, by whatever name', async () => {
    mkdirSync(at('done'))
    symlinkSync(at('done'), at('link'))
    write('a.png')
    write('done', 'a.png')
    for (const out of [at('done'), at('link'), at('done', '.')])
      expect(await expandInputs([folder], out)).toEqual([{ path: at('a.png'), place: 'a.png' }])
  })

  it('are each there once, as it was named first', async () => {
    mkdirSync(at('trip'))
    write('trip', 'a.png')
    symlinkSync(at('trip'), at('link'))
    const inputs = await expandInputs([at('link', 'a.png'), folder, at('none'), at('none')])
    expect(inputs).toEqual([
      { path: at('link', 'a.png'), place: 'a.png' },
      { path: at('none'), place: 'none' },
    ])
  })
})
