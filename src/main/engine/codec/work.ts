import type { ExportBits, ExportFormat, ImageFormat } from '../../../shared/types'
import { decodeAvif } from './avif/decode'
import { decodeJpeg } from './jpeg/decode'
import { encodeJpeg } from './jpeg/encode'
import {
  shapeOf,
  type Band,
  type BandOptions,
  type Frame,
  type FrameOptions,
  type Place,
  type Shape,
} from './band'
import { bandedFormats, type BandedName, type Note } from './bandedFormats'
import { exifForUpright } from './metadata/exif'
import { isProfile, profileNameOf, profileSpace } from './metadata/icc'
import { xmpForUpright } from './metadata/xmp'
import { applyOrientation } from './orientation'
import {
  maximumOf,
  rescaled,
  whiteOf,
  type DecodedImage,
  type Metadata,
  type Planes,
  type StoredImage,
} from './planes'
import { decodePng } from './png/decode'
import { decodeTiff } from './tiff/decode'
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
  /** The sample that is white in whole numbers of 16 bits; default 65,535. See {@link DecodedImage.white}. */
  white?: number
  /** Null writes no metadata at all. */
  metadata: Metadata | null
}

/** Formats that are made in one piece. */
export interface WholeOptions {
  format: Exclude<ExportFormat, BandedName>
  quality: number
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
  const full = maximumOf(planes.bits)
  // AVIF and TIFFs of other depths were brought to 16 bits by their decoders
  const asStored = format === 'png' || (format === 'tiff' && file?.fileBits === 16 && !file.float)
  const white = asStored ? whiteOf(planes, profile !== null) : full
  return {
    ...applyOrientation(rescaled(planes, white, full), orientation),
    format,
    white,
    fileBytes: bytes.length,
    ...(file ?? { fileBits: planes.bits, float: false, pages: 1 }),
    orientation,
    metadata: { exif, icc: profile, xmp, profileName: profileNameOf(profile) },
  }
}

/** A file of upright planes, made in one piece. The same planes and options give the same bytes, always and everywhere. */
export async function encode(planes: Planes, options: WholeOptions): Promise<Uint8Array> {
  const { format, quality } = options
  const metadata = metadataFor(shapeOf(planes), format, options.metadata)
  const encoders = { jpeg: encodeJpeg, webp: encodeWebp }
  return await encoders[format](planes, quality, metadata)
}

/** Some rows of a file that is made in bands. */
export const encodeBand = (
  format: BandedName,
  planes: Planes,
  options: BandOptions,
  place: Place,
): Band<Note> => bandedFormats[format].band(planes, options, place)

/** What goes around the bands of a file. */
export const encodeFrame = (
  format: BandedName,
  shape: Shape,
  { metadata, ...options }: FrameOptions<Metadata | null>,
  notes: readonly Note[],
): Frame =>
  bandedFormats[format].frame(
    shape,
    { ...options, metadata: metadataFor(shape, format, metadata) },
    notes,
  )

/**
 * The metadata as the new file may carry it: upright, its size, without the old thumbnail; a profile only
 * when it is for the colours that the file will have (a grey profile does not fit a WebP, which is RGB).
 */
function metadataFor(shape: Shape, format: ExportFormat, metadata: Metadata | null): Metadata {
  if (!metadata) return { exif: null, icc: null, xmp: null, profileName: null }
  const { exif, icc, xmp, profileName } = metadata
  const space = shape.channels === 1 && format !== 'webp' ? 'GRAY' : 'RGB'
  const fits = icc !== null && isProfile(icc) && profileSpace(icc) === space
  return {
    exif: exif && exifForUpright(exif, shape.width, shape.height),
    icc: fits ? icc : null,
    xmp: xmp && xmpForUpright(xmp),
    profileName,
  }
}
