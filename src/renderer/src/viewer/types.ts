import type { Picture } from '../../../shared/contract'
import type { Layer, Look, Region } from '../../../shared/types'

/** Size in pixels of an image or of a part of the screen. */
export interface Size {
  width: number
  height: number
}

/** A rectangle in device pixels of the canvas. */
export interface Rect extends Size {
  x: number
  y: number
}

/** RGBA8, row by row. */
export interface Pixels extends Size {
  pixels: Uint8Array
}

/** The values of one pixel in every layer, in the file's own depth. */
export interface PixelValues {
  original: number[]
  noisy: number[] | null
  denoised: number[] | null
}

/** What the viewer shows pictures of: an open photo, wherever it lives. */
export interface ViewerSource extends Size {
  /** The file's name, for words. */
  readonly name: string
  /** Changes when another photo is shown. */
  readonly key: string
  readonly alpha: boolean
  /** How the file's numbers are to be read; a difference is always shown as plain numbers. */
  readonly colourSpace: PredefinedColorSpace
  view(picture: Picture, region: Region, size: Size): Promise<Pixels>
  pixel(x: number, y: number): Promise<PixelValues>
}

/** One of the two pictures compared. */
export interface Side {
  layer: Layer
  /** Of the denoised layer. */
  look: Look
  label: string
  /** Changes with everything that changes its pixels for good, but not with every tile of a running job. */
  content: string
  /** Changes with every tile as well. */
  revision: string
}
