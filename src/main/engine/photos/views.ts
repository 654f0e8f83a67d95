/** What the window sees of a photo: regions as RGBA8, single pixels, and figures about its layers. */
import type { Picture } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Layer, Look, Quality, Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { planesFromRgba, rgba8FromPlanes } from '../codec/planes'
import { rowsOf, type Rows } from '../codec/rows'
import { qualityOf } from '../imaging/quality'
import { mixed, unmixed } from '../imaging/rows'
import { rowsOfTexture, textureOfView, type Texture } from '../imaging/texture'
import { blend, renderDifference, renderRows } from '../imaging/view'
import type { OpenPhoto } from './openPhoto'

/** Above so many pixels a look is applied to what is rendered and no longer to each pixel of the region. */
const exactBlendPixels = 4_000_000

/**
 * A region of a picture as RGBA8, resampled to `width` × `height`.
 * @throws DarkroomError `arguments-invalid` for a region that is not inside the photo
 */
export async function viewOf(
  photo: OpenPhoto,
  picture: Picture,
  region: Region,
  width: number,
  height: number,
): Promise<Uint8Array> {
  checkRegion(photo, region)
  const { look } = picture
  const texture = await textureFor(photo, look)
  if (picture.kind === 'difference') {
    const [a, b] = picture.between.map((layer) => rowsOfLayer(photo, layer, look, texture))
    return renderDifference(a as Rows, b as Rows, picture.gain, region, width, height)
  }
  const { layer } = picture
  const large = region.width * region.height > exactBlendPixels
  if (large && layer === 'denoised' && !unmixed(look, texture, photo.info.channels)) {
    return mixedViews(photo, look, texture, region, width, height)
  }
  return renderRows(rowsOfLayer(photo, layer, look, texture), region, width, height)
}

/** The look applied to rendered pixels. */
function mixedViews(
  photo: OpenPhoto,
  look: Look,
  texture: Texture | null,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  const render = (rows: Rows): Uint8Array => renderRows(rows, region, width, height)
  const [before, after] = [photo.input, photo.shown('denoised')].map((planes) =>
    planesFromRgba(render(rowsOf(planes)), width, height, 8, 3, 'unless opaque'),
  )
  const view = texture && textureOfView(render(rowsOfTexture(texture)), width, height)
  return new Uint8Array(
    rgba8FromPlanes(blend(before as Planes, after as Planes, look, view)).buffer,
  )
}

/** The values of one pixel in each layer there is, in the file's depth, with the look applied to `denoised`. */
export async function pixelOf(
  photo: OpenPhoto,
  x: number,
  y: number,
  look: Look,
): Promise<{ original: number[]; noisy: number[] | null; denoised: number[] | null }> {
  checkRegion(photo, { x, y, width: 1, height: 1 })
  const texture = await textureFor(photo, look)
  const values = (layer: Layer): number[] => {
    const { row, alpha, width } = rowsOfLayer(photo, layer, look, texture)
    return [...row(y, x, x + 1), ...(alpha ? [alpha[y * width + x] as number] : [])]
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
  look: Look,
): Promise<{ noisy: Quality; denoised: Quality | null } | null> {
  const texture = await textureFor(photo, look)
  const { original, noisy, denoised } = photo
  if (!noisy) return null
  return {
    noisy: await qualityOf(original, noisy),
    denoised: denoised?.complete
      ? await qualityOf(original, blend(noisy, denoised.planes, look, texture))
      : null,
  }
}

/** A layer as it is exported: finished, with the look applied. @throws DarkroomError `result-missing` */
export async function exportedLayer(photo: OpenPhoto, layer: Layer, look: Look): Promise<Planes> {
  if (layer !== 'denoised') return photo.finished(layer)
  const texture = await textureFor(photo, look)
  return blend(photo.input, photo.finished(layer), look, texture)
}

const textureFor = (photo: OpenPhoto, look: Look): Promise<Texture | null> =>
  look.texture > 0 ? photo.texture() : Promise.resolve(null)

function rowsOfLayer(photo: OpenPhoto, layer: Layer, look: Look, texture: Texture | null): Rows {
  const rows = rowsOf(photo.shown(layer))
  if (layer !== 'denoised' || !photo.denoised) return rows
  return mixed(rowsOf(photo.input), rows, look, texture)
}

/** @throws DarkroomError `arguments-invalid` for a region that is not inside the photo */
export function checkRegion({ info }: OpenPhoto, { x, y, width, height }: Region): void {
  if (x + width <= info.width && y + height <= info.height) return
  throw new DarkroomError(
    'arguments-invalid',
    `the region leaves the photo of ${info.width} × ${info.height}`,
  )
}
