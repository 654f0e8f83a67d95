import { linkSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../codec'
import { PhotoBench } from './testing/photoBench'
import { picture } from './testing/testEngine'

const bench = new PhotoBench()
const { at, open, start, denoise, exportTo } = bench

describe('exporting', () => {
  it('keeps 16 bits', async () => {
    const planes = picture(60, 40, 3, 16)
    const info = await open(planes)
    await denoise(info)
    const { name, bytes } = await exportTo(info, at('out.png'), { bits: 16 })
    const file = readFileSync(at('out.png'))
    expect({ name, bytes }).toEqual({ name: 'out.png', bytes: file.length })
    const back = await decodeImage(file, 'out.png')
    expect(back.bits).toBe(16)
    expect(back.data).toEqual(planes.data)
  })

  it.each([
    ['by its own name', (path: string) => path],
    [
      'by a hard link',
      (path: string) => {
        linkSync(path, `${path}.link.png`)
        return `${path}.link.png`
      },
    ],
    [
      'by a symbolic link',
      (path: string) => {
        symlinkSync(path, `${path}.link.png`)
        return `${path}.link.png`
      },
    ],
    ['by a detour', (path: string) => path.replace('photo.png', 'resources/../photo.png')],
  ])('never overwrites the source, %s', async (_how, other) => {
    const info = await open()
    const path = at('photo.png')
    const before = readFileSync(path)
    await denoise(info)
    await expect(exportTo(info, other(path))).rejects.toMatchObject({ code: 'target-is-source' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('never overwrites the source of another open photo either', async () => {
    await open(picture(10, 10), 'other.png')
    const info = await open()
    await denoise(info)
    await expect(exportTo(info, at('other.png'))).rejects.toMatchObject({
      code: 'target-is-source',
    })
  })

  it('waits for a result', async () => {
    const info = await open(picture(1200, 900))
    const missing = { code: 'result-missing', params: { file: 'photo.png' } }
    await expect(exportTo(info, at('x.png'))).rejects.toMatchObject(missing)
    await expect(exportTo(info, at('x.png'), { layer: 'noisy' })).rejects.toMatchObject(missing)
    const { listener } = await start(info)
    await expect(exportTo(info, at('x.png'))).rejects.toMatchObject(missing)
    await listener.finished
    await exportTo(info, at('x.png'))
    expect(readdirSync(bench.folder)).toContain('x.png')
  })

  it('says when it cannot write, by the name of the target', async () => {
    const info = await open()
    await denoise(info)
    await expect(exportTo(info, at('missing', 'x.png'))).rejects.toMatchObject({
      code: 'target-unwritable',
      params: { file: 'x.png', reason: 'ENOENT' },
    })
  })
})
