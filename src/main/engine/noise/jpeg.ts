/**
 * JPEG at quality q: encoded and decoded again by the program's own codec, colour at half resolution below
 * quality 90. There is no chance in it. 16-bit values pass through 8 bits, round(v / 257) · 257.
 */
import { decodeImage, encodeImage } from '../codec'
import { toDepth, type Planes } from '../codec/planes'

/** @param quality 1–100 @throws what the codec throws */
export async function jpeg(planes: Planes, quality: number): Promise<Planes> {
  const options = { format: 'jpeg', bits: 8, quality, metadata: null } as const
  // Without alpha, which JPEG would lay on white.
  const bytes = await encodeImage({ ...planes, alpha: null }, options)
  const { width, height, channels, bits, data } = await decodeImage(bytes, 'corruption.jpg')
  const decoded = toDepth({ width, height, channels, bits, data, alpha: null }, planes.bits)
  return { ...planes, data: decoded.data }
}
