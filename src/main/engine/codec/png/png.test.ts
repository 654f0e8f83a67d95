import { zlibSync } from 'fflate'
import { decode as independentDecode, encode as independentEncode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { ascii, join, picture, png, pngChunk } from '../testing/files'
import type { Metadata } from '../planes'
import { crc32, readPng } from './chunks'
import { decodePng } from './decode'
import { encodePng } from '../testing/wholeFile'
import { pngBands } from './encode'

const bare: Metadata = { exif: null, icc: null, xmp: null, profileName: null }
const damaged = expect.objectContaining({ code: 'image-damaged' }) as Error

describe('decodePng', () => {
  it.each([
    [1, [0, 0b10100000], [255, 0, 255]],
    [2, [0, 0b00011011], [0, 85, 170]],
    [4, [0, 0x0f, 0x80], [0, 255, 136]],
    [8, [0, 7, 8, 9], [7, 8, 9]],
    [16, [0, 1, 2, 3, 4, 255, 255], [0x0102, 0x0304, 65535]],
  ])('spreads %i-bit grey over the full range', (depth, rows, expected) => {
    const { planes } = decodePng(png({ width: 3, height: 1, depth, colour: 0, rows }))
    expect(planes).toMatchObject({ channels: 1, bits: depth === 16 ? 16 : 8, alpha: null })
    expect([...planes.data]).toEqual(expected)
  })

  it('undoes each filter', () => {
    // three columns; each row is what its filter makes of the row written beside it
    const rows = [
      [0, 10, 20, 30], // as it is: 10 20 30
      [1, 10, 10, 10], // left: 10 20 30
      [2, 1, 1, 1], // above: 11 21 31
      [3, 5, 5, 5], // mean of both, rounded down: 10 20 30
      [4, 1, 1, 250], // Paeth: 11 21 → 30 + 250 = 280 − 256 = 24
    ]
    const file = png({ width: 3, height: 5, depth: 8, colour: 0, rows: rows.flat() })
    expect([...decodePng(file).planes.data]).toEqual([
      10, 20, 30, 10, 20, 30, 11, 21, 31, 10, 20, 30, 11, 21, 24,
    ])
  })

  it('looks colours up in the palette, with their transparency', () => {
    const before = [
      pngChunk('PLTE', Uint8Array.of(1, 2, 3, 40, 50, 60, 255, 254, 253)),
      pngChunk('tRNS', Uint8Array.of(128, 0)),
    ]
    const rows = [0, 0b00011000]
    const { planes } = decodePng(png({ width: 3, height: 1, depth: 2, colour: 3, rows, before }))
    expect([...planes.data]).toEqual([1, 2, 3, 40, 50, 60, 255, 254, 253])
    expect([...planes.alpha!]).toEqual([128, 0, 255])
  })

  it('makes the colour named by tRNS transparent', () => {
    const rows = [0, 1, 2, 3, 1, 2, 4]
    const before = [pngChunk('tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3))]
    const { planes } = decodePng(png({ width: 2, height: 1, depth: 8, colour: 2, rows, before }))
    expect([...planes.alpha!]).toEqual([0, 255])
    const grey = png({
      width: 2,
      height: 1,
      depth: 16,
      colour: 0,
      rows: [0, 1, 2, 1, 3],
      before: [pngChunk('tRNS', Uint8Array.of(1, 3))],
    })
    expect([...decodePng(grey).planes.alpha!]).toEqual([65535, 0])
  })

  it('puts the passes of an interlaced picture where they belong', () => {
    // 3 × 3 pixels of 4 bits: passes 1, 4, 5, 6 and 7 hold pixels; these are the values 0 to 8 in reading order
    const rows = [0, 0x00, 0, 0x20, 0, 0x68, 0, 0x10, 0, 0x70, 0, 0x34, 0x50]
    const file = png({ width: 3, height: 3, depth: 4, colour: 0, interlace: 1, rows })
    expect([...decodePng(file).planes.data].map((value) => value / 17)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ])
  })

  it('reads what another encoder writes', () => {
    const data = Uint16Array.from({ length: 4 * 7 * 5 }, (_, i) => (i * 9973) & 0xffff)
    const interlace = 'Adam7'
    const file = independentEncode(
      { width: 7, height: 5, data, depth: 16, channels: 4 },
      { interlace },
    )
    const { planes } = decodePng(file)
    expect([...planes.data]).toEqual([...data].filter((_, i) => i % 4 < 3))
    expect([...planes.alpha!]).toEqual([...data].filter((_, i) => i % 4 === 3))
  })

  const sound = png({ width: 2, height: 2, depth: 8, colour: 0, rows: [0, 1, 2, 0, 3, 4] })
  it.each([
    ['cut off in the picture', sound.subarray(0, sound.length - 20)],
    ['without its end', sound.subarray(0, sound.length - 12)],
    ['with a changed byte in the picture', sound.map((byte, i) => (i === 44 ? byte ^ 1 : byte))],
    ['with too few rows', png({ width: 2, height: 9, depth: 8, colour: 0, rows: [0, 1, 2] })],
    ['with an unknown filter', png({ width: 1, height: 1, depth: 8, colour: 0, rows: [5, 1] })],
    [
      'with a depth that its colours cannot have',
      png({ width: 1, height: 1, depth: 4, colour: 2, rows: [0, 1] }),
    ],
    ['without a palette', png({ width: 1, height: 1, depth: 8, colour: 3, rows: [0, 0] })],
    [
      'with a colour outside its palette',
      png({
        width: 1,
        height: 1,
        depth: 8,
        colour: 3,
        rows: [0, 1],
        before: [pngChunk('PLTE', Uint8Array.of(1, 2, 3))],
      }),
    ],
    [
      'with an unknown critical chunk',
      png({
        width: 1,
        height: 1,
        depth: 8,
        colour: 0,
        rows: [0, 1],
        before: [pngChunk('XXXX', new Uint8Array(1))],
      }),
    ],
  ])('refuses a file %s', (_, file) => {
    expect(() => decodePng(file)).toThrow(damaged)
  })

  it('passes over a text that inflates without end, and a profile that is none', () => {
    const before = [
      pngChunk('iCCP', join(ascii('x\0\0'), zlibSync(new Uint8Array(2 ** 25)))),
      pngChunk('iTXt', join(ascii('XML:com.adobe.xmp\0\x01\0\0\0'), ascii('no zlib stream'))),
      pngChunk('iTXt', ascii('XML:com.adobe.xmp')),
    ]
    const { icc, xmp } = decodePng(
      png({ width: 1, height: 1, depth: 8, colour: 0, rows: [0, 1], before }),
    )
    expect([icc, xmp]).toEqual([null, null])
  })
})

describe('encodePng', () => {
  const kinds = ([1, 3] as const).flatMap((channels) =>
    ([8, 16] as const).flatMap((bits) =>
      [true, false].map((alpha) => [channels, bits, alpha] as const),
    ),
  )
  it.each(kinds)('%i channels of %i bits, alpha %s: nothing is lost', (channels, bits, alpha) => {
    const planes = picture(19, 13, channels, bits, alpha)
    const file = encodePng(planes, bits, bare)
    expect(decodePng(file).planes).toEqual(planes)
    const other = independentDecode(file, { checkCrc: true })
    expect(other).toMatchObject({ width: 19, height: 13, depth: bits, channels: channels + +alpha })
    expect([...other.data.subarray(0, channels)]).toEqual([...planes.data.subarray(0, channels)])
  })

  it('rounds 16 bits to 8, and spreads 8 over 16', () => {
    const data = Uint16Array.of(0, 128, 129, 257, 385, 386, 65535)
    const planes = { width: 7, height: 1, channels: 1, bits: 16, data, alpha: null } as const
    // v / 257: 0, 0.498, 0.502, 1, 1.498, 1.502, 255
    const eight = decodePng(encodePng(planes, 8, bare)).planes
    expect([...eight.data]).toEqual([0, 0, 1, 1, 1, 2, 255])
    expect([...decodePng(encodePng(eight, 16, bare)).planes.data]).toEqual([
      0, 0, 257, 257, 257, 514, 65535,
    ])
  })

  it('compresses a smooth picture to less than a third', () => {
    expect(encodePng(picture(200, 100, 3, 8, false), 8, bare).length).toBeLessThan(20_000)
  })

  it('writes metadata before the picture', () => {
    const icc = new Uint8Array(200).fill(7)
    const file = encodePng(picture(2, 2, 3, 8, false), 8, {
      exif: ascii('exif block'),
      icc,
      xmp: ascii('<x/>'),
      profileName: ' Display  P3 ',
    })
    expect(decodePng(file)).toMatchObject({ exif: ascii('exif block'), icc, xmp: ascii('<x/>') })
    const { extras } = readPng(file)
    expect(extras.map(({ kind }) => kind)).toEqual(['iCCP', 'eXIf', 'iTXt'])
    expect(Buffer.from(extras[0]!.data.subarray(0, 11)).toString()).toBe('Display P3\0')
  })
})

it('puts bands together at whatever bit the first ends', () => {
  for (let seed = 0; seed < 100; seed++) {
    const width = 5 + (seed % 37)
    const data = Uint8Array.from({ length: 2 * width }, (_, i) => (i * i * seed) % (3 + seed))
    const row = { width, height: 1, channels: 1, bits: 8, alpha: null } as const
    const options = { bits: 8, white: 65_535, little: true } as const
    const bands = [
      pngBands.band({ ...row, data: data.subarray(0, width) }, options, {
        first: true,
        last: false,
      }),
      pngBands.band({ ...row, height: 2, data }, options, { first: false, last: true }),
    ]
    const { head, tail } = pngBands.frame(
      { width, height: 2, channels: 1, alpha: false },
      { ...options, start: 0, metadata: bare },
      bands.map(({ note }) => note),
    )
    const file = join(head, ...bands.map(({ bytes }) => bytes), tail)
    expect([...independentDecode(file, { checkCrc: true }).data]).toEqual([...data])
    expect([...decodePng(file).planes.data]).toEqual([...data])
  }
})

it('computes the check value of CRC-32', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926)
  expect(crc32(ascii('56789'), crc32(ascii('1234')))).toBe(0xcbf43926)
})
