import factory from '@jsquash/webp/codec/enc/webp_enc_simd.js'
import dataUrl from '@jsquash/webp/codec/enc/webp_enc_simd.wasm?url&inline'
import { DarkroomError } from '../../../../shared/errors'
import { rgba8FromPlanes, type Metadata, type Planes } from '../planes'
import { instantiate, wasmCodec } from '../wasm'
import { withWebpMetadata } from './chunks'

interface WebpEncoder {
  encode(
    rgba: Uint8ClampedArray,
    width: number,
    height: number,
    options: Record<string, number>,
  ): Uint8Array | null
}
/** Always the build with SIMD, which every runtime of ours has: one build, one result. */
const webpEncoder = wasmCodec<WebpEncoder>(factory, dataUrl)

/** The format stores sides in 14 bits. */
const largestSide = 16383

/** libwebp's defaults (`WebPConfig`), but for the quality and for exact colour under transparent pixels. */
const options = (quality: number) => ({
  quality,
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 1,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
})

/**
 * A lossy WebP of `quality` 1–100, its alpha kept without loss. 16-bit planes are rounded to 8 bits.
 * @throws 'image-too-large' above 16,383 pixels a side, which the format cannot hold
 */
export async function encodeWebp(
  planes: Planes,
  quality: number,
  metadata: Omit<Metadata, 'profileName'>,
): Promise<Uint8Array> {
  const { width, height } = planes
  if (Math.max(width, height) > largestSide) {
    throw new DarkroomError('image-too-large', `WebP holds at most ${largestSide} pixels a side`, {
      width,
      height,
      megapixelLimit: 120,
      sideLimit: largestSide,
    })
  }
  const encoder = await instantiate(webpEncoder)
  const webp = encoder.encode(rgba8FromPlanes(planes), width, height, options(quality))
  if (!webp) throw new DarkroomError('internal', 'The WebP encoder made nothing')
  return withWebpMetadata(webp, metadata)
}
