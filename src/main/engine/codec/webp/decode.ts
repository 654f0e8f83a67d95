import factory from '@jsquash/webp/codec/dec/webp_dec.js'
import dataUrl from '@jsquash/webp/codec/dec/webp_dec.wasm?url&inline'
import { orientationOf } from '../metadata/exif'
import { planesFromRgba, type StoredImage } from '../planes'
import { damaged } from '../refusals'
import { guarded, instantiate, wasmCodec } from '../wasm'
import { readWebpHeader, webpMetadata } from './chunks'

interface WebpDecoder {
  decode(bytes: Uint8Array): { data: Uint8ClampedArray; width: number; height: number } | null
}
const webpDecoder = wasmCodec<WebpDecoder>(factory, dataUrl)

/** A WebP as stored: 8-bit RGB (the format knows no grey), with alpha where it is used. */
export async function decodeWebp(bytes: Uint8Array): Promise<StoredImage> {
  const { width, height, alpha, chunks } = readWebpHeader(bytes)
  const messages: string[] = []
  const decoder = await instantiate(webpDecoder, messages)
  const picture = guarded(messages, () => decoder.decode(bytes))
  if (picture.width !== width || picture.height !== height) throw damaged('its sizes disagree')
  const metadata = webpMetadata(chunks)
  return {
    planes: planesFromRgba(picture.data, width, height, 8, 3, alpha ? 'unless opaque' : 'none'),
    orientation: orientationOf(metadata.exif),
    ...metadata,
  }
}
