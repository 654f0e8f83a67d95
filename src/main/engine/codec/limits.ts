import { DarkroomError } from '../../../shared/errors'
import { damaged } from './refusals'

/** What is opened at all (`trust.md`): more would let one small hostile file take the machine's memory. */
export const limits = {
  /** Pixels of one image. */
  pixels: 120_000_000,
  /** Pixels along one side. */
  side: 30_000,
  /** Bytes of one file. */
  fileBytes: 512 * 1024 * 1024,
} as const

/**
 * Refuses dimensions that no image can have ('image-damaged') or that are over the limits
 * ('image-too-large', with `width`, `height`, `megapixelLimit` and `sideLimit`).
 */
export function checkDimensions(width: number, height: number): void {
  if (!(width >= 1 && height >= 1)) throw damaged(`it says it is ${width} × ${height} pixels`)
  if (width > limits.side || height > limits.side || width * height > limits.pixels) {
    throw new DarkroomError(
      'image-too-large',
      `${width} × ${height} pixels; the limit is ${limits.pixels / 1e6} megapixels and ${limits.side} pixels a side`,
      { width, height, megapixelLimit: limits.pixels / 1e6, sideLimit: limits.side },
    )
  }
}

/** Refuses a file without bytes ('file-empty') or with more than allowed ('file-too-large', in mebibytes). */
export function checkFileSize(bytes: number): void {
  if (bytes === 0) throw new DarkroomError('file-empty', 'The file is empty')
  if (bytes > limits.fileBytes) {
    const megabytes = Math.ceil(bytes / 2 ** 20)
    const limit = limits.fileBytes / 2 ** 20
    throw new DarkroomError('file-too-large', `${megabytes} MB; the limit is ${limit} MB`, {
      megabytes,
      limit,
    })
  }
}

/** How long decoding may take, in milliseconds: 10 s + 0.2 s a megapixel. */
export const decodeDeadline = (pixels: number): number => 10_000 + 0.2e-3 * pixels

/** How long encoding may take. Our own pixels are not hostile, so this only ends what would never end. */
export const encodeDeadline = (pixels: number): number => 60_000 + 2e-3 * pixels
