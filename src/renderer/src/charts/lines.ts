/** Lines of a chart as paths. */
import { placeOf, type Scale } from './scale'

export interface LinePoint {
  x: number
  y: number
  /** Half of the width of its interval; null where there is none. */
  interval: number | null
}

export interface Line {
  label: string
  /** A custom property, such as `--curve-1`. */
  colour: string
  dashed: boolean
  points: readonly LinePoint[]
}

export interface Frame {
  x: Scale
  y: Scale
  width: number
  height: number
}

const pixel = (value: number) => Math.round(value * 10) / 10
const across = ({ x, width }: Frame, value: number) => pixel(placeOf(x, value) * width)
const down = ({ y, height }: Frame, value: number) => pixel((1 - placeOf(y, value)) * height)

export const spotOf = (frame: Frame, { x, y }: LinePoint): { left: number; top: number } => ({
  left: across(frame, x),
  top: down(frame, y),
})

/** Whether its axes can show a point. */
export const isDrawn = ({ x, y }: Pick<Frame, 'x' | 'y'>, point: LinePoint): boolean =>
  Number.isFinite(point.x) &&
  Number.isFinite(point.y) &&
  (!x.logarithmic || point.x > 0) &&
  (!y.logarithmic || point.y > 0)

const joined = (spots: readonly { left: number; top: number }[]) =>
  spots.map(({ left, top }) => `${left} ${top}`).join('L')

/** From point to point. */
export function linePath(frame: Frame, points: readonly LinePoint[]): string {
  const spots = points.filter((point) => isDrawn(frame, point)).map((point) => spotOf(frame, point))
  return spots.length === 0 ? '' : `M${joined(spots)}`
}

/** What lies between both ends of the points' intervals; empty where no point has one. */
export function bandPath(frame: Frame, points: readonly LinePoint[]): string {
  const ends = points.flatMap(({ x, y, interval }) =>
    interval === null || interval === 0 ? [] : [{ x, low: y - interval, high: y + interval }],
  )
  if (ends.length === 0) return ''
  const floor = frame.y.from
  const edge = (end: 'low' | 'high') =>
    ends.map((each) => ({
      left: across(frame, each.x),
      top: down(frame, frame.y.logarithmic ? Math.max(each[end], floor) : each[end]),
    }))
  return `M${joined(edge('high'))}L${joined(edge('low').reverse())}Z`
}

/** The x of a point that is nearest to a place of the axis (in pixels). */
export function nearestX(frame: Frame, lines: readonly Line[], left: number): number | null {
  let [best, distance] = [null as number | null, Infinity]
  for (const point of lines.flatMap(({ points }) => points)) {
    if (!isDrawn(frame, point)) continue
    const apart = Math.abs(across(frame, point.x) - left)
    if (apart < distance) [best, distance] = [point.x, apart]
  }
  return best
}
