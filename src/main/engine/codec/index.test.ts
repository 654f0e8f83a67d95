import exifr from 'exifr'
import { afterAll, describe, expect, it } from 'vitest'
import { closeCodecs, decodeImage, encodeImage } from './index'
import { orientationOf } from './metadata/exif'
import type { EncodeOptions, Metadata, Planes } from './index'
import { alphaAvif, greyAvif, turnedAvif } from './testing/avif'
import { crc32 } from './png/chunks'
import { ascii, exifBlock, picture, profile } from './testing/files'

afterAll(closeCodecs)

const asPng: EncodeOptions = { format: 'png', bits: 8, quality: 90, metadata: null }
const roundTrip = async (planes: Planes, options: Partial<EncodeOptions>) =>
  decodeImage(await encodeImage(planes, { ...asPng, ...options }), `x.${options.format}`)

/** Mean absolute difference, in steps of the depth. */
const difference = (a: Planes, b: Planes) => {
  let sum = 0
  a.data.forEach((value, i) => (sum += Math.abs(value - b.data[i]!)))
  return sum / a.data.length
}

describe('encode → decode', () => {
  it.each([
    [1, 8, false],
    [3, 8, true],
    [3, 16, true],
    [1, 16, true],
  ] as const)('PNG keeps %i channels of %i bits, alpha %s', async (channels, bits, alpha) => {
    const planes = picture(31, 17, channels, bits, alpha)
    expect(await roundTrip(planes, { bits })).toMatchObject({
      ...planes,
      format: 'png',
      orientation: 1,
    })
  })

  it.each([1, 3] as const)('JPEG keeps %i channels, nearly', async (channels) => {
    const planes = picture(40, 30, channels, 8, false)
    const result = await roundTrip(planes, { format: 'jpeg', quality: 95 })
    expect(result).toMatchObject({
      width: 40,
      height: 30,
      channels,
      bits: 8,
      alpha: null,
      format: 'jpeg',
    })
    expect(difference(planes, result)).toBeLessThan(2)
  })

  it('JPEG lays what is transparent on white', async () => {
    const data = new Uint8Array(16 * 16).fill(100)
    const alpha = new Uint8Array(16 * 16).fill(51)
    const planes = { width: 16, height: 16, channels: 1, bits: 8, data, alpha } as const
    const result = await roundTrip(planes, { format: 'jpeg', quality: 100 })
    expect(result.alpha).toBeNull()
    // 100 · 0.2 + 255 · 0.8
    expect(difference({ ...planes, data: new Uint8Array(16 * 16).fill(224) }, result)).toBeLessThan(
      1,
    )
  })

  it('WebP keeps colours nearly and alpha exactly', async () => {
    const planes = picture(40, 30, 3, 8, true)
    const result = await roundTrip(planes, { format: 'webp', quality: 95 })
    expect(result).toMatchObject({ channels: 3, bits: 8, alpha: planes.alpha, format: 'webp' })
    expect(difference(planes, result)).toBeLessThan(3)
  })

  it.each(['jpeg', 'webp'] as const)(
    '%s: less quality, fewer bytes; 16 bits as 8',
    async (format) => {
      const planes = picture(64, 64, 3, 16, false)
      const sizes: number[] = []
      for (const quality of [10, 60, 100]) {
        sizes.push((await encodeImage(planes, { ...asPng, format, quality })).length)
      }
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
      const result = await roundTrip(planes, { format, quality: 100 })
      expect(difference(result, await roundTrip(planes, { bits: 8 }))).toBeLessThan(3)
    },
  )

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
    '%s: the same bytes each time',
    async (format) => {
      const planes = picture(33, 21, 3, 8, true)
      const metadata = {
        exif: exifBlock(6, true),
        icc: profile('RGB ', 'P3', 4),
        xmp: ascii('<x/>'),
        profileName: 'P3',
      }
      const once = await encodeImage(planes, { ...asPng, format, metadata })
      await closeCodecs()
      expect(await encodeImage(planes, { ...asPng, format, metadata })).toEqual(once)
    },
  )

  it('refuses a WebP that the format cannot hold', async () => {
    const planes = picture(16_384, 1, 1, 8, false)
    await expect(encodeImage(planes, { ...asPng, format: 'webp' })).rejects.toMatchObject({
      code: 'image-too-large',
      params: { width: 16_384, sideLimit: 16_383 },
    })
  })
})

describe('metadata', () => {
  const icc = profile('RGB ', 'Display P3', 2, 150_000) // more than one part in a JPEG
  const xmp = ascii('<rdf:Description tiff:Orientation="6"/>')
  const metadata: Metadata = { exif: exifBlock(6, false), icc, xmp, profileName: 'Display P3' }

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)('%s carries it, upright', async (format) => {
    const planes = picture(24, 16, 3, 8, format !== 'jpeg')
    const file = await encodeImage(planes, { ...asPng, format, metadata })
    const result = await decodeImage(file, 'x')
    expect(result).toMatchObject({ width: 24, height: 16, orientation: 1 })
    expect(Buffer.from(icc).equals(result.metadata.icc!)).toBe(true)
    expect(result.metadata).toMatchObject({
      profileName: 'Display P3',
      xmp: ascii('<rdf:Description tiff:Orientation="1"/>'),
    })
    expect(orientationOf(result.metadata.exif)).toBe(1)
    expect(result.alpha).toEqual(planes.alpha)
  })

  it.each(['png', 'jpeg'] as const)('another reader finds it in a %s', async (format) => {
    const planes = picture(24, 16, 3, 8, false)
    const file = await encodeImage(planes, {
      ...asPng,
      format,
      metadata: { ...metadata, icc: null },
    })
    const found = (await exifr.parse(Buffer.from(file), {
      translateValues: false,
      ifd1: true,
    })) as object
    expect(found).toMatchObject({ Orientation: 1, ExifImageWidth: 24, ExifImageHeight: 16 })
    expect(found).not.toHaveProperty('ThumbnailLength')
  })

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
    '%s leaves it out when it is to be stripped',
    async (format) => {
      const planes = picture(24, 16, 3, 8, false)
      const kept = await encodeImage(planes, { ...asPng, format, metadata })
      const stripped = await encodeImage(planes, { ...asPng, format })
      const none = { exif: null, icc: null, xmp: null, profileName: null }
      expect((await decodeImage(stripped, 'x')).metadata).toEqual(none)
      expect(kept.length - stripped.length).toBeGreaterThan(100)
      expect(difference(await decodeImage(kept, 'x'), await decodeImage(stripped, 'x'))).toBe(0)
    },
  )

  it('leaves out a profile that is for other colours', async () => {
    const grey = { ...metadata, icc: profile('GRAY', 'Dot Gain', 2) }
    const iccOf = async (channels: 1 | 3, format: 'png' | 'webp') =>
      (await roundTrip(picture(8, 8, channels, 8, false), { format, metadata: grey })).metadata.icc
    expect(await iccOf(1, 'png')).toEqual(grey.icc)
    expect(await iccOf(3, 'png')).toBeNull()
    expect(await iccOf(1, 'webp')).toBeNull()
  })

  it('turns a picture upright by the EXIF block of a PNG', async () => {
    const planes = picture(6, 4, 1, 8, false)
    const upright = await encodeImage(planes, { ...asPng, metadata })
    // the orientation's value in the block, at its place in the file: 6 again
    const at = Buffer.from(upright).indexOf('eXIf') + 4 + 18
    const turned = Buffer.from(upright)
    turned.writeUInt16BE(6, at)
    const result = await decodeImage(withCheckSums(turned), 'x')
    expect(result).toMatchObject({ width: 4, height: 6, orientation: 6 })
    expect(result.data[0]).toBe(planes.data[3 * 6]) // the lower left corner comes to the upper left
  })
})

/** The ancillary chunk's check sum set right again after its data were changed. */
function withCheckSums(png: Buffer): Uint8Array {
  const at = png.indexOf('eXIf')
  const length = png.readUInt32BE(at - 4)
  png.writeUInt32BE(crc32(png.subarray(at, at + 4 + length)), at + 4 + length)
  return new Uint8Array(png)
}

describe('AVIF', () => {
  const pixel = ({ data, width }: Planes, x: number, y: number) =>
    [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)].map((v) => (v > 127 ? 1 : 0))

  it('is turned by its own property, and gives its metadata', async () => {
    const image = await decodeImage(turnedAvif, 'x.avif')
    expect(image).toMatchObject({
      format: 'avif',
      width: 4,
      height: 6,
      channels: 3,
      bits: 8,
      alpha: null,
      orientation: 6,
    })
    // red, green / blue, white, turned clockwise: blue, red / white, green
    expect([pixel(image, 0, 0), pixel(image, 3, 0)]).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect([pixel(image, 0, 5), pixel(image, 3, 5)]).toEqual([
      [1, 1, 1],
      [0, 1, 0],
    ])
    expect(image.metadata.xmp).toEqual(ascii('<x/>'))
    expect(Buffer.from(image.metadata.exif!).includes('Maker\0')).toBe(true)
  })

  it('keeps alpha apart', async () => {
    const image = await decodeImage(alphaAvif, 'x.avif')
    expect([...image.alpha!]).toEqual(Array(24).fill(128))
    expect(pixel(image, 0, 0)).toEqual([1, 0, 0])
  })

  it('of 10 bits becomes 16, monochrome stays one channel', async () => {
    const image = await decodeImage(greyAvif, 'x.avif')
    expect(image).toMatchObject({ channels: 1, bits: 16, alpha: null })
    expect([...image.data]).toEqual(
      Array.from({ length: 24 }, (_, i) => Math.round((i * 40 * 65535) / 1023)),
    )
  })

  it('that is cut off is damaged', async () => {
    for (const length of [30, 300, turnedAvif.length - 1]) {
      const refusal = { code: 'image-damaged', params: { file: 'x.avif' } }
      await expect(decodeImage(turnedAvif.subarray(0, length), 'x.avif')).rejects.toMatchObject(
        refusal,
      )
    }
  })
})

it('refuses a JPEG with an end but without its middle', async () => {
  const file = await encodeImage(picture(64, 64, 3, 8, false), { ...asPng, format: 'jpeg' })
  const middleless = Buffer.concat([file.subarray(0, file.length - 300), file.subarray(-2)])
  await expect(decodeImage(middleless, 'x.jpg')).rejects.toMatchObject({
    code: 'image-damaged',
    params: { file: 'x.jpg' },
  })
})

it("leaves the caller's bytes alone", async () => {
  const bytes = Buffer.from(await encodeImage(picture(5, 5, 3, 8, false), asPng))
  const before = Buffer.from(bytes)
  await decodeImage(bytes, 'x.png')
  expect(bytes).toEqual(before)
})
