import { describe, expect, it } from 'vitest'
import { readHeader } from './header'
import { decodeDeadline, limits } from './limits'
import { ascii, join, png, pngChunk, tiff, tiffBasics } from './testing/files'

const codeOf = (code: string) => expect.objectContaining({ code }) as Error

/** A JPEG's frame header for one grey component, and as many bytes of 'picture' as wanted. */
const jpeg = (width: number, height: number, picture: number, frame = 0xc0, precision = 8) =>
  join(
    Uint8Array.of(0xff, 0xd8, 0xff, frame, 0, 11, precision),
    Uint8Array.of(height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
    Uint8Array.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0),
    new Uint8Array(picture),
    Uint8Array.of(0xff, 0xd9),
  )

const cmykJpeg = join(
  Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4),
  Uint8Array.of(1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0),
  Uint8Array.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0xd9),
)

const animatedWebp = ascii('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x05\0\0\x05\0\0')

/** A lossy WebP's header that claims a size. */
const webp = (width: number, height: number) =>
  join(
    ascii('RIFF\x1e\0\0\0WEBPVP8 \x12\0\0\0\x30\x01\0\x9d\x01\x2a'),
    Uint8Array.of(width & 255, width >> 8, height & 255, height >> 8, 0, 0, 0, 0, 0, 0, 0, 0),
  )

const emptyPng = (width: number, height: number) =>
  png({ width, height, depth: 8, colour: 0, rows: [0] })

describe('readHeader', () => {
  it('reads sizes without decoding', () => {
    expect(readHeader(jpeg(640, 480, 2000), 'x')).toEqual({
      format: 'jpeg',
      width: 640,
      height: 480,
    })
    expect(readHeader(webp(640, 480), 'x')).toEqual({ format: 'webp', width: 640, height: 480 })
    expect(readHeader(emptyPng(640, 480), 'x')).toEqual({ format: 'png', width: 640, height: 480 })
    const file = tiff(tiffBasics(3, 2, [8], 1), [new Uint8Array(6)], { little: false })
    expect(readHeader(file, 'x')).toEqual({ format: 'tiff', width: 3, height: 2 })
  })

  it.each([
    ['a PNG', emptyPng(30_000, 4_001)],
    ['a PNG', emptyPng(1, 30_001)],
    ['a PNG', emptyPng(2 ** 31 - 1, 2 ** 31 - 1)],
    ['a JPEG', jpeg(65_000, 65_000, 10)],
    ['a WebP', webp(16_383, 16_383)],
    [
      'a TIFF',
      tiff(
        [
          [256, 4, [2 ** 32 - 1]],
          [257, 4, [2 ** 32 - 1]],
        ],
        [],
      ),
    ],
  ])('refuses %s that is too large', (_, bytes) => {
    expect(() => readHeader(bytes, 'x')).toThrow(codeOf('image-too-large'))
  })

  it('says how large is too large', () => {
    expect(() => readHeader(emptyPng(30_001, 5), 'x')).toThrow(
      expect.objectContaining({
        params: { width: 30_001, height: 5, megapixelLimit: 120, sideLimit: 30_000 },
      }),
    )
  })

  it('lets the largest picture through', () => {
    expect(readHeader(emptyPng(30_000, 4_000), 'x')).toMatchObject({ width: 30_000 })
  })

  it.each([
    ['a PNG without width', emptyPng(0, 5)],
    ['a JPEG without height', jpeg(5, 0, 100)],
    ['a WebP without width', webp(0, 5)],
    ['a TIFF without a size', tiff([[262, 3, [1]]], [])],
    ['a JPEG whose few bytes claim 100 megapixels', jpeg(10_000, 10_000, 1000)],
    [
      'a TIFF whose few bytes claim 100 megapixels',
      tiff(tiffBasics(10_000, 10_000, [8], 1), [new Uint8Array(99)]),
    ],
    [
      'a TIFF whose strip lies outside',
      tiff([...tiffBasics(2, 2, [8], 1), [273, 4, [9999]]], [new Uint8Array(4)]),
    ],
    ['a TIFF without strips', tiff(tiffBasics(2, 2, [8], 1), [])],
    ['a JPEG that ends in its header', jpeg(5, 5, 10).subarray(0, 9)],
    ['a PNG that ends in its header', emptyPng(5, 5).subarray(0, 20)],
    [
      'a PNG whose first chunk is another',
      join(ascii('\x89PNG\r\n\x1a\n'), pngChunk('tEXt', new Uint8Array(13)), new Uint8Array(40)),
    ],
    ['a TIFF whose directory is outside', ascii('II*\0\xff\xff\0\0')],
  ])('refuses %s as damaged', (_, bytes) => {
    expect(() => readHeader(bytes, 'x')).toThrow(codeOf('image-damaged'))
  })

  it.each([
    ['JPEG (lossless)', jpeg(5, 5, 10, 0xc3)],
    ['JPEG (arithmetic coding)', jpeg(5, 5, 10, 0xc9)],
    ['JPEG (12 bits)', jpeg(5, 5, 10, 0xc1, 12)],
    ['JPEG (CMYK)', cmykJpeg],
    ['WebP (animated)', animatedWebp],
    ['TIFF (CCITT)', tiff(tiffBasics(8, 1, [1], 0, 4), [new Uint8Array(9)])],
    ['TIFF (Zstandard)', tiff(tiffBasics(8, 1, [8], 1, 50000), [new Uint8Array(9)])],
    ['TIFF (CIELAB)', tiff(tiffBasics(1, 1, [8, 8, 8], 8), [new Uint8Array(9)])],
    ['TIFF (signed)', tiff([...tiffBasics(1, 1, [8], 1), [339, 3, [2]]], [new Uint8Array(9)])],
    [
      'TIFF (CMYK with a profile)',
      tiff([...tiffBasics(1, 1, [8, 8, 8, 8], 5), [34675, 7, [1]]], [new Uint8Array(9)]),
    ],
    [
      'Camera RAW (DNG)',
      tiff([...tiffBasics(1, 1, [8], 1), [50706, 1, [1, 4, 0, 0]]], [new Uint8Array(9)]),
    ],
    ['Camera RAW (DNG)', tiff(tiffBasics(1, 1, [8], 32803), [new Uint8Array(9)])],
  ])('refuses %s by its name', (format, bytes) => {
    expect(() => readHeader(bytes, 'x')).toThrow(
      expect.objectContaining({ code: 'format-unsupported', params: { format } }),
    )
  })

  it('refuses no bytes, and more than half a gibibyte', () => {
    expect(() => readHeader(new Uint8Array(0), 'x')).toThrow(codeOf('file-empty'))
    const large = { length: limits.fileBytes + 1 } as Uint8Array
    expect(() => readHeader(large, 'x')).toThrow(
      expect.objectContaining({ code: 'file-too-large', params: { megabytes: 513, limit: 512 } }),
    )
  })
})

it('gives decoding 10 seconds and a fifth of one for each megapixel', () => {
  expect(decodeDeadline(0)).toBe(10_000)
  expect(decodeDeadline(120e6)).toBe(34_000)
})
