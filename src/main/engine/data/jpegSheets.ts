/**
 * JPEG of many small images at once: they are laid out on sheets, each on whole blocks of its own, and a sheet is
 * encoded and decoded as one picture. Blocks are transformed and quantised each for itself, and an image is continued
 * beyond its edge by repeating it, as the encoder does at the edge of a picture; so an image loses on a sheet what it
 * loses alone, but for the encoder's choice between nearly equal coefficients, which looks at the whole file (MNIST at
 * quality 25: an error of 19.4 instead of 19.2). One picture an image would take a thousand times as long.
 */
import { corrupt } from '../noise'

export interface SheetShape {
  width: number
  height: number
  channels: 1 | 3
}

/** Pixels of one sheet, about 0.2 s of work. */
const sheetPixels = 1 << 20
const sheetSide = 1 << 10

/** How many images go on one sheet. */
export function imagesASheet(shape: SheetShape, quality: number): number {
  const { width, height } = tileOf(shape, quality)
  return Math.max(1, Math.floor(sheetPixels / (width * height)))
}

/**
 * JPEG at `quality` of images [count, height, width, channels] as bytes; at most {@link imagesASheet} of them.
 * @throws what the codec throws
 */
export async function jpegSheet(
  images: Uint8Array,
  shape: SheetShape,
  quality: number,
): Promise<Uint8Array> {
  const { width, height, channels } = shape
  const count = images.length / (width * height * channels)
  const tile = count === 1 ? { width, height } : tileOf(shape, quality)
  const columns = Math.min(count, Math.max(1, Math.floor(sheetSide / tile.width)))
  const sheet = {
    width: columns * tile.width,
    height: Math.ceil(count / columns) * tile.height,
    ...{ channels, bits: 8 as const, alpha: null },
  }
  const row = width * channels
  const sheetRow = sheet.width * channels
  const start = (image: number): number =>
    Math.floor(image / columns) * tile.height * sheetRow + (image % columns) * tile.width * channels
  const data = new Uint8Array(sheetRow * sheet.height)
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < tile.height; y++) {
      const from = (image * height + Math.min(y, height - 1)) * row
      const to = start(image) + y * sheetRow
      data.set(images.subarray(from, from + row), to)
      for (let x = row; x < tile.width * channels; x++) {
        data[to + x] = data[to + x - channels] as number
      }
    }
  }
  const decoded = (await corrupt({ ...sheet, data }, { kind: 'jpeg', quality }, 0)).data
  const result = new Uint8Array(images.length)
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < height; y++) {
      const from = start(image) + y * sheetRow
      result.set(decoded.subarray(from, from + row), (image * height + y) * row)
    }
  }
  return result
}

/**
 * The place of one image: whole blocks of 8 pixels, or of 16 where colour is at half resolution; there at least a pixel
 * lies between two images, because colour is smoothed across blocks.
 */
function tileOf({ width, height, channels }: SheetShape, quality: number) {
  const halved = channels === 3 && quality < 90
  const block = halved ? 16 : 8
  const side = (length: number): number => Math.ceil((halved ? length + 1 : length) / block) * block
  return { width: side(width), height: side(height) }
}
