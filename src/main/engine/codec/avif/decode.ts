import factory from '@jsquash/avif/codec/dec/avif_dec.js'
import dataUrl from '@jsquash/avif/codec/dec/avif_dec.wasm?url&inline'
import { planesFromRgba, type StoredImage } from '../planes'
import { damaged } from '../refusals'
import { guarded, instantiate, wasmCodec } from '../wasm'
import { readAvifHeader } from './boxes'

interface AvifDecoder {
  decode(
    bytes: Uint8Array,
    bits: 8 | 16,
  ): { data: Uint8ClampedArray | Uint16Array; width: number; height: number } | null
}
const avifDecoder = wasmCodec<AvifDecoder>(factory, dataUrl)

/**
 * An AVIF as stored: 8 bits, or 16 where the file has 10 or 12 (spread over the full range); one channel
 * when it is monochrome, else RGB; with alpha where it is used.
 */
export async function decodeAvif(bytes: Uint8Array): Promise<StoredImage> {
  const { width, height, bits, channels, ...rest } = readAvifHeader(bytes)
  const depth = bits === 8 ? 8 : 16
  const messages: string[] = []
  const decoder = await instantiate(avifDecoder, messages)
  const picture = guarded(messages, () => decoder.decode(bytes, depth))
  if (picture.width !== width || picture.height !== height) throw damaged('its sizes disagree')
  const { orientation, exif, icc, xmp } = rest
  const planes = planesFromRgba(picture.data, width, height, depth, channels, 'unless opaque')
  return { planes, orientation, exif, icc, xmp }
}
