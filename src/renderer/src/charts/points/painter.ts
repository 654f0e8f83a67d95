/** What draws points, by the graphics card (or Chromium's software for one) or, where there is neither, by hand. */
import type { Camera } from './camera'

export interface Points {
  /** [count, 2] within [−1, 1]. */
  places: Float32Array
  /** Which of the palette's colours each has. */
  classes: Uint8Array
  /** 1 for points that stand out while `dimmed`. */
  marks: Uint8Array
}

export interface Look {
  camera: Camera
  /** Pixels of a point's side, in the canvas's pixels. */
  pointSize: number
  /** Points without a mark fade. */
  dimmed: boolean
}

export interface Painter {
  kind: 'webgl' | 'canvas'
  setPlaces(places: Float32Array): void
  setClasses(classes: Uint8Array): void
  setMarks(marks: Uint8Array): void
  /** RGBA of 256 classes; alpha 0 is not drawn. */
  setPalette(palette: Uint8Array): void
  draw(look: Look): void
  dispose(): void
}

/** How opaque points are that do not stand out. */
export const faded = 0.16
