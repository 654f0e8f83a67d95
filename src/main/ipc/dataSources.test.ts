import { describe, expect, it } from 'vitest'
import { FileHandles } from '../app/files'
import { forEngine, forText, forWindow } from './dataSources'

const folder = (path: string) => ({
  kind: 'folder' as const,
  path,
  name: 'holiday',
  width: 32,
  height: 32,
  channels: 3 as const,
  fit: 'crop' as const,
})
const idx = (path: string, labels: string | null) => ({
  kind: 'idx' as const,
  path,
  name: 'digits',
  labels,
})

describe('sources for the window', () => {
  it('have handles wherever they are, and the engine gets the paths back', () => {
    const files = new FileHandles()
    const listing = {
      items: [
        { item: 'a', config: { data: folder('/home/me/holiday'), validation: 0.1 } },
        { item: 'b', config: { data: idx('/data/images', '/data/labels') } },
        { item: 'c', config: { data: { kind: 'mnist' } } },
        { item: 'd', config: null },
      ],
      bytes: 7,
    }
    const shown = forWindow(listing, files)
    expect(JSON.stringify(shown)).not.toMatch(/home|\/data/)
    expect(shown.items[0]?.config?.data).toMatchObject({ name: 'holiday', width: 32 })
    expect(forEngine(shown, files)).toEqual(listing)
  })

  it('keep their handle, so that lists do not use up handles', () => {
    const files = new FileHandles()
    const listing = [folder('/holiday'), idx('/images', null)]
    expect(forWindow(listing, files)).toEqual(forWindow(listing, files))
  })

  it('that are not chosen yet stay empty', () => {
    expect(forWindow(folder(''), new FileHandles()).path).toBe('')
  })

  it.each(['../../etc', 'C:', '/photos\0.png'])(
    'of a file from elsewhere that names %o are not chosen yet',
    (path) => {
      expect(forWindow(folder(path), new FileHandles()).path).toBe('')
    },
  )

  it.each([
    ['/home/me/holiday', "'/home/me/holiday'", "'holiday'"],
    ["/home/me/it's $& mine", "'/home/me/it'\\''s $& mine'", "'it's $& mine'"],
    ['/home/me/"quoted"', '"/home/me/\\"quoted\\""', '""quoted""'],
  ])(
    'come without the path in the command that makes the item again: %s',
    (path, quoted, named) => {
      const item = { command: `train --data ${quoted} --width 32`, config: { data: folder(path) } }
      const shown = forWindow(item, new FileHandles())
      expect(shown.command).toBe(`train --data ${named} --width 32`)
      expect(JSON.stringify(shown)).not.toContain('/home')
    },
  )

  it('leave pixels alone, without a copy', () => {
    const result = { card: { kind: 'folder' }, samples: { pixels: new Uint8Array(4) } }
    expect(forWindow(result, new FileHandles()).samples.pixels).toBe(result.samples.pixels)
  })
})

describe('sources of the window', () => {
  it.each(['/etc', '', 'holiday', '__proto__'])(
    'are refused with an invented handle: %o',
    (path) => {
      const files = new FileHandles()
      files.issue('/etc', 'data')
      expect(() => forEngine({ config: { data: folder(path) } }, files)).toThrow('chosen')
      const good = files.issue('/images', 'data').file
      expect(() => forEngine({ source: idx(good, path) }, files)).toThrow('chosen')
    },
  )

  it('may be what was dropped, and never what an export goes to', () => {
    const files = new FileHandles()
    const dropped = files.issue('/dropped', 'open').file
    expect(forEngine(folder(dropped), files).path).toBe('/dropped')
    const target = files.issue('/out', 'export').file
    expect(() => forEngine(folder(target), files)).toThrow('chosen')
  })

  it('are named in a text, and a folder that is not chosen yet by the name it has', () => {
    const files = new FileHandles()
    const images = files.issue('/data/images.idx', 'data').file
    const labels = files.issue('/data/labels.idx', 'data').file
    expect(forText(idx(images, labels), files)).toMatchObject({
      path: 'images.idx',
      labels: 'labels.idx',
    })
    expect(forText(folder(''), files).path).toBe('holiday')
    expect(() => forText(folder('/etc'), files)).toThrow('chosen')
  })
})
