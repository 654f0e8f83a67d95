import { zlibSync } from 'fflate'
import { decode as independentDecode } from 'tiff'
import { describe, expect, it } from 'vitest'
import { orientationOf } from '../metadata/exif'
import { join, tiff, tiffBasics, type TiffField } from '../testing/files'
import { decodeTiff } from './decode'
import { decodeLzw } from './lzw'

const damaged = expect.objectContaining({ code: 'image-damaged' }) as Error
const bytes = (...values: number[]) => Uint8Array.from(values)
const planesOf = async (file: Uint8Array) => (await decodeTiff(file)).planes

describe('decodeTiff', () => {
  it.each([true, false])('reads grey of 16 bits, little end first: %s', async (little) => {
    const samples = little ? bytes(1, 2, 3, 4) : bytes(2, 1, 4, 3)
    const file = tiff(tiffBasics(2, 1, [16], 1), [samples], { little })
    expect(await planesOf(file)).toEqual({
      width: 2,
      height: 1,
      channels: 1,
      bits: 16,
      data: Uint16Array.of(0x0201, 0x0403),
      alpha: null,
    })
    const [page] = independentDecode(file)
    expect([...page!.data]).toEqual([0x0201, 0x0403])
  })

  it.each([
    ['white is zero', tiffBasics(3, 1, [8], 0), bytes(0, 100, 255), [255, 155, 0]],
    ['one bit', tiffBasics(3, 1, [1], 1), bytes(0b10100000), [255, 0, 255]],
    ['four bits', tiffBasics(3, 1, [4], 1), bytes(0x0f, 0x80), [0, 255, 136]],
    ['ten bits', tiffBasics(2, 1, [10], 1), bytes(0xff, 0xc0, 0x10), [65535, 64]],
    ['32 bits', tiffBasics(2, 1, [32], 1), bytes(255, 255, 255, 255, 0, 0, 0, 128), [65535, 32768]],
    [
      'CMYK',
      tiffBasics(2, 1, [8, 8, 8, 8], 5),
      bytes(0, 0, 0, 0, 255, 0, 51, 51),
      [255, 255, 255, 0, 204, 163],
    ],
  ] as [string, TiffField[], Uint8Array, number[]][])(
    'reads %s',
    async (_, fields, data, expected) => {
      expect([...(await planesOf(tiff(fields, [data]))).data]).toEqual(expected)
    },
  )

  it('reads floats from 0 to 1, and refuses others by name', async () => {
    const file = (...values: number[]) =>
      tiff(
        [...tiffBasics(3, 1, [32], 1), [339, 3, [3]]],
        [new Uint8Array(Float32Array.from(values).buffer)],
      )
    expect([...(await planesOf(file(0, 0.5, 1))).data]).toEqual([0, 32768, 65535])
    const refusal = {
      code: 'format-unsupported',
      params: { format: 'TIFF (floats outside 0 to 1)' },
    }
    await expect(decodeTiff(file(0, 5, 1))).rejects.toMatchObject(refusal)
    await expect(decodeTiff(file(0, NaN, 1))).rejects.toMatchObject(refusal)
  })

  it('looks colours up in a palette of 16 bits, or of 8 by mistake', async () => {
    const file = (scale: number) =>
      tiff(
        [
          ...tiffBasics(2, 1, [4], 3),
          [320, 3, Array.from({ length: 48 }, (_, i) => (i % 16) * scale)],
        ],
        [bytes(0x3f)],
      )
    expect([...(await planesOf(file(257))).data]).toEqual([3, 3, 3, 15, 15, 15])
    expect([...(await planesOf(file(1))).data]).toEqual([3, 3, 3, 15, 15, 15])
  })

  it('keeps alpha apart, and divides colours by it where they were multiplied', async () => {
    const file = (kind: number) =>
      tiff(
        [...tiffBasics(2, 1, [8, 8, 8, 8], 2), [338, 3, [kind]]],
        [bytes(10, 20, 30, 51, 1, 2, 3, 0)],
      )
    const plain = await planesOf(file(2))
    expect([...plain.data]).toEqual([10, 20, 30, 1, 2, 3])
    expect([...plain.alpha!]).toEqual([51, 0])
    const divided = await planesOf(file(1))
    expect([...divided.data]).toEqual([50, 100, 150, 0, 0, 0])
    const unnamed = await planesOf(file(0)) // a fourth sample that nobody says is alpha
    expect(unnamed.alpha).toBeNull()
  })

  it('puts tiles of RGB together, interleaved and planar', async () => {
    // 3 × 2 pixels in two tiles of 2 × 2, the second one half outside
    const fields: TiffField[] = [...tiffBasics(3, 2, [8, 8, 8], 2), [322, 3, [2]], [323, 3, [2]]]
    const pixel = (i: number) => [i, 10 + i, 20 + i]
    const expected = [1, 2, 3, 4, 5, 6].flatMap(pixel)
    const left = [1, 2, 4, 5]
    const right = [3, 99, 6, 99]
    const chunky = tiff(
      fields,
      [left, right].map((ids) => bytes(...ids.flatMap(pixel))),
      { tiled: true },
    )
    expect([...(await planesOf(chunky)).data]).toEqual(expected)
    const planes = [0, 10, 20].flatMap((add) =>
      [left, right].map((ids) => bytes(...ids.map((i) => i + add))),
    )
    const planar = tiff([...fields, [284, 3, [2]]], planes, { tiled: true })
    expect([...(await planesOf(planar)).data]).toEqual(expected)
  })

  it('reads strips of which the last is lower', async () => {
    const fields = tiffBasics(1, 3, [8], 1).map((field) =>
      field[0] === 278 ? [278, 3, [2]] : field,
    )
    const file = tiff(fields as TiffField[], [bytes(1, 2), bytes(3)])
    expect([...(await planesOf(file)).data]).toEqual([1, 2, 3])
  })

  it('undoes Deflate with differences, PackBits, and reversed bits', async () => {
    const deflate = tiff(
      [...tiffBasics(2, 2, [16], 1, 8), [317, 3, [2]]],
      [zlibSync(bytes(255, 0, 1, 1, 0, 1, 255, 255))],
    )
    expect([...(await planesOf(deflate)).data]).toEqual([255, 512, 256, 255])
    const packed = tiff(tiffBasics(6, 1, [8], 1, 32773), [bytes(1, 7, 8, 128, 253, 9)])
    expect([...(await planesOf(packed)).data]).toEqual([7, 8, 9, 9, 9, 9])
    const reversed = tiff(
      [...tiffBasics(2, 1, [8], 1), [266, 3, [2]]],
      [bytes(0b00000001, 0b11010000)],
    )
    expect([...(await planesOf(reversed)).data]).toEqual([0b10000000, 0b00001011])
  })

  it('sorts the bytes of floats back', async () => {
    // 1.0 and 0.5 are 3f800000 and 3f000000: the high bytes first, then differences along the row
    const sorted = [0x3f, 0x3f, 0x80, 0x00, 0, 0, 0, 0]
    const differences = sorted.map((byte, i) => (byte - (i > 0 ? sorted[i - 1]! : 0)) & 255)
    const file = tiff(
      [...tiffBasics(2, 1, [32], 1, 8), [339, 3, [3]], [317, 3, [3]]],
      [zlibSync(bytes(...differences))],
    )
    expect([...(await planesOf(file)).data]).toEqual([65535, 32768])
  })

  it.each([
    ['a strip that is cut off', tiff(tiffBasics(9, 9, [8], 1), [bytes(1, 2, 3)])],
    ['Deflate that is cut off', tiff(tiffBasics(99, 9, [8], 1, 8), [zlibSync(new Uint8Array(80))])],
    ['PackBits that is cut off', tiff(tiffBasics(99, 1, [8], 1, 32773), [bytes(1, 7, 8)])],
    ['LZW that is cut off', tiff(tiffBasics(99, 1, [8], 1, 5), [bytes(0x80, 0, 0)])],
    ['JPEG blocks that are none', tiff(tiffBasics(8, 8, [8], 1, 7), [bytes(1, 2, 3, 4)])],
    ['no palette', tiff(tiffBasics(2, 1, [8], 3), [bytes(1, 2)])],
    ['too few samples', tiff(tiffBasics(2, 1, [8], 2), [bytes(1, 2)])],
  ])('refuses %s as damaged', async (_, file) => {
    await expect(decodeTiff(file)).rejects.toThrow(damaged)
  })

  it('makes an EXIF block of what it tells about the photo', async () => {
    const text = (value: string) => [...Buffer.from(`${value}\0`)]
    for (const little of [true, false]) {
      const fields: TiffField[] = [
        ...tiffBasics(1, 1, [8], 1),
        [271, 2, text('A maker of cameras')],
        [274, 3, [6]],
      ]
      const { exif, orientation } = await decodeTiff(tiff(fields, [bytes(1)], { little }))
      expect([orientation, orientationOf(exif)]).toEqual([6, 6])
      expect(Buffer.from(exif!).includes('A maker of cameras\0')).toBe(true)
    }
    const silent = await decodeTiff(tiff([...tiffBasics(1, 1, [8], 1), [274, 3, [3]]], [bytes(1)]))
    expect(silent).toMatchObject({ exif: null, orientation: 3 })
  })
})

describe('decodeLzw', () => {
  // TIFF 6.0, section 13, gives this example: 7 7 7 8 8 7 7 6 6
  const codes = [256, 7, 258, 8, 8, 258, 6, 6, 257]
  const packed = (list: number[]) => {
    const bits = list.map((code) => code.toString(2).padStart(9, '0')).join('')
    return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => parseInt(byte.padEnd(8, '0'), 2))
  }

  it("decodes the specification's example", () => {
    expect([...decodeLzw(packed(codes), 9)]).toEqual([7, 7, 7, 8, 8, 7, 7, 6, 6])
    expect([...decodeLzw(packed(codes), 4)]).toEqual([7, 7, 7, 8])
  })

  it('refuses a code that cannot be yet, an early end, and the old kind', () => {
    expect(() => decodeLzw(packed([256, 300]), 9)).toThrow(damaged)
    expect(() => decodeLzw(packed([256, 258]), 9)).toThrow(damaged)
    expect(() => decodeLzw(packed(codes), 10)).toThrow(damaged)
    expect(() => decodeLzw(join(bytes(0, 1), packed(codes)), 9)).toThrow(
      expect.objectContaining({ code: 'format-unsupported' }),
    )
  })
})
