/** Parts of a picture, for what takes too long on all of it. */
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { rowsOf } from '../codec/rows'
import { planesOf } from './rows'

/** So many pixels are compared where nobody waits for more: with ten methods a matter of a minute, not of an hour. */
const mostPixels = 1_000_000

/** The middle of a region, in its proportions, with no more than a megapixel. */
export function middleOf({ x, y, width, height }: Region): Region {
  const scale = Math.min(1, Math.sqrt(mostPixels / (width * height)))
  const [across, down] = [width, height].map((side) => Math.max(1, Math.floor(side * scale)))
  const size = { width: across as number, height: down as number }
  return {
    x: x + ((width - size.width) >> 1),
    y: y + ((height - size.height) >> 1),
    ...size,
  }
}

/** A part of a picture, copied, without its alpha. */
export function partOf(planes: Planes, { x, y, width, height }: Region): Planes {
  const whole = rowsOf(planes)
  const row = (line: number, from: number, to: number) => whole.row(y + line, x + from, x + to)
  return planesOf({ ...whole, width, height, alpha: null, row })
}
