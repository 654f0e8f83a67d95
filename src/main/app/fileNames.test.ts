import { describe, expect, it } from 'vitest'
import { safeFileName, withExtension } from './fileNames'

describe('a name suggested by the page', () => {
  it.each([
    ['photo-denoised.png', 'photo-denoised.png'],
    ['照片 去噪.png', '照片 去噪.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\win.ini', 'win.ini'],
    ['.bashrc', 'bashrc'],
    ['a\u0000b\n<c>.png', 'abc.png'],
    ['/', 'image'],
    ['', 'image'],
  ])('%o becomes %o', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })
})

describe('the extension of an export', () => {
  const none = () => false

  it('is added where there is none', () => {
    expect(withExtension('/out/photo', 'jpg', none)).toBe('/out/photo.jpg')
  })

  it('stays as it was typed', () => {
    expect(withExtension('/out/photo.JPEG', 'jpg', none)).toBe('/out/photo.JPEG')
    expect(withExtension('/out/photo.bak', 'png', none)).toBe('/out/photo.bak')
  })

  it('is not added when that would replace a file nobody was asked about', () => {
    expect(withExtension('/out/photo', 'png', (path) => path === '/out/photo.png')).toBe(
      '/out/photo',
    )
  })
})
