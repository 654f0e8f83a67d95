import type { ImageFormat } from '../../../shared/types'
import { readAvifHeader } from './avif/boxes'
import { readJpegHeader } from './jpeg/segments'
import { checkFileSize } from './limits'
import { readPngHeader } from './png/chunks'
import { pageMissing } from './refusals'
import { sniff } from './sniff'
import { readLayout } from './tiff/layout'
import { readPage } from './tiff/pages'
import { readWebpHeader } from './webp/chunks'

/** What is known of a file before anything of it is decoded. Sizes as stored, before orientation. */
export interface ImageHeader {
  format: ImageFormat
  width: number
  height: number
}

/**
 * Format and size from the headers alone, everything within the limits: what this lets through may be
 * decoded. Takes time in the number of header parts, which is bounded. `name` only tells camera RAW from TIFF.
 * @throws 'file-empty', 'file-too-large', 'not-an-image', 'format-unsupported', 'image-damaged',
 * 'image-too-large', 'page-missing', none of which names the file yet
 */
export function readHeader(bytes: Uint8Array, name: string, page = 1): ImageHeader {
  checkFileSize(bytes.length)
  const format = sniff(bytes, name)
  const { width, height } = sizeOf(bytes, format, page)
  return { format, width, height }
}

function sizeOf(
  bytes: Uint8Array,
  format: ImageFormat,
  page: number,
): { width: number; height: number } {
  if (page > 1 && format !== 'tiff') throw pageMissing(page, 1)
  switch (format) {
    case 'jpeg':
      return readJpegHeader(bytes)
    case 'png':
      return readPngHeader(bytes)
    case 'webp':
      return readWebpHeader(bytes)
    case 'avif':
      return readAvifHeader(bytes)
    case 'tiff':
      return readLayout(readPage(bytes, page).directory)
  }
}
