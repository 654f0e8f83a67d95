import { decode as independentDecode } from 'tiff'
import { describe, expect, it } from 'vitest'
import { withProperties } from '../metadata/xmp'
import { withSoftware } from '../metadata/exif'
import type { Metadata } from '../planes'
import { picture, profile, tiff, tiffBasics } from '../testing/files'
import { decodeTiff } from './decode'
import { encodeTiffPage } from '../testing/wholeFile'
import { joinTiffPages } from './pages'

const none: Metadata = { exif: null, icc: null, xmp: null, profileName: null }

describe('encodeTiffPage', () => {
  it.each([
    [1, 8, 8, false],
    [1, 16, 16, true],
    [3, 8, 8, true],
    [3, 16, 16, false],
    [3, 16, 32, true],
    [1, 8, 32, false],
  ] as const)('keeps %i channels of %i bits as %i, alpha %s', async (channels, bits, as, alpha) => {
    // wide enough for several strips
    const planes = picture(4001, 90, channels, bits, alpha)
    const back = await decodeTiff(encodeTiffPage(planes, as, none))
    expect(back.file).toEqual({ fileBits: as, float: as === 32, pages: 1 })
    const factor = back.planes.bits === bits ? 1 : 257 // floats of 8 bits come back as 16
    const scaled = planes.data.length === back.planes.data.length
    expect(scaled).toBe(true)
    expect(back.planes.data.findIndex((value, i) => value !== planes.data[i]! * factor)).toBe(-1)
    expect(back.planes.alpha?.length).toBe(planes.alpha?.length)
    expect(
      (back.planes.alpha ?? []).findIndex((value, i) => value !== planes.alpha![i]! * factor),
    ).toBe(-1)
  })

  it('rounds 16 bits to 8 where that is wanted', async () => {
    const planes = { ...picture(2, 1, 1, 16, false), data: Uint16Array.of(128, 129) }
    expect([...(await decodeTiff(encodeTiffPage(planes, 8, none))).planes.data]).toEqual([0, 1])
  })

  it.each([
    [8, 8, 1],
    [16, 16, 1],
    [16, 32, 65535],
  ] as const)('another reader finds %i bits as %i', (bits, as, white) => {
    const planes = picture(40, 30, 3, bits, false)
    const [page] = independentDecode(encodeTiffPage(planes, as, none))
    expect([page!.width, page!.height, page!.bitsPerSample]).toEqual([40, 30, as])
    expect(Array.from(page!.data, (value) => Math.round(value * white))).toEqual([...planes.data])
  })

  it.each([true, false])('carries profile, XMP and EXIF, little end first: %s', async (little) => {
    const text = [...Buffer.from('A maker of cameras\0')]
    const described = tiff(
      [...tiffBasics(1, 1, [8], 1), [271, 2, text], [274, 3, [6]]],
      [Uint8Array.of(1)],
      { little },
    )
    const { exif } = await decodeTiff(described)
    const icc = profile('RGB ', 'Display P3', 2)
    const xmp = withProperties(null, { Model: 'a "b" <c> 照片' })
    const metadata = { exif: withSoftware(exif, 'Latent Darkroom'), icc, xmp, profileName: null }
    const planes = picture(9, 7, 3, 16, false)
    const back = await decodeTiff(encodeTiffPage(planes, 16, metadata))
    expect(back).toMatchObject({ orientation: 1, icc, xmp })
    expect(back.planes.data).toEqual(planes.data)
    for (const words of ['A maker of cameras\0', 'Latent Darkroom\0']) {
      expect(Buffer.from(back.exif!).includes(words)).toBe(true)
    }
  })

  it('leaves out a description that cannot be read', async () => {
    const exif = Uint8Array.from({ length: 30 }, (_, i) => i)
    const planes = picture(3, 3, 1, 8, false)
    const back = await decodeTiff(encodeTiffPage(planes, 8, { ...none, exif }))
    expect([back.exif, back.planes.data]).toEqual([null, planes.data])
  })
})

describe('pages', () => {
  const sizes = [3, 4, 5]
  const stack = (): Uint8Array => {
    let start = 0
    const parts = sizes.map((width) => {
      const part = encodeTiffPage(picture(width, 2, 1, 16, false), 16, none, start)
      start += part.length
      return part
    })
    return joinTiffPages(parts)
  }

  it('are joined to one file, and read one by one', async () => {
    const file = stack()
    for (const [i, width] of sizes.entries()) {
      const { planes, file: about } = await decodeTiff(file, i + 1)
      expect(about).toEqual({ fileBits: 16, float: false, pages: 3 })
      expect(planes).toEqual(picture(width, 2, 1, 16, false))
    }
    expect(independentDecode(file).map(({ width }) => width)).toEqual(sizes)
  })

  it('that are not there are refused by number', async () => {
    await expect(decodeTiff(stack(), 4)).rejects.toMatchObject({
      code: 'page-missing',
      params: { page: 4, pages: 3 },
    })
  })

  it('end where the chain is broken or goes round', async () => {
    const first = encodeTiffPage(picture(3, 2, 1, 8, false), 8, none)
    const nextAt = 10 + 12 * new DataView(first.buffer).getUint16(8, true)
    for (const next of [8, 0xfffffff0, first.length - 3]) {
      const file = first.slice()
      new DataView(file.buffer).setUint32(nextAt, next, true)
      const { file: about } = await decodeTiff(file)
      expect(about!.pages).toBe(1)
      expect((await decodeTiff(file)).planes.width).toBe(3)
    }
  })
})
