import { describe, expect, it } from 'vitest'
import { FileHandles } from './files'

describe('file handles', () => {
  it('show the name and hide the path', () => {
    const files = new FileHandles()
    const handle = files.issue('/photos/summer/a.png', 'open')
    expect(handle.name).toBe('a.png')
    expect(handle.file).not.toContain('summer')
    expect(files.pathOf(handle.file, 'open')).toBe('/photos/summer/a.png')
  })

  it('are good for what they were issued for only', () => {
    const files = new FileHandles()
    const opened = files.issue('/a.png', 'open')
    const target = files.issue('/b.png', 'export')
    expect(() => files.pathOf(opened.file, 'export')).toThrow('chosen')
    expect(() => files.pathOf(target.file, 'open')).toThrow('chosen')
    expect(files.pathOf(target.file)).toBe('/b.png')
  })

  it('for data open nothing else, whereas what was opened may be data', () => {
    const files = new FileHandles()
    const data = files.issue('/photos', 'data')
    const opened = files.issue('/dropped', 'open')
    expect(() => files.pathOf(data.file, 'open')).toThrow('chosen')
    expect(() => files.pathOf(data.file, 'export')).toThrow('chosen')
    expect(files.pathOf(data.file, 'open', 'data')).toBe('/photos')
    expect(files.pathOf(opened.file, 'open', 'data')).toBe('/dropped')
  })

  it('of the same path are the same for the same use', () => {
    const files = new FileHandles()
    const first = files.issue('/photos', 'data')
    expect(files.issue('/photos', 'data')).toEqual(first)
    expect(files.issue('/photos', 'open').file).not.toBe(first.file)
    expect(files.issue('/other', 'data').file).not.toBe(first.file)
  })

  it('that are issued again stay when older ones go, and can be issued anew once they went', () => {
    const files = new FileHandles()
    const kept = files.issue('/kept', 'data')
    const lost = files.issue('/lost', 'data')
    files.issue('/kept', 'data')
    for (let index = 0; index < 20_000 - 1; index += 1) files.issue(`/${index}.png`, 'open')
    expect(files.pathOf(kept.file)).toBe('/kept')
    expect(() => files.pathOf(lost.file)).toThrow('chosen')
    const again = files.issue('/lost', 'data')
    expect(files.pathOf(again.file)).toBe('/lost')
  })

  it.each(['/a.png', '', '__proto__', 'constructor'])('cannot be invented: %o', (file) => {
    const files = new FileHandles()
    files.issue('/a.png', 'open')
    expect(() => files.pathOf(file)).toThrow('chosen')
  })

  it.each(['', 'a.png', '../a.png', '/a.png\0.jpg'])('are not issued for %o', (path) => {
    expect(() => new FileHandles().issue(path, 'open')).toThrow('Not the path')
  })

  it('are bounded: the oldest goes first', () => {
    const files = new FileHandles()
    const first = files.issue('/first.png', 'open')
    const second = files.issue('/second.png', 'open')
    for (let index = 0; index < 20_000 - 1; index += 1) files.issue(`/${index}.png`, 'open')
    expect(() => files.pathOf(first.file)).toThrow('chosen')
    expect(files.pathOf(second.file)).toBe('/second.png')
  })
})
