import type { ImageFormat } from '../../../shared/types'
import { readAvifHeader } from './avif/boxes'
import { readJpegHeader } from './jpeg/segments'
import { checkFileSize } from './limits'
import { readPngHeader } from './png/chunks'
import { sniff } from './sniff'
import { readFirstDirectory } from './tiff/directory'
import { readLayout } from './tiff/layout'
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
 * 'image-too-large', none of which names the file yet
 */
export function readHeader(bytes: Uint8Array, name: string): ImageHeader {
  checkFileSize(bytes.length)
  const format = sniff(bytes, name)
  const { width, height } = sizeOf(bytes, format)
  return { format, width, height }
}

function sizeOf(bytes: Uint8Array, format: ImageFormat): { width: number; height: number } {
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
      return readLayout(readFirstDirectory(bytes))
  }
}
