/** What the window shows: regions of a picture as RGBA8 at another size, differences, and mixing by strength. */
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec/planes'
import { enlarge, shrink } from '../codec/resample'
import { rowsOf, type Rows } from '../codec/rows'
import { difference, mixed, planesOf } from './rows'

/**
 * A region of a picture as RGBA8 of `width` × `height`: area average when smaller, bilinear up to 200 %, the
 * nearest pixel above, so that pixels can be told apart. 16-bit values v become v/257, rounded. Grey is
 * repeated in three channels; without alpha A is 255; averages of colours are weighted by their opacity.
 * Neighbours outside of the region are looked at, so that regions rendered apart fit together.
 * @param region inside the picture
 */
export function renderRows(
  source: Rows,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  const [acrossZoom, downZoom] = [width / region.width, height / region.height]
  if (acrossZoom === 1 && downZoom === 1) return enlarge(source, region, width, height, 'nearest')
  const zoom = Math.max(acrossZoom, downZoom)
  if (zoom <= 1) return shrink(source, region, width, height)
  return enlarge(source, region, width, height, zoom <= 2 ? 'bilinear' : 'nearest')
}

/** {@link renderRows} of planes. */
export function renderView(
  source: Planes,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  return renderRows(rowsOf(source), region, width, height)
}

/** {@link renderRows} of |a − b| · gain, clipped to white, opaque. The difference is taken pixel by pixel, then resampled. */
export function renderDifference(
  a: Planes,
  b: Planes,
  gain: number,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  return renderRows(difference(rowsOf(a), rowsOf(b), gain), region, width, height)
}

/**
 * input + (denoised − input) · strength/100, rounded, in the picture's depth: strength 0 is the input exactly, 100 the
 * denoised picture exactly. Alpha is the input's. A whole picture: for views {@link mixed} does only what is shown.
 */
export function blend(input: Planes, denoised: Planes, strength: number): Planes {
  if (strength <= 0) return input
  if (strength >= 100) return { ...denoised, alpha: input.alpha }
  return planesOf(mixed(rowsOf(input), rowsOf(denoised), strength))
}
