/** What draws points, by the graphics card (or Chromium's software for one) or, where there is neither, by hand. */
import type { Camera } from './camera'
import { canvasPainter } from './canvasPainter'
import { webglPainter } from './webglPainter'

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

/** A canvas that had a context of one kind cannot have one of another: the painter brings its own. */
export const painterFor = (
  make: () => HTMLCanvasElement,
): Painter & { canvas: HTMLCanvasElement } => webglPainter(make()) ?? canvasPainter(make())

/** How opaque points are that do not stand out. */
export const faded = 0.16
