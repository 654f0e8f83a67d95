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
