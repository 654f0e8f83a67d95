import { describe, expect, it } from 'vitest'
import { sniff } from './sniff'
import { ascii } from './testing/files'

const padded = (start: string) => ascii(start.padEnd(64, '\0'))

describe('sniff', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0mif1'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0mif1avif'],
    ['tiff', 'II*\0'],
    ['tiff', 'MM\0*'],
    ['tiff', 'II+\0'],
    ['tiff', 'MM\0+'],
  ])('knows %s by its first bytes', (format, start) => {
    expect(sniff(padded(start), 'anything.txt')).toBe(format)
  })

  it.each([
    ['GIF', 'GIF89a'],
    ['BMP', 'BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'],
    ['Photoshop (PSD)', '8BPS'],
    ['JPEG XL', '\xff\x0a'],
    ['JPEG XL', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['HEIC', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic'],
    ['AVIF (animated)', '\0\0\0\x18ftypavis\0\0\0\0avis'],
    ['Camera RAW (CR3)', '\0\0\0\x18ftypcrx \0\0\0\x01crx '],
    ['Video (MP4)', '\0\0\0\x18ftypisom\0\0\x02\0isom'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['SVG', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg>'],
    ['PDF', '%PDF-1.7'],
    ['Netpbm (PNM)', 'P6\n3 2\n255\n'],
    ['Camera RAW (RW2)', 'IIU\0'],
    ['Camera RAW (RAF)', 'FUJIFILMCCD-RAW 0201'],
    ['Camera RAW (CR2)', 'II*\0\x10\0\0\0CR\x02\0'],
    ['ICO', '\0\0\x01\0'],
  ])('refuses %s by its name', (format, start) => {
    expect(() => sniff(padded(start), 'x')).toThrow(
      expect.objectContaining({ code: 'format-unsupported', params: { format } }),
    )
  })

  it.each(['a.NEF', 'b.arw', 'photo.dng', 'c.cr2', 'd.pef'])(
    'tells the camera RAW %s from a TIFF by its ending',
    (name) => {
      const format = `Camera RAW (${name.split('.')[1]!.toUpperCase()})`
      expect(() => sniff(padded('II*\0'), name)).toThrow(
        expect.objectContaining({ code: 'format-unsupported', params: { format } }),
      )
    },
  )

  it.each(['hello, this is text', 'BMW is a maker of cars', '<html><svg>', '\0\0\0\0', 'P', ''])(
    'refuses %j as no image',
    (start) => {
      expect(() => sniff(ascii(start), 'photo.jpg')).toThrow(
        expect.objectContaining({ code: 'not-an-image' }),
      )
    },
  )

  it('calls a PNG damaged whose line ends were translated', () => {
    expect(() => sniff(padded('\x89PNG\n\x1a\n'), 'x.png')).toThrow(
      expect.objectContaining({ code: 'image-damaged' }),
    )
  })
})
