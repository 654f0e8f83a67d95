/** The canvases of a map: what is set is drawn in the next frame, however often it is set before. */
import { panned, pointSize, revealing, toPixel, toPlace, whole, zoomedAt } from './camera'
import type { Camera, Size, Spot } from './camera'
import { canvasPainter } from './canvasPainter'
import { drawOverlay, inksOf, type Inks, type Overlay } from './overlay'
import type { Painter, Points } from './painter'
import { PointGrid } from './pointGrid'
import { webglPainter } from './webglPainter'

/** Pixels within which a pointer, or the keyboard's cursor, means a point. */
const reach = 9

/** A canvas that had a context of one kind cannot have one of another: each painter gets its own. */
function painterFor(host: HTMLElement): Painter & { canvas: HTMLCanvasElement } {
  const first = host.insertBefore(document.createElement('canvas'), host.firstChild)
  const painter = webglPainter(first)
  if (painter) return painter
  const second = document.createElement('canvas')
  first.replaceWith(second)
  return canvasPainter(second)
}

export class PointsStage {
  readonly #host: HTMLElement
  readonly #top: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D | null
  readonly #resized: ResizeObserver
  #painter: Painter & { canvas: HTMLCanvasElement }
  #camera: Camera = whole
  #size: Size = { width: 1, height: 1 }
  #points: Points = {
    places: new Float32Array(),
    classes: new Uint8Array(),
    marks: new Uint8Array(),
  }
  #palette = new Uint8Array(1024)
  #grid = new PointGrid(new Float32Array())
  #counts: (point: number) => boolean = () => true
  #dimmed = false
  #inks: Inks
  #frame = 0
  #overlay: Overlay = {
    names: [],
    ellipses: [],
    hovered: null,
    opened: null,
    place: null,
    cursor: null,
    lasso: [],
  }

  constructor(host: HTMLElement) {
    this.#host = host
    this.#painter = painterFor(host)
    this.#painter.canvas.addEventListener('webglcontextlost', this.#withoutCard)
    this.#top = host.appendChild(document.createElement('canvas'))
    this.#context = this.#top.getContext('2d')
    this.#inks = inksOf(host)
    this.#resized = new ResizeObserver(() => this.#fit())
    this.#resized.observe(host)
    this.#fit()
  }

  get painter(): Painter['kind'] {
    return this.#painter.kind
  }

  /** The graphics card is gone: by hand, then. */
  readonly #withoutCard = (): void => {
    this.#painter.canvas.remove()
    this.#painter = canvasPainter(
      this.#host.insertBefore(document.createElement('canvas'), this.#host.firstChild),
    )
    const { places, classes, marks } = this.#points
    this.#painter.setPlaces(places)
    this.#painter.setClasses(classes)
    this.#painter.setMarks(marks)
    this.#painter.setPalette(this.#palette)
    this.#fit()
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#host
    const [width, height] = [Math.max(1, clientWidth), Math.max(1, clientHeight)]
    this.#size = { width, height }
    for (const canvas of [this.#painter.canvas, this.#top]) {
      canvas.width = Math.round(width * devicePixelRatio)
      canvas.height = Math.round(height * devicePixelRatio)
    }
    this.#draw() // at once: a canvas of another size is empty
  }

  /** Other points: all of them are shown. */
  setPlaces(places: Float32Array): void {
    this.#points = { ...this.#points, places }
    this.#grid = new PointGrid(places)
    this.#painter.setPlaces(places)
    this.#camera = whole
    this.redraw()
  }

  setClasses(classes: Uint8Array): void {
    this.#points = { ...this.#points, classes }
    this.#painter.setClasses(classes)
    this.redraw()
  }

  setMarks(marks: Uint8Array, dimmed: boolean): void {
    this.#points = { ...this.#points, marks }
    this.#dimmed = dimmed
    this.#painter.setMarks(marks)
    this.redraw()
  }

  /** Colours, and with them which points can be pointed at. */
  setPalette(palette: Uint8Array): void {
    this.#palette = palette as Uint8Array<ArrayBuffer>
    this.#painter.setPalette(palette)
    this.#counts = (point) => (palette[(this.#points.classes[point] ?? 0) * 4 + 3] ?? 0) > 0
    this.#inks = inksOf(this.#host)
    this.redraw()
  }

  setOverlay(change: Partial<Overlay>): void {
    this.#overlay = { ...this.#overlay, ...change }
    this.redraw()
  }

  get cursor(): Spot | null {
    return this.#overlay.cursor
  }

  get place(): Spot | null {
    return this.#overlay.place
  }

  spotOf(point: number | null): Spot | null {
    if (point === null || point < 0 || point * 2 >= this.#points.places.length) return null
    const { places } = this.#points
    return { x: places[point * 2] ?? 0, y: places[point * 2 + 1] ?? 0 }
  }

  pixelOf(spot: Spot): Spot {
    return toPixel(this.#camera, this.#size, spot)
  }

  placeOf(pixel: Spot): Spot {
    return toPlace(this.#camera, this.#size, pixel)
  }

  /** The point at a pixel, if there is one near enough. */
  pointAt(pixel: Spot): number | null {
    const place = this.placeOf(pixel)
    const edge = this.placeOf({ x: pixel.x + reach, y: pixel.y })
    return this.#grid.nearest(place, edge.x - place.x, this.#counts)
  }

  pointsInside(lasso: readonly Spot[]): Int32Array {
    return this.#grid.inside(
      lasso.map((pixel) => this.placeOf(pixel)),
      this.#counts,
    )
  }

  pan(dx: number, dy: number): void {
    this.#see(panned(this.#camera, this.#size, dx, dy))
  }

  zoom(factor: number, pixel: Spot = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.#see(zoomedAt(this.#camera, this.#size, factor, pixel))
  }

  showAll(): void {
    this.#see(whole)
  }

  reveal(place: Spot): void {
    this.#see(revealing(this.#camera, this.#size, place))
  }

  /** Moves the keyboard's cursor by pixels; it begins in the middle. Returns the pixel where it is. */
  moveCursor(dx: number, dy: number): Spot {
    const from = this.#overlay.cursor ? this.pixelOf(this.#overlay.cursor) : this.#middle()
    const place = this.placeOf({ x: from.x + dx, y: from.y + dy })
    const kept = {
      x: Math.min(1.05, Math.max(-1.05, place.x)),
      y: Math.min(1.05, Math.max(-1.05, place.y)),
    }
    this.setOverlay({ cursor: kept })
    this.reveal(kept)
    return this.pixelOf(kept)
  }

  #middle(): Spot {
    return { x: this.#size.width / 2, y: this.#size.height / 2 }
  }

  #see(camera: Camera): void {
    this.#camera = camera
    this.redraw()
  }

  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const size = pointSize(this.#points.classes.length, this.#camera) * devicePixelRatio
    this.#painter.draw({ camera: this.#camera, pointSize: size, dimmed: this.#dimmed })
    if (!this.#context) return
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    drawOverlay(this.#context, this.#camera, this.#size, this.#overlay, this.#inks)
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#resized.disconnect()
    this.#painter.canvas.removeEventListener('webglcontextlost', this.#withoutCard)
    this.#painter.dispose()
    this.#painter.canvas.remove()
    this.#top.remove()
  }
}
