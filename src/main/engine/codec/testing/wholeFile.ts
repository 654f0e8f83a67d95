import type { ExportBits } from '../../../../shared/types'
import { concatenated, shapeOf, type BandedFormat } from '../band'
import type { Metadata, Planes } from '../planes'
import { pngBands } from '../png/encode'
import { isLittle, tiffBands } from '../tiff/encode'

/** A file made in one band, without a thread. */
function wholeFile<Note>(
  format: BandedFormat<Note>,
  planes: Planes,
  bits: ExportBits,
  metadata: Metadata,
  start = 0,
): Uint8Array {
  const options = { bits, white: 65_535, little: isLittle(metadata.exif) }
  const { bytes, note } = format.band(planes, options, { first: true, last: true })
  const { head, tail } = format.frame(shapeOf(planes), { ...options, metadata, start }, [note])
  return concatenated([head, bytes, tail])
}

export const encodePng = (planes: Planes, bits: 8 | 16, metadata: Metadata): Uint8Array =>
  wholeFile(pngBands, planes, bits, metadata)

export const encodeTiffPage = (
  planes: Planes,
  bits: ExportBits,
  metadata: Metadata,
  start = 0,
): Uint8Array => wholeFile(tiffBands, planes, bits, metadata, start)
