import type { Region } from '../../../shared/types'
import {
  clampMiddle,
  clampPosition,
  clampScale,
  fit,
  fitScale,
  nextStep,
  shownRect,
  toImage,
  visibleRegion,
  zoomAt,
  type Insets,
  type Transform,
} from './geometry'
import type { Rect, Size } from './types'

export type ViewMode = 'wipe' | 'side' | 'blink' | 'difference'
export const gains = [1, 2, 4, 8, 16, 32, 64] as const

/** CSS pixels kept free around a fitted picture; the viewer's tools lie in the lower ones. */
const viewerRoom: Insets = { top: 20, right: 24, bottom: 64, left: 24 }
/** CSS pixels between two pictures side by side. */
const gap = 8
/** Of the wipe, in per cent, by a key press. */
const wipeStep = 1
/** Of the pane, by a key press. */
const panShare = 0.1

/** How the pictures are looked at: one zoom and one place for both of them. All lengths in device pixels. */
export class View {
  mode = $state<ViewMode>('wipe')
  /** Where the wipe stands, in per cent of what is seen of the picture. */
  wipe = $state(50)
  gain = $state<(typeof gains)[number]>(8)
  /** Which of the two pictures a blink shows. */
  blinkSecond = $state(false)
  blinkPaused = $state(false)
  /** The pixel in the middle is read out, so that the keyboard can choose it. */
  crosshair = $state(false)
  /** The pixel under the pointer. */
  pointer = $state.raw<{ x: number; y: number } | null>(null)

  /** The canvas, and how many device pixels a CSS pixel has. */
  canvas = $state.raw<Size>({ width: 1, height: 1 })
  ratio = $state(1)
  image = $state.raw<Size>({ width: 1, height: 1 })
  /** Whether there are two pictures to compare. */
  paired = $state(false)
  /** Null while the whole picture is kept fitted. */
  #chosen = $state.raw<Transform | null>(null)
  readonly #room: Insets

  constructor(room = viewerRoom) {
    this.#room = room
  }

  readonly insets: Insets = $derived.by(() => {
    const { top, right, bottom, left } = this.#room
    const { ratio } = this
    return { top: top * ratio, right: right * ratio, bottom: bottom * ratio, left: left * ratio }
  })
  readonly panes: Rect[] = $derived.by(() => {
    const { width, height } = this.canvas
    if (this.mode !== 'side' || !this.paired) return [{ x: 0, y: 0, width, height }]
    const each = Math.max(1, Math.floor((width - gap * this.ratio) / 2))
    return [
      { x: 0, y: 0, width: each, height },
      { x: width - each, y: 0, width: each, height },
    ]
  })
  /** The size of one pane; both are equal. */
  readonly pane: Size = $derived(this.panes[0] ?? this.canvas)
  readonly fitting = $derived(fitScale(this.image, this.pane, this.insets))
  readonly transform: Transform = $derived(
    this.#chosen ? this.#keep(this.#chosen) : fit(this.image, this.pane, this.insets),
  )
  readonly fitted = $derived(this.#chosen === null)
  readonly visible: Region | null = $derived(visibleRegion(this.transform, this.image, this.pane))
  /** What is seen of the picture, in the first pane. */
  readonly shown: Rect | null = $derived(shownRect(this.transform, this.image, this.pane))
  /** Where the wipe stands on the canvas. */
  readonly wipeAt = $derived(
    this.shown ? Math.round(this.shown.x + (this.shown.width * this.wipe) / 100) : 0,
  )
  /** The pixel to be read out. */
  readonly reading = $derived.by(() => {
    if (!this.crosshair) return this.pointer
    const { x, y } = this.transform
    return this.#pixel({ x, y })
  })

  fit(): void {
    this.#chosen = null
  }

  /** One image pixel on one pixel of the screen, or any other scale; around `anchor` or the middle of the pane. */
  zoomTo(scale: number, anchor?: { x: number; y: number }): void {
    const middle = { x: this.pane.width / 2, y: this.pane.height / 2 }
    const kept = clampScale(scale, this.fitting)
    const next = zoomAt(this.transform, this.pane, kept, anchor ?? middle)
    this.#chosen = this.#keep(next)
  }

  zoomBy(factor: number, anchor?: { x: number; y: number }): void {
    this.zoomTo(this.transform.scale * factor, anchor)
  }

  zoomStep(sign: 1 | -1): void {
    this.zoomTo(nextStep(this.transform.scale, sign))
  }

  /** Moves what is seen by device pixels: the picture goes with the hand. */
  panBy(x: number, y: number): void {
    const { scale } = this.transform
    const next = { scale, x: this.transform.x - x / scale, y: this.transform.y - y / scale }
    const kept = this.#keep(next)
    if (kept.x !== this.transform.x || kept.y !== this.transform.y) this.#chosen = kept
  }

  /** Looks further in a direction, by a tenth of the pane, or by one pixel for the crosshair. */
  look(x: -1 | 0 | 1, y: -1 | 0 | 1, fine: boolean): void {
    const { scale } = this.transform
    const step = fine ? scale : panShare
    const along = fine ? { width: 1, height: 1 } : this.pane
    this.panBy(-x * step * along.width, -y * step * along.height)
  }

  moveWipe(by: number): void {
    this.setWipe(this.wipe + by * wipeStep)
  }

  setWipe(percent: number): void {
    this.wipe = Math.min(100, Math.max(0, Math.round(percent * 10) / 10))
  }

  /** Puts the wipe at a place of the canvas. */
  wipeTo(x: number): void {
    if (this.shown) this.setWipe(((x - this.shown.x) / this.shown.width) * 100)
  }

  /** A blink asked for by hand. */
  swap(): void {
    this.blinkSecond = !this.blinkSecond
  }

  /** The pane under a point of the canvas, and the point within it. */
  inPane(point: { x: number; y: number }): { x: number; y: number } {
    const second = this.panes[1]
    return second && point.x >= second.x ? { x: point.x - second.x, y: point.y } : point
  }

  /** Takes note of the pixel under a point of the canvas. */
  pointAt(point: { x: number; y: number } | null): void {
    this.pointer = point && this.#pixel(toImage(this.transform, this.pane, this.inPane(point)))
  }

  /** Another photo: one of the same size keeps the place, so that frames of a series can be compared. */
  show(image: Size): void {
    if (image.width !== this.image.width || image.height !== this.image.height) this.fit()
    this.image = image
    this.pointer = null
  }

  /** Keeps the picture in the pane, or, so that the crosshair reaches every pixel, the middle in the picture. */
  #keep(at: Transform): Transform {
    if (!this.crosshair) return clampPosition(at, this.image, this.pane, this.insets)
    return clampMiddle(at, this.image)
  }

  #pixel({ x, y }: { x: number; y: number }) {
    const pixel = { x: Math.floor(x), y: Math.floor(y) }
    const inside = pixel.x >= 0 && pixel.y >= 0
    return inside && pixel.x < this.image.width && pixel.y < this.image.height ? pixel : null
  }
}
