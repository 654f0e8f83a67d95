import fc from 'fast-check'
import { zlibSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DarkroomError, type ErrorCode } from '../../../shared/errors'
import { closeCodecs, decodeImage, encodeImage } from './index'
import { alphaAvif, turnedAvif } from './testing/avif'
import { ascii, exifBlock, picture, profile, tiff, tiffBasics } from './testing/files'

/**
 * Small files of every kind, changed at random (always the same way, by the seeds): each opens or is refused
 * with one of these codes. A hang would end as 'image-timeout', which is not among them.
 */
const refusals: ErrorCode[] = [
  'file-empty',
  'not-an-image',
  'format-unsupported',
  'image-damaged',
  'image-too-large',
]

const files = new Map<string, Uint8Array>()

beforeAll(async () => {
  const metadata = {
    exif: exifBlock(6, true),
    icc: profile('RGB ', 'Display P3', 4),
    xmp: ascii('<x/>'),
    profileName: 'Display P3',
  }
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    const planes = picture(24, 16, 3, 8, format !== 'jpeg')
    files.set(format, await encodeImage(planes, { format, bits: 16, quality: 80, metadata }))
  }
  files.set('avif', turnedAvif)
  files.set('avif with alpha', alphaAvif)
  const rgb = Uint8Array.from({ length: 24 * 16 * 3 }, (_, i) => i * 5)
  const basics = tiffBasics(24, 16, [8, 8, 8], 2)
  files.set('tiff', tiff([...basics, [271, 2, [77, 97, 107, 0]]], [rgb]))
  files.set(
    'tiff, tiled',
    tiff(
      [...basics, [322, 3, [16]], [323, 3, [16]]],
      [rgb.subarray(0, 768), rgb.subarray(0, 768)],
      { tiled: true },
    ),
  )
  const deflated = tiffBasics(24, 16, [8, 8, 8], 2, 8)
  files.set('tiff, deflate', tiff([...deflated, [317, 3, [2]]], [zlibSync(rgb)], { little: false }))
})
afterAll(closeCodecs)

/** Decodes and checks what came of it; says whether there was a picture. */
async function opens(bytes: Uint8Array): Promise<boolean> {
  const result = await decodeImage(bytes, 'x').catch((error: unknown) => error)
  if (result instanceof DarkroomError) {
    expect(refusals).toContain(result.code)
    expect(result.params['file']).toBe('x')
    return false
  }
  const { width, height, channels, data, alpha } = result as Awaited<ReturnType<typeof decodeImage>>
  expect(data.length).toBe(width * height * channels)
  expect(alpha === null || alpha.length === width * height).toBe(true)
  return true
}

const kinds = [
  'png',
  'jpeg',
  'webp',
  'avif',
  'avif with alpha',
  'tiff',
  'tiff, tiled',
  'tiff, deflate',
]

describe.each(kinds)('a changed file: %s', (kind) => {
  it('is sound at first', async () => {
    expect(await opens(files.get(kind)!)).toBe(true)
  })

  it('cut off anywhere is refused', async () => {
    const file = files.get(kind)!
    // the last few bytes may fill up (WebP) or be a check sum that is not needed (Deflate)
    const cut = fc.integer({ min: 0, max: file.length - 8 })
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        expect(await opens(file.subarray(0, length))).toBe(false)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it('with bytes changed anywhere opens or is refused', async () => {
    const file = files.get(kind)!
    const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = file.slice()
        for (const [at, flip] of changes) changed[at]! ^= flip
        await opens(changed)
      }),
      { seed: 2, numRuns: 120 },
    )
  })

  it('with its header changed opens or is refused', async () => {
    const file = files.get(kind)!
    const change = fc.tuple(
      fc.nat(Math.min(200, file.length - 1)),
      fc.constantFrom(0, 1, 127, 128, 255),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = file.slice()
        for (const [at, value] of changes) changed[at] = value
        await opens(changed)
      }),
      { seed: 3, numRuns: 120 },
    )
  })
})
