/** What is drawn above the points: names, the lasso, and what is pointed at, opened or decoded. */
import { toPixel, type Camera, type Size, type Spot } from './camera'

export interface Name extends Spot {
  text: string
}

/** An ellipse with upright axes, in the map's units. */
export interface Ellipse extends Spot {
  width: number
  height: number
  colour: string
}

export interface Overlay {
  names: readonly Name[]
  ellipses: readonly Ellipse[]
  hovered: Spot | null
  opened: Spot | null
  /** A place without a point, decoded. */
  place: Spot | null
  /** Where the keyboard is. */
  cursor: Spot | null
  /** In pixels. */
  lasso: readonly Spot[]
}

export interface Inks {
  text: string
  stage: string
  accent: string
}

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element)
  const of = (token: string): string => style.getPropertyValue(token).trim()
  return { text: of('--text'), stage: of('--stage'), accent: of('--accent') }
}

/** Draws on a context whose unit is the page's pixel. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  camera: Camera,
  size: Size,
  overlay: Overlay,
  inks: Inks,
): void {
  const at = (spot: Spot): Spot => toPixel(camera, size, spot)
  context.clearRect(0, 0, size.width, size.height)
  drawEllipses(context, camera, size, overlay.ellipses)
  drawNames(context, overlay.names, at, inks)
  const ring = (spot: Spot, radius: number, ink: string): void => {
    const { x, y } = at(spot)
    for (const [width, style] of [
      [4, inks.stage],
      [2, ink],
    ] as const) {
      context.beginPath()
      context.arc(x, y, radius, 0, 2 * Math.PI)
      context.lineWidth = width
      context.strokeStyle = style
      context.stroke()
    }
  }
  if (overlay.opened) ring(overlay.opened, 8, inks.accent)
  if (overlay.hovered) ring(overlay.hovered, 6, inks.text)
  if (overlay.place) drawPlace(context, at(overlay.place), inks)
  if (overlay.cursor) drawCursor(context, at(overlay.cursor), inks)
  drawLasso(context, overlay.lasso, inks)
}

function drawEllipses(
  context: CanvasRenderingContext2D,
  camera: Camera,
  size: Size,
  ellipses: readonly Ellipse[],
): void {
  context.lineWidth = 1.5
  for (const { x, y, width, height, colour } of ellipses) {
    const middle = toPixel(camera, size, { x, y })
    const edge = toPixel(camera, size, { x: x + width, y: y + height })
    const [across, up] = [Math.abs(edge.x - middle.x), Math.abs(edge.y - middle.y)]
    context.beginPath()
    context.ellipse(middle.x, middle.y, across, up, 0, 0, 2 * Math.PI)
    context.strokeStyle = colour
    context.stroke()
  }
}

function drawNames(
  context: CanvasRenderingContext2D,
  names: readonly Name[],
  at: (spot: Spot) => Spot,
  { text, stage }: Inks,
): void {
  context.font =
    '600 14px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  for (const name of names) {
    const { x, y } = at(name)
    context.lineWidth = 5
    context.strokeStyle = stage
    context.strokeText(name.text, x, y)
    context.fillStyle = text
    context.fillText(name.text, x, y)
  }
}

function drawPlace(context: CanvasRenderingContext2D, { x, y }: Spot, { accent, stage }: Inks) {
  context.save()
  context.translate(x, y)
  context.rotate(Math.PI / 4)
  context.fillStyle = stage
  context.fillRect(-8, -8, 16, 16)
  context.fillStyle = accent
  context.fillRect(-6, -6, 12, 12)
  context.restore()
}

function drawCursor(context: CanvasRenderingContext2D, { x, y }: Spot, { accent, stage }: Inks) {
  for (const [width, style] of [
    [4, stage],
    [2, accent],
  ] as const) {
    context.beginPath()
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + dx * 9, y + dy * 9)
      context.lineTo(x + dx * 18, y + dy * 18)
    }
    context.lineWidth = width
    context.strokeStyle = style
    context.stroke()
  }
}

function drawLasso(
  context: CanvasRenderingContext2D,
  lasso: readonly Spot[],
  { accent }: Inks,
): void {
  if (lasso.length < 2) return
  context.beginPath()
  for (const { x, y } of lasso) context.lineTo(x, y)
  context.closePath()
  context.globalAlpha = 0.12
  context.fillStyle = accent
  context.fill()
  context.globalAlpha = 1
  context.lineWidth = 1.5
  context.setLineDash([5, 4])
  context.strokeStyle = accent
  context.stroke()
  context.setLineDash([])
}
