import { newSamples, type Planes, type Samples } from './planes'

/**
 * Where the pixels of the upright picture lie in the stored one: pixel (x, y) is at
 * `start + x · right + y · down`. `width` and `height` are those stored; EXIF's eight orientations.
 */
function walk(orientation: number, width: number, height: number) {
  const last = width * height - 1
  switch (orientation) {
    case 2: // mirrored left to right
      return { start: width - 1, right: -1, down: width }
    case 3: // turned by 180°
      return { start: last, right: -1, down: -width }
    case 4: // mirrored top to bottom
      return { start: last - width + 1, right: 1, down: -width }
    case 5: // mirrored along the main diagonal
      return { start: 0, right: width, down: 1 }
    case 6: // to be turned clockwise by 90°
      return { start: last - width + 1, right: -width, down: 1 }
    case 7: // mirrored along the other diagonal
      return { start: last, right: -width, down: -1 }
    default: // 8: to be turned anticlockwise by 90°
      return { start: width - 1, right: width, down: -1 }
  }
}

/**
 * Planes as they are to be seen: EXIF `orientation` (1–8) applied to colour and alpha. For 5–8 width and
 * height change places. Orientation 1, and anything that is no orientation, returns the same object.
 */
export function applyOrientation(planes: Planes, orientation: number): Planes {
  if (!(orientation >= 2 && orientation <= 8)) return planes
  const { width, height, channels } = planes
  const steps = walk(orientation, width, height)
  const turned = orientation >= 5
  const [outWidth, outHeight] = turned ? [height, width] : [width, height]
  const move = (from: Samples, channels: 1 | 3): Samples => {
    const to = newSamples(planes.bits, from.length)
    let at = 0
    for (let y = 0; y < outHeight; y++) {
      let pixel = steps.start + y * steps.down
      for (let x = 0; x < outWidth; x++, pixel += steps.right) {
        for (let c = 0; c < channels; c++) to[at++] = from[pixel * channels + c] as number
      }
    }
    return to
  }
  return {
    ...planes,
    width: outWidth,
    height: outHeight,
    data: move(planes.data, channels),
    alpha: planes.alpha && move(planes.alpha, 1),
  }
}
