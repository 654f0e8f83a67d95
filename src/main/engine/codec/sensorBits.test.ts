import { afterAll, describe, expect, it } from 'vitest'
import { closeCodecs, decodeImage, encodeImage, type Planes } from './index'
import { profile } from './testing/files'

afterAll(closeCodecs)

const [width, height] = [64, 48]

/** A ramp up to a value, in a file of 16 bits. */
const rampTo = (largest: number): Planes => ({
  ...{ width, height, channels: 1, bits: 16, alpha: null },
  data: Uint16Array.from({ length: width * height }, (_, i) =>
    Math.round((largest * i) / (width * height - 1)),
  ),
})
const fileOf = (planes: Planes, format: 'png' | 'tiff', icc: Uint8Array | null = null) =>
  encodeImage(planes, {
    ...{ format, bits: 16, quality: 90 },
    metadata: icc && { exif: null, icc, xmp: null, profileName: 'grey' },
  })

describe.each(['png', 'tiff'] as const)('values of a sensor in a %s of 16 bits', (format) => {
  it.each([1023, 4095, 16_383])(
    'up to %i fill the range, and come back as they were',
    async (white) => {
      const planes = rampTo(white)
      const image = await decodeImage(await fileOf(planes, format), `x.${format}`)
      expect(image.white).toBe(white)
      expect([image.data[0], image.data.at(-1)]).toEqual([0, 65_535])
      const options = { format, bits: 16, quality: 90, metadata: null } as const
      const again = await decodeImage(
        await encodeImage(image, { ...options, white }),
        `x.${format}`,
      )
      expect(again.white).toBe(white)
      expect(again.data).toEqual(image.data)
      expect(await encodeImage(image, { ...options, white })).toEqual(await fileOf(planes, format))
    },
  )

  it('that need all bits stay, and so do nearly black ones', async () => {
    for (const largest of [16_384, 65_535, 255]) {
      const image = await decodeImage(await fileOf(rampTo(largest), format), `x.${format}`)
      expect(image.white).toBe(65_535)
      expect(image.data).toEqual(rampTo(largest).data)
    }
  })

  it('of 14 bits are taken for a dark photo where there is a colour profile', async () => {
    const icc = profile('GRAY', 'Dot gain', 2)
    const dark = await decodeImage(await fileOf(rampTo(16_000), format, icc), `x.${format}`)
    expect(dark.white).toBe(65_535)
    const sensor = await decodeImage(await fileOf(rampTo(4000), format, icc), `x.${format}`)
    expect(sensor.white).toBe(4095)
  })
})
