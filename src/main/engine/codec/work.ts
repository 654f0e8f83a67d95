import type { ExportBits, ExportFormat, ImageFormat } from '../../../shared/types'
import { decodeAvif } from './avif/decode'
import { decodeJpeg } from './jpeg/decode'
import { encodeJpeg } from './jpeg/encode'
import { exifForUpright } from './metadata/exif'
import { isProfile, profileNameOf, profileSpace } from './metadata/icc'
import { xmpForUpright } from './metadata/xmp'
import { applyOrientation } from './orientation'
import type { DecodedImage, Metadata, Planes, StoredImage } from './planes'
import { decodePng } from './png/decode'
import { encodePng } from './png/encode'
import { decodeTiff } from './tiff/decode'
import { encodeTiffPage } from './tiff/encode'
import { decodeWebp } from './webp/decode'
import { encodeWebp } from './webp/encode'

/** The work of the worker thread: pure functions between bytes and pixels. The headers were checked before. */

export interface EncodeOptions {
  format: ExportFormat
  /** Counts for PNG (8, 16) and TIFF (8, 16, 32 as floats); JPEG and WebP hold 8 bits. */
  bits: ExportBits
  /** 1–100; counts for JPEG and WebP. */
  quality: number
  /** Where in its file a TIFF's page begins: 0 for the first, which has the file's header. */
  start?: number
  /** Null writes no metadata at all. */
  metadata: Metadata | null
}

type Decoder = (bytes: Uint8Array, page: number) => StoredImage | Promise<StoredImage>
const decoders: Record<ImageFormat, Decoder> = {
  jpeg: decodeJpeg,
  png: decodePng,
  webp: decodeWebp,
  avif: decodeAvif,
  tiff: decodeTiff,
}

/** A file's picture (of a TIFF, that of one page), upright, with its metadata. */
export async function decode(
  bytes: Uint8Array,
  format: ImageFormat,
  page: number,
): Promise<DecodedImage> {
  const { planes, file, orientation, exif, icc, xmp } = await decoders[format](bytes, page)
  const profile = icc && isProfile(icc) ? icc : null
  return {
    ...applyOrientation(planes, orientation),
    format,
    ...(file ?? { fileBits: planes.bits, float: false, pages: 1 }),
    orientation,
    metadata: { exif, icc: profile, xmp, profileName: profileNameOf(profile) },
  }
}

/** A file of upright planes. The same planes and options give the same bytes, always and everywhere. */
export async function encode(planes: Planes, options: EncodeOptions): Promise<Uint8Array> {
  const metadata = metadataFor(planes, options)
  switch (options.format) {
    case 'png':
      return encodePng(planes, options.bits === 8 ? 8 : 16, metadata)
    case 'tiff':
      return encodeTiffPage(planes, options.bits, metadata, options.start)
    case 'jpeg':
      return await encodeJpeg(planes, options.quality, metadata)
    case 'webp':
      return await encodeWebp(planes, options.quality, metadata)
  }
}

/**
 * The metadata as the new file may carry it: upright, its size, without the old thumbnail; a profile only
 * when it is for the colours that the file will have (a grey profile does not fit a WebP, which is RGB).
 */
function metadataFor(planes: Planes, { format, metadata }: EncodeOptions): Metadata {
  if (!metadata) return { exif: null, icc: null, xmp: null, profileName: null }
  const { exif, icc, xmp, profileName } = metadata
  const space = planes.channels === 1 && format !== 'webp' ? 'GRAY' : 'RGB'
  const fits = icc !== null && isProfile(icc) && profileSpace(icc) === space
  return {
    exif: exif && exifForUpright(exif, planes.width, planes.height),
    icc: fits ? icc : null,
    xmp: xmp && xmpForUpright(xmp),
    profileName,
  }
}
