/** The luma of a residual (input − denoised) in bands: an undecimated spline transform, see `texture.ts`. */
import { maximumOf, type Planes } from '../codec/planes'
import { lumaOf } from './luma'
import { mirror } from './tiles'

/** The two pictures whose difference is looked at. */
export interface Pair {
  input: Planes
  denoised: Planes
}

/** Luma in 65535ths of white of a value's place in the data. */
export const scaleOf = ({ input }: Pair): number => 65535 / maximumOf(input.bits)

export const bandCount = 3
/** How far a band's value depends on its neighbours. */
export const bandReach = 2 * (2 ** bandCount - 1)

/** The residual's luma in a rectangle with a border of `border` pixels, mirrored at the picture's edges. */
export function readResidual(
  pair: Pair,
  left: number,
  top: number,
  columns: number,
  rows: number,
  border: number,
): Plane {
  const { width, height, channels } = pair.input
  const [from, to] = [pair.input.data, pair.denoised.data]
  const scale = scaleOf(pair)
  const across = columns + 2 * border
  const down = rows + 2 * border
  const values = new Float32Array(across * down)
  const places = Int32Array.from({ length: across }, (_, x) => mirror(left + x - border, width))
  for (let y = 0, i = 0; y < down; y++) {
    const line = mirror(top + y - border, height) * width
    for (let x = 0; x < across; x++) {
      const at = (line + (places[x] as number)) * channels
      values[i++] = scale * (lumaOf(from, at, channels) - lumaOf(to, at, channels))
    }
  }
  return { values, width: across, height: down }
}

export interface Plane {
  values: Float32Array
  width: number
  height: number
}

/** hₛ ∗ plane with `hole` pixels between its taps; what is nearer than 2·hole to an edge is not calculated. */
function smooth({ values, width, height }: Plane, hole: number): Plane {
  const across = new Float32Array(values.length)
  const result = new Float32Array(values.length)
  filter(values, across, 2 * hole, values.length - 2 * hole, hole)
  const rows = 2 * hole * width
  filter(across, result, rows, values.length - rows, hole * width)
  return { values: result, width, height }
}

function filter(
  from: Float32Array,
  to: Float32Array,
  start: number,
  end: number,
  step: number,
): void {
  for (let i = start; i < end; i++) {
    to[i] =
      0.0625 * ((from[i - 2 * step] as number) + (from[i + 2 * step] as number)) +
      0.25 * ((from[i - step] as number) + (from[i + step] as number)) +
      0.375 * (from[i] as number)
  }
}

/** The bands w₀, w₁, … of a plane, whose values are not kept. */
export function* bandsOf(plane: Plane): Generator<Float32Array> {
  let coarse = plane
  for (let band = 0; band < bandCount; band++) {
    const next = smooth(coarse, 2 ** band)
    const { values } = coarse // no longer needed themselves
    for (let i = 0; i < values.length; i++) {
      values[i] = (values[i] as number) - (next.values[i] as number)
    }
    yield values
    coarse = next
  }
}

/** The mean square over 2·radius + 1 values across and down around each; nothing near the edges. */
export function energyAround(
  values: Float32Array,
  { width, height }: Plane,
  radius: number,
): Float32Array {
  const across = new Float32Array(values.length)
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    sum += (values[i] as number) ** 2
    if (i > 2 * radius) sum -= (values[i - 2 * radius - 1] as number) ** 2
    if (i >= radius) across[i - radius] = sum
  }
  const result = new Float32Array(values.length)
  const count = (2 * radius + 1) ** 2
  const sums = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    const leaving = (y - 2 * radius - 1) * width
    const middle = (y - radius) * width
    for (let x = 0; x < width; x++) {
      const gone = leaving >= 0 ? (across[leaving + x] as number) : 0
      sums[x] = (sums[x] as number) + (across[y * width + x] as number) - gone
      if (middle >= 0) result[middle + x] = (sums[x] as number) / count
    }
  }
  return result
}
