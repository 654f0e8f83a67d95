/** A picture of any size as one image of a data set: every image of a set has the same width, height and channels. */
import type { DataSource } from '../../../shared/training'
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { planesFromRgba } from '../codec/planes'
import { enlarge, shrink } from '../codec/resample'
import { rowsOf } from '../codec/rows'
import { luma } from './luma'

export type FolderSource = Extract<DataSource, { kind: 'folder' }>
export type Target = Pick<FolderSource, 'width' | 'height' | 'channels' | 'fit'>

/**
 * The picture as [height, width, channels] bytes: scaled by area average where it shrinks and bilinearly where it
 * grows (each axis for itself), in the way that `fit` says; transparency laid on black; 16 bits as v/257, rounded;
 * grey by {@link luma}, and grey pictures repeated for three channels.
 */
export function fitImage(planes: Planes, { width, height, channels, fit }: Target): Uint8Array {
  const image = new Uint8Array(width * height * channels)
  const whole: Region = { x: 0, y: 0, width: planes.width, height: planes.height }
  if (fit === 'pad') {
    const scale = Math.min(width / planes.width, height / planes.height)
    const inner = {
      width: Math.min(width, Math.max(1, Math.round(planes.width * scale))),
      height: Math.min(height, Math.max(1, Math.round(planes.height * scale))),
    }
    const left = Math.floor((width - inner.width) / 2)
    const top = Math.floor((height - inner.height) / 2)
    const rgba = resize(planes, whole, inner.width, inner.height)
    for (let y = 0; y < inner.height; y++) {
      const row = rgba.subarray(y * inner.width * 4, (y + 1) * inner.width * 4)
      write(row, channels, image, ((top + y) * width + left) * channels)
    }
    return image
  }
  const region = fit === 'crop' ? middleOf(planes, width / height) : whole
  write(resize(planes, region, width, height), channels, image, 0)
  return image
}

/** The largest part in the middle that has the given aspect, in whole pixels. */
function middleOf({ width, height }: Planes, aspect: number): Region {
  const inner = {
    width: Math.max(1, Math.min(width, Math.round(height * aspect))),
    height: Math.max(1, Math.min(height, Math.round(width / aspect))),
  }
  const [x, y] = [(width - inner.width) / 2, (height - inner.height) / 2].map(Math.floor)
  return { x: x as number, y: y as number, ...inner }
}

/** RGBA8 of a region at another size. Where one axis shrinks and the other grows, the first is done first. */
function resize(planes: Planes, region: Region, width: number, height: number): Uint8Array {
  const rows = rowsOf(planes)
  const [narrower, lower] = [width < region.width, height < region.height]
  if (!narrower && !lower) return enlarge(rows, region, width, height, 'bilinear')
  if (width <= region.width && height <= region.height) return shrink(rows, region, width, height)
  const between = { width: Math.min(width, region.width), height: Math.min(height, region.height) }
  const rgba = shrink(rows, region, between.width, between.height)
  const shrunken = planesFromRgba(rgba, between.width, between.height, 8, 3, 'unless opaque')
  return enlarge(rowsOf(shrunken), { x: 0, y: 0, ...between }, width, height, 'bilinear')
}

/** RGBA8 pixels, on black, into an image of one or three channels. */
function write(rgba: Uint8Array, channels: 1 | 3, image: Uint8Array, start: number): void {
  for (let from = 0, to = start; from < rgba.length; from += 4, to += channels) {
    const opacity = (rgba[from + 3] as number) / 255
    const [red, green, blue] = [0, 1, 2].map((c) => (rgba[from + c] as number) * opacity) as [
      number,
      number,
      number,
    ]
    if (channels === 1) {
      image[to] = luma(red, green, blue)
      continue
    }
    image[to] = Math.round(red)
    image[to + 1] = Math.round(green)
    image[to + 2] = Math.round(blue)
  }
}
