/** Pictures of one size laid out in rows, as one picture. */
import type { Pictures } from '../../../shared/training'
import { encodeImage, type Planes } from '../codec'

/**
 * @param gap pixels between two pictures
 * @param background the value of what lies between and behind, 0–255
 */
export function sheetOf(
  { count, width, height, channels, pixels }: Pictures,
  columns: number,
  { gap = 0, background = 0 } = {},
): Planes {
  const across = Math.max(1, Math.min(columns, count))
  const down = Math.max(1, Math.ceil(count / across))
  const sheet = { width: across * (width + gap) - gap, height: down * (height + gap) - gap }
  const data = new Uint8Array(sheet.width * sheet.height * channels).fill(background)
  for (let i = 0; i < count; i++) {
    const [left, top] = [(i % across) * (width + gap), Math.floor(i / across) * (height + gap)]
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * width * channels
      const row = pixels.subarray(from, from + width * channels)
      data.set(row, ((top + y) * sheet.width + left) * channels)
    }
  }
  return { ...sheet, channels, bits: 8, data, alpha: null }
}

/** A PNG of 8 bits without metadata. */
export const pngOf = (planes: Planes): Promise<Uint8Array> =>
  encodeImage(planes, { format: 'png', bits: 8, quality: 100, metadata: null })
