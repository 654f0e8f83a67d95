import { describe, expect, it } from 'vitest'
import { ascii, exifBlock, profile } from '../testing/files'
import { cameraOf, exifForUpright, orientationOf, withSoftware } from './exif'
import { isProfile, profileNameOf, profileSpace } from './icc'
import { xmpForUpright } from './xmp'

describe.each([true, false])('EXIF, little end first: %s', (little) => {
  const number = (bytes: Uint8Array, at: number, size: 2 | 4) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
  }

  it('reads the orientation', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((n) => orientationOf(exifBlock(n, little)))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ])
    expect([0, 9, 255].map((n) => orientationOf(exifBlock(n, little)))).toEqual([1, 1, 1])
  })

  it('is made upright: orientation and sizes set, the thumbnail gone, all else as it was', () => {
    const before = exifBlock(6, little)
    const after = exifForUpright(before, 640, 480)!
    expect(orientationOf(after)).toBe(1)
    expect([number(after, 48, 4), number(after, 60, 2)]).toEqual([640, 480])
    expect(number(after, 34, 4)).toBe(0) // no second directory
    expect([...after.subarray(98)]).toEqual(Array(12).fill(0)) // where the thumbnail was
    const changed = [...before.keys()].filter((i) => before[i] !== after[i])
    // orientation's value, both sizes, the link, the thumbnail
    expect(
      changed.every((i) => [18, 34, 48, 60].some((at) => i >= at && i < at + 4) || i >= 98),
    ).toBe(true)
    expect(orientationOf(before)).toBe(6) // the given block is not touched
  })
})

/** A block that states a model and, in its inner directory, a sensitivity. */
function cameraBlock(model: string, iso: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(64 + model.length + 1)
  const view = new DataView(bytes.buffer)
  const entry = (at: number, [tag, type, count, value]: [number, number, number, number]) => {
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, type, little)
    view.setUint32(at + 4, count, little)
    if (type === 3) view.setUint16(at + 8, value, little)
    else view.setUint32(at + 8, value, little)
  }
  view.setUint16(0, little ? 0x4949 : 0x4d4d)
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 2, little)
  entry(10, [0x0110, 2, model.length + 1, 64])
  entry(22, [0x8769, 4, 1, 40])
  view.setUint16(40, 1, little)
  entry(42, [0x8827, 3, 1, iso])
  bytes.set(new TextEncoder().encode(model), 64)
  return bytes
}

describe.each([true, false])('the camera, little end first: %s', (little) => {
  it('is its model and the sensitivity, where both are stated', () => {
    const name = 'NIKON D800'
    expect(cameraOf(cameraBlock(`${name}  `, 6400, little))).toEqual({ name, iso: 6400 })
    expect(cameraOf(cameraBlock(name, 0, little))).toBeNull()
    expect(cameraOf(cameraBlock('    ', 100, little))).toBeNull()
    expect(cameraOf(exifBlock(1, little))).toBeNull()
    expect(cameraOf(null)).toBeNull()
  })

  it('is not read beyond the block', () => {
    const bytes = cameraBlock('NIKON D800', 100, little)
    for (let length = 0; length < bytes.length; length++) {
      expect(cameraOf(bytes.subarray(0, length))).toBeNull()
    }
  })
})

describe('EXIF that is not right', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', ascii('this is no EXIF block at all')],
    ['a directory outside', ascii('II*\0\xff\0\0\0\0\0\0\0\0\0\0\0')],
    ['more entries than bytes', ascii('II*\0\x08\0\0\0\xff\xff\0\0\0\0\0\0')],
  ])('%s: orientation 1, and not carried', (_, exif) => {
    expect(orientationOf(exif)).toBe(1)
    expect(exifForUpright(exif, 1, 1)).toBeNull()
  })

  it('wipes nothing that is no thumbnail', () => {
    const exif = exifBlock(1, true)
    exif[98] = 0x42
    expect([...exifForUpright(exif, 1, 1)!.subarray(98)]).toEqual([...exif.subarray(98)])
  })
})

describe('ICC profiles', () => {
  it.each([2, 4] as const)('have a name in version %i', (version) => {
    const icc = profile('RGB ', 'Display P3', version)
    expect([isProfile(icc), profileNameOf(icc), profileSpace(icc)]).toEqual([
      true,
      'Display P3',
      'RGB',
    ])
  })

  it('without a name, or damaged, have none', () => {
    const icc = profile('GRAY', 'Dot Gain', 2)
    expect(profileNameOf(null)).toBeNull()
    expect(profileNameOf(icc.subarray(0, 150))).toBeNull() // shorter than it says
    expect(profileNameOf(new Uint8Array(500))).toBeNull()
    const outside = icc.slice()
    outside.set([0x7f, 0xff, 0xff, 0xff], 136)
    expect(profileNameOf(outside)).toBeNull()
  })

  it('show no control characters', () => {
    expect(profileNameOf(profile('RGB ', 'Adobe\u0007RGB', 2))).toBe('Adobe')
  })
})

describe('XMP', () => {
  it.each([
    ['<d tiff:Orientation="6" a="8"/>', '<d tiff:Orientation="1" a="8"/>'],
    ['<tiff:Orientation>8</tiff:Orientation>', '<tiff:Orientation>1</tiff:Orientation>'],
    ['<d x="\xe4\xb8\xad"/>', '<d x="\xe4\xb8\xad"/>'],
  ])('%s is made upright', (before, after) => {
    expect(xmpForUpright(ascii(before))).toEqual(ascii(after))
  })
})

describe('the program that wrote a file', () => {
  it('is named once, however often the file is written', () => {
    const once = withSoftware(null, 'Latent Darkroom')
    expect(withSoftware(once, 'Latent Darkroom')).toEqual(once)
    const other = withSoftware(once, 'Another')
    expect(other).not.toEqual(once)
    expect(withSoftware(other, 'Another')).toEqual(other)
  })
})
