/** What the window sees of a photo: regions as RGBA8, single pixels, and figures about its layers. */
import type { Picture } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Layer, Quality, Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { qualityOf } from '../imaging/quality'
import { blend, renderDifference, renderView } from '../imaging/view'
import type { OpenPhoto } from './openPhoto'

/** Above so many pixels a strength is applied to what is rendered and no longer to each pixel of the region. */
const exactBlendPixels = 4_000_000
/** Pixels around a region that enlarging it may look at. */
const border = 2

/**
 * A region of a picture as RGBA8, resampled to `width` × `height`.
 * @throws DarkroomError `arguments-invalid` for a region that is not inside the photo
 */
export function viewOf(
  photo: OpenPhoto,
  picture: Picture,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  checkRegion(photo, region)
  if (picture.kind === 'layer') {
    return renderLayer(photo, picture.layer, picture.strength, region, width, height)
  }
  // The same part of both, so that only what is looked at is mixed.
  const part = around(region, photo.original)
  const [a, b] = picture.between.map((layer) => layerPart(photo, layer, picture.strength, part))
  return renderDifference(
    a as Planes,
    b as Planes,
    picture.gain,
    within(region, part),
    width,
    height,
  )
}

function renderLayer(
  photo: OpenPhoto,
  layer: Layer,
  strength: number,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  const mixed = layer === 'denoised' && photo.denoised !== null && strength < 100
  if (!mixed) return renderView(photo.shown(layer), region, width, height)
  if (strength === 0) return renderView(photo.input, region, width, height)
  if (region.width * region.height <= exactBlendPixels) {
    const part = around(region, photo.original)
    return renderView(layerPart(photo, layer, strength, part), within(region, part), width, height)
  }
  const before = renderView(photo.input, region, width, height)
  const after = renderView(photo.shown(layer), region, width, height)
  const share = strength / 100
  for (let i = 0; i < after.length; i++) {
    const [from, to] = [before[i] as number, after[i] as number]
    after[i] = Math.round(from + (to - from) * share)
  }
  return after
}

/** The values of one pixel in each layer there is, in the file's depth, with the strength applied to `denoised`. */
export function pixelOf(
  photo: OpenPhoto,
  x: number,
  y: number,
  strength: number,
): { original: number[]; noisy: number[] | null; denoised: number[] | null } {
  const region = { x, y, width: 1, height: 1 }
  checkRegion(photo, region)
  const values = (layer: Layer): number[] => {
    const { data, alpha } = layerPart(photo, layer, strength, region)
    return [...data, ...(alpha ?? [])]
  }
  return {
    original: values('original'),
    noisy: photo.noisy && values('noisy'),
    denoised: photo.denoised && values('denoised'),
  }
}

/** PSNR and SSIM against the clean original; null when no noise was added, and for a result that is not finished. */
export async function qualitiesOf(
  photo: OpenPhoto,
  strength: number,
): Promise<{ noisy: Quality; denoised: Quality | null } | null> {
  const { original, noisy, denoised } = photo
  if (!noisy) return null
  return {
    noisy: await qualityOf(original, noisy),
    denoised: denoised?.complete
      ? await qualityOf(original, blend(noisy, denoised.planes, strength))
      : null,
  }
}

/** A layer as it is exported: finished, with the strength applied. @throws DarkroomError `result-missing` */
export function exportedLayer(photo: OpenPhoto, layer: Layer, strength: number): Planes {
  const planes = photo.finished(layer)
  return layer === 'denoised' ? blend(photo.input, planes, strength) : planes
}

function layerPart(photo: OpenPhoto, layer: Layer, strength: number, part: Region): Planes {
  const shown = crop(photo.shown(layer), part)
  if (layer !== 'denoised' || !photo.denoised) return shown
  return blend(crop(photo.input, part), shown, strength)
}

function checkRegion({ info }: OpenPhoto, { x, y, width, height }: Region): void {
  if (x + width <= info.width && y + height <= info.height) return
  throw new DarkroomError(
    'arguments-invalid',
    `the region leaves the photo of ${info.width} × ${info.height}`,
  )
}

function around({ x, y, width, height }: Region, image: Planes): Region {
  const [left, top] = [Math.max(0, x - border), Math.max(0, y - border)]
  const right = Math.min(image.width, x + width + border)
  const bottom = Math.min(image.height, y + height + border)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

const within = (region: Region, part: Region): Region => ({
  ...region,
  x: region.x - part.x,
  y: region.y - part.y,
})

function crop(planes: Planes, { x, y, width, height }: Region): Planes {
  const { channels, bits } = planes
  const take = <T extends Uint8Array | Uint16Array>(from: T, values: number): T => {
    const to = from.slice(0, width * height * values)
    for (let row = 0; row < height; row++) {
      const start = ((y + row) * planes.width + x) * values
      to.set(from.subarray(start, start + width * values), row * width * values)
    }
    return to as T
  }
  const alpha = planes.alpha && take(planes.alpha, 1)
  return { width, height, channels, bits, data: take(planes.data, channels), alpha }
}
