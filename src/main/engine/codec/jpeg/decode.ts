import factory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js'
import dataUrl from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url&inline'
import { planesFromRgba, type StoredImage } from '../planes'
import { damaged } from '../refusals'
import { guarded, instantiate, wasmCodec } from '../wasm'
import { orientationOf } from '../metadata/exif'
import { isComplete, jpegMetadata, readJpegHeader } from './segments'

interface Rgba8 {
  data: Uint8ClampedArray
  width: number
  height: number
}
/** `preserveOrientation` would turn the picture by its EXIF block; that is done in one place for all formats. */
interface MozJpegDecoder {
  decode(bytes: Uint8Array, preserveOrientation: boolean): Rgba8 | null
}
export const mozJpegDecoder = wasmCodec<MozJpegDecoder>(factory, dataUrl)

/**
 * What libjpeg prints when picture data were lost; it goes on and fills in grey, which is no answer here.
 * (Its other usual warning, of extraneous bytes before a marker, is about harmless padding as a rule.)
 */
const losses = /premature end|bad huffman code/i

/** One baseline or progressive JPEG stream through an instance of the decoder. */
export function decodeStream(
  decoder: MozJpegDecoder,
  bytes: Uint8Array,
  messages: string[],
): Rgba8 {
  return guarded(messages, () => decoder.decode(bytes, false))
}

/**
 * A JPEG as stored: 8 bits, one channel when it is grey, else RGB.
 * @throws 'image-damaged' also for a file that was cut off, of which libjpeg would show a part
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<StoredImage> {
  const { width, height, components, scan, segments } = readJpegHeader(bytes)
  if (!isComplete(bytes, scan)) throw damaged('it was cut off')
  const messages: string[] = []
  const decoder = await instantiate(mozJpegDecoder, messages)
  const picture = decodeStream(decoder, bytes, messages)
  if (picture.width !== width || picture.height !== height) throw damaged('its sizes disagree')
  const lost = messages.find((line) => losses.test(line))
  if (lost) throw damaged(lost)
  const metadata = jpegMetadata(bytes, segments)
  return {
    planes: planesFromRgba(picture.data, width, height, 8, components, 'none'),
    orientation: orientationOf(metadata.exif),
    ...metadata,
  }
}
