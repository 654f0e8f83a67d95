/** What part of a map is seen: places are in [−1, 1] with y upwards, pixels from the upper left corner downwards. */
export interface Camera {
  /** The place in the middle. */
  x: number
  y: number
  /** 1 shows the whole map. */
  zoom: number
}

export interface Size {
  width: number
  height: number
}

export interface Spot {
  x: number
  y: number
}

/** The whole map, with some room around it. */
const room = 0.94
export const limits = { least: 0.5, most: 400 }
export const whole: Camera = { x: 0, y: 0, zoom: 1 }

/** Pixels a unit of the map. */
export const scaleOf = ({ zoom }: Camera, { width, height }: Size): number =>
  (Math.max(1, Math.min(width, height)) / 2) * room * zoom

export function toPixel(camera: Camera, size: Size, { x, y }: Spot): Spot {
  const scale = scaleOf(camera, size)
  return { x: size.width / 2 + (x - camera.x) * scale, y: size.height / 2 - (y - camera.y) * scale }
}

export function toPlace(camera: Camera, size: Size, { x, y }: Spot): Spot {
  const scale = scaleOf(camera, size)
  return {
    x: camera.x + (x - size.width / 2) / scale,
    y: camera.y - (y - size.height / 2) / scale,
  }
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value))

/** The middle stays on the map. */
const kept = ({ x, y, zoom }: Camera): Camera => ({ x: clamp(x, -1, 1), y: clamp(y, -1, 1), zoom })

/** Zoomed by a factor; what is under `pixel` stays there. */
export function zoomedAt(camera: Camera, size: Size, factor: number, pixel: Spot): Camera {
  const zoom = clamp(camera.zoom * factor, limits.least, limits.most)
  const under = toPlace(camera, size, pixel)
  const then = toPlace({ ...camera, zoom }, size, pixel)
  return kept({ x: camera.x + under.x - then.x, y: camera.y + under.y - then.y, zoom })
}

/** Moved with the pointer, by pixels. */
export function panned(camera: Camera, size: Size, dx: number, dy: number): Camera {
  const scale = scaleOf(camera, size)
  return kept({ ...camera, x: camera.x - dx / scale, y: camera.y + dy / scale })
}

/** Moved as little as it takes for a place to be at least so many pixels from the edge. */
export function revealing(camera: Camera, size: Size, place: Spot, margin = 24): Camera {
  const pixel = toPixel(camera, size, place)
  const beyond = (value: number, most: number): number =>
    value < margin ? margin - value : value > most - margin ? most - margin - value : 0
  const [dx, dy] = [beyond(pixel.x, size.width), beyond(pixel.y, size.height)]
  return dx === 0 && dy === 0 ? camera : panned(camera, size, dx, dy)
}

/** Pixels of a point's side: small ones where there are many, larger as one comes closer. */
export function pointSize(count: number, { zoom }: Camera): number {
  const base = count > 30_000 ? 2.4 : count > 8000 ? 3 : count > 1500 ? 4.5 : 6.5
  return Math.min(14, base * zoom ** 0.35)
}
