import type { ImageFormat } from '../../../shared/types'

/** Samples of one depth: 8-bit values in bytes, 16-bit values in 16-bit words, each over its full range. */
export type Samples = Uint8Array | Uint16Array

/** Pixels without a file: what the engine works on. Rows from the top, pixels from the left. */
export interface Planes {
  width: number
  height: number
  channels: 1 | 3
  bits: 8 | 16
  /** Interleaved, `channels` values a pixel: 0–255 or 0–65535. */
  data: Samples
  /** One value a pixel in the same depth, not multiplied into `data`; null when the picture has none. */
  alpha: Samples | null
}

/** What a file tells besides its pixels. */
export interface Metadata {
  /** The raw TIFF-structured EXIF block, without the `Exif\0\0` that JPEG puts before it. */
  exif: Uint8Array | null
  /** The ICC profile, byte for byte. */
  icc: Uint8Array | null
  /** The XMP packet, byte for byte. */
  xmp: Uint8Array | null
  /** The ICC profile's own description, such as `sRGB IEC61966-2.1`. */
  profileName: string | null
}

export interface DecodedImage extends Planes {
  format: ImageFormat
  /** Bytes of the file. */
  fileBytes: number
  /** Bits a sample in the file, which may be more than `bits`, and whether they are floats. */
  fileBits: number
  float: boolean
  /**
   * The sample that is white in the file: the largest of its depth, or 1,023, 4,095 or 16,383 where a file of 16 bits holds the
   * values of a sensor of 10, 12 or 14. The planes have their full range in any case.
   */
  white: number
  /** How many pages the file has, this one among them. */
  pages: number
  /** 1–8 as the file says it (EXIF's numbers); it is already applied to the planes. */
  orientation: number
  metadata: Metadata
}

/** What a decoder delivers: pixels as stored, and what is still to be done with them. */
export interface StoredImage {
  planes: Planes
  /** What only a TIFF can have: samples of other depths, floats, pages. */
  file?: { fileBits: number; float: boolean; pages: number }
  orientation: number
  exif: Uint8Array | null
  icc: Uint8Array | null
  xmp: Uint8Array | null
}

export const newSamples = (bits: 8 | 16, length: number): Samples =>
  bits === 8 ? new Uint8Array(length) : new Uint16Array(length)

/** The largest sample of a depth: 255 or 65535. */
export const maximumOf = (bits: 8 | 16): number => (bits === 8 ? 255 : 65535)

/** Largest samples of sensors of 10, 12 and 14 bits. */
const sensorWhites = [1023, 4095, 16_383]

/**
 * What {@link DecodedImage.white} is for samples as a file holds them. A photo with alpha is no sensor's; one with a colour
 * profile was developed, and may well be dark: it is taken for a sensor's of 10 or 12 bits only.
 */
export function whiteOf({ bits, data, alpha }: Planes, developed: boolean): number {
  const full = maximumOf(bits)
  if (bits === 8 || alpha) return full
  const most = developed ? 4095 : 16_383
  let largest = 0
  for (let i = 0; i < data.length; i++) {
    largest = Math.max(largest, data[i] as number)
    if (largest > most) return full
  }
  const isNearlyBlack = largest <= 255
  return isNearlyBlack ? full : (sensorWhites.find((one) => largest <= one) ?? full)
}

/** Samples of 16 bits taken from the range up to `from` to that up to `to`, rounded: back to what they were by the reverse. */
export function rescaled(planes: Planes, from: number, to: number): Planes {
  if (from === to) return planes
  const factor = to / from
  return {
    ...planes,
    data: planes.data.map((value) => Math.min(65_535, Math.round(value * factor))),
  }
}

/**
 * Interleaved RGBA, as the WebAssembly decoders deliver it, as planes. For `channels` 1 the red value is
 * taken (they repeat grey three times). Alpha that is opaque everywhere is left out when `alpha` is
 * 'unless opaque': WebP and AVIF may declare alpha that they do not use.
 */
export function planesFromRgba(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  bits: 8 | 16,
  channels: 1 | 3,
  alpha: 'none' | 'unless opaque',
): Planes {
  const pixels = width * height
  const data = newSamples(bits, pixels * channels)
  if (channels === 1) {
    for (let i = 0; i < pixels; i++) data[i] = rgba[4 * i] as number
  } else {
    for (let i = 0, at = 0; i < pixels; i++) {
      data[at++] = rgba[4 * i] as number
      data[at++] = rgba[4 * i + 1] as number
      data[at++] = rgba[4 * i + 2] as number
    }
  }
  const maximum = maximumOf(bits)
  let transparent = false
  if (alpha === 'unless opaque') {
    for (let i = 0; i < pixels && !transparent; i++) transparent = rgba[4 * i + 3] !== maximum
  }
  if (!transparent) return { width, height, channels, bits, data, alpha: null }
  const values = newSamples(bits, pixels)
  for (let i = 0; i < pixels; i++) values[i] = rgba[4 * i + 3] as number
  return { width, height, channels, bits, data, alpha: values }
}

/** Planes as interleaved 8-bit RGBA, as the WebAssembly encoders take it: v/257 rounded for 16 bits, 255 where there is no alpha. */
export function rgba8FromPlanes(planes: Planes): Uint8ClampedArray {
  const { channels, alpha } = planes
  const { data, alpha: opacity } = toDepth({ ...planes, alpha }, 8)
  const pixels = planes.width * planes.height
  const rgba = new Uint8ClampedArray(4 * pixels)
  for (let i = 0; i < pixels; i++) {
    const at = i * channels
    rgba[4 * i] = data[at] as number
    rgba[4 * i + 1] = data[channels === 3 ? at + 1 : at] as number
    rgba[4 * i + 2] = data[channels === 3 ? at + 2 : at] as number
    rgba[4 * i + 3] = opacity ? (opacity[i] as number) : 255
  }
  return rgba
}

/** The planes in another depth: round(v / 257) from 16 to 8 bits, v · 257 back; the same object when nothing changes. */
export function toDepth(planes: Planes, bits: 8 | 16): Planes {
  if (planes.bits === bits) return planes
  const convert = (from: Samples): Samples => {
    const to = newSamples(bits, from.length)
    if (bits === 8)
      for (let i = 0; i < to.length; i++) to[i] = Math.round((from[i] as number) / 257)
    else for (let i = 0; i < to.length; i++) to[i] = (from[i] as number) * 257
    return to
  }
  return {
    ...planes,
    bits,
    data: convert(planes.data),
    alpha: planes.alpha && convert(planes.alpha),
  }
}

/** The planes in the depth of a file of whole numbers; those of 16 bits with `white` as their largest. */
export function withDepth(planes: Planes, bits: 8 | 16, white: number): Planes {
  const deep = toDepth(planes, bits)
  return bits === 16 ? rescaled(deep, 65_535, white) : deep
}
