import type { Pixels } from './types'

/** Something that can be drawn, of the pixels that arrived. */
export function toBitmap(picture: Pixels, colorSpace: PredefinedColorSpace): OffscreenCanvas {
  const { width, height, pixels } = picture
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  const data = new Uint8ClampedArray(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.length)
  context?.putImageData(new ImageData(data, width, height, { colorSpace }), 0, 0)
  return canvas
}
