/**
 * Where a picture lies on the screen. Two coordinate systems: image pixels, and device pixels of the
 * canvas (so that 1:1 means one image pixel on one pixel of the screen, whatever the display's scale).
 */
import type { Region } from '../../../shared/types'
import type { Rect, Size } from './types'

/** `scale` is device pixels per image pixel; (`x`, `y`) the image point in the middle of the pane. */
export interface Transform {
  scale: number
  x: number
  y: number
}

export const minimumScale = 0.05
export const maximumScale = 32
/** Above this scale pixels are shown as squares (nearest neighbour). */
export const nearestAbove = 2
/** The longest side of a picture that may be asked for. */
export const longestSide = 4096
/** 'Fit' enlarges a small picture, but not beyond this. */
const largestFit = 8

/** Room kept free around a fitted picture, in device pixels. */
export interface Insets {
  top: number
  right: number
  bottom: number
  left: number
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

/** The scale at which the whole image is seen inside the pane, less its insets. */
export function fitScale(image: Size, pane: Size, insets: Insets): number {
  const width = Math.max(1, pane.width - insets.left - insets.right)
  const height = Math.max(1, pane.height - insets.top - insets.bottom)
  return Math.min(width / image.width, height / image.height, largestFit)
}

/** The whole image in the middle of what the insets leave of the pane. */
export function fit(image: Size, pane: Size, insets: Insets): Transform {
  const scale = fitScale(image, pane, insets)
  return {
    scale,
    x: image.width / 2 - (insets.left - insets.right) / 2 / scale,
    y: image.height / 2 - (insets.top - insets.bottom) / 2 / scale,
  }
}

/** The scale kept within 5 %–3,200 %, or down to the fitting one for an image that is larger still. */
export function clampScale(scale: number, fitting: number): number {
  return clamp(scale, Math.min(minimumScale, fitting), maximumScale)
}

/** The same transform with the image kept in the pane: centred where it is smaller, else its edges at most `insets` inside. */
export function clampPosition(at: Transform, image: Size, pane: Size, insets: Insets): Transform {
  const along = (
    centre: number,
    length: number,
    room: number,
    before: number,
    after: number,
  ): number => {
    const free = room - before - after
    if (length * at.scale <= free) return length / 2 - (before - after) / 2 / at.scale
    const half = room / 2 / at.scale
    return clamp(centre, half - before / at.scale, length - half + after / at.scale)
  }
  return {
    scale: at.scale,
    x: along(at.x, image.width, pane.width, insets.left, insets.right),
    y: along(at.y, image.height, pane.height, insets.top, insets.bottom),
  }
}

/** The same transform with the middle of the pane on one of the image's pixels. */
export function clampMiddle(at: Transform, image: Size): Transform {
  return {
    scale: at.scale,
    x: clamp(at.x, 0, image.width - 0.5),
    y: clamp(at.y, 0, image.height - 0.5),
  }
}

/** The image point under a point of the pane (both from their top left corners). */
export function toImage(at: Transform, pane: Size, point: { x: number; y: number }) {
  return {
    x: at.x + (point.x - pane.width / 2) / at.scale,
    y: at.y + (point.y - pane.height / 2) / at.scale,
  }
}

/** The point of the pane where an image point lies. */
export function toPane(at: Transform, pane: Size, point: { x: number; y: number }) {
  return {
    x: pane.width / 2 + (point.x - at.x) * at.scale,
    y: pane.height / 2 + (point.y - at.y) * at.scale,
  }
}

/** Another scale, with the image point under `anchor` staying where it is. */
export function zoomAt(
  at: Transform,
  pane: Size,
  scale: number,
  anchor: { x: number; y: number },
): Transform {
  const fixed = toImage(at, pane, anchor)
  return {
    scale,
    x: fixed.x - (anchor.x - pane.width / 2) / scale,
    y: fixed.y - (anchor.y - pane.height / 2) / scale,
  }
}

const steps = [
  0.05, 0.0625, 0.0833, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24,
  32,
]

/** The next round scale in the direction of `sign`. */
export function nextStep(scale: number, sign: 1 | -1): number {
  const tolerance = 1.005 // a scale this near to a step counts as on it
  const next =
    sign > 0
      ? steps.find((step) => step > scale * tolerance)
      : [...steps].reverse().find((step) => step < scale / tolerance)
  return next ?? scale
}

/** The part of the image that the pane shows, in whole pixels, or null when it shows none. */
export function visibleRegion(at: Transform, image: Size, pane: Size): Region | null {
  const first = toImage(at, pane, { x: 0, y: 0 })
  const last = toImage(at, pane, { x: pane.width, y: pane.height })
  const x = clamp(Math.floor(first.x), 0, image.width)
  const y = clamp(Math.floor(first.y), 0, image.height)
  const width = clamp(Math.ceil(last.x), 0, image.width) - x
  const height = clamp(Math.ceil(last.y), 0, image.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** The size at which to ask for a region: as it will be shown, but never more pixels than the image has where squares are shown. */
export function requestSize(region: Region, scale: number): Size {
  const wanted = scale > nearestAbove ? 1 : scale
  const largest = longestSide / Math.max(region.width, region.height)
  const factor = Math.min(wanted, largest)
  return {
    width: clamp(Math.round(region.width * factor), 1, longestSide),
    height: clamp(Math.round(region.height * factor), 1, longestSide),
  }
}

/**
 * Where a delivered picture of `region` is drawn in the pane. A picture made for this very scale is put
 * on whole pixels at its own size, so that drawing does not resample it a second time.
 */
export function placement(at: Transform, pane: Size, region: Region, picture: Size): Rect {
  const corner = toPane(at, pane, region)
  const width = region.width * at.scale
  const height = region.height * at.scale
  const madeForThis =
    Math.abs(picture.width - width) <= 0.5 && Math.abs(picture.height - height) <= 0.5
  if (!madeForThis) return { ...corner, width, height }
  return {
    x: Math.round(corner.x),
    y: Math.round(corner.y),
    width: picture.width,
    height: picture.height,
  }
}

/** The image's outline in the pane, cut to the pane; null when outside. */
export function shownRect(at: Transform, image: Size, pane: Size): Rect | null {
  const corner = toPane(at, pane, { x: 0, y: 0 })
  const x = clamp(corner.x, 0, pane.width)
  const y = clamp(corner.y, 0, pane.height)
  const width = clamp(corner.x + image.width * at.scale, 0, pane.width) - x
  const height = clamp(corner.y + image.height * at.scale, 0, pane.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}
