/** What the window shows: regions of a picture as RGBA8 at another size, differences, and how a result looks. */
import type { Look, Region } from '../../../shared/types'
import type { Planes } from '../codec/planes'
import { enlarge, shrink } from '../codec/resample'
import { rowsOf, type Rows } from '../codec/rows'
import { difference, mixed, planesOf, unmixed } from './rows'
import type { Texture } from './texture'

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
  a: Rows,
  b: Rows,
  gain: number,
  region: Region,
  width: number,
  height: number,
): Uint8Array {
  return renderRows(difference(a, b, gain), region, width, height)
}

/** {@link mixed} of planes, the whole picture at once: the given planes themselves where nothing is mixed. */
export function blend(
  input: Planes,
  denoised: Planes,
  look: Look,
  texture: Texture | null,
): Planes {
  const plain = unmixed(look, texture, input.channels)
  if (plain) return plain === 'input' ? input : { ...denoised, alpha: input.alpha }
  return planesOf(mixed(rowsOf(input), rowsOf(denoised), look, texture))
}
