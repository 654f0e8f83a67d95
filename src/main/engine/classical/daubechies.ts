/**
 * The discrete wavelet transform with Daubechies' filters of two vanishing moments (db2), orthonormal, one axis at a
 * time; beyond the edge the signal is repeated backwards, its last value twice:
 *
 *   low[k] = Σ_j h[j] x[2k + 1 − j],   high[k] = Σ_j g[j] x[2k + 1 − j],   k < ⌊(n + 3) / 2⌋
 *
 * Lengths and values are those of PyWavelets in its mode 'symmetric'.
 * Source: I. Daubechies, 'Orthonormal bases of compactly supported wavelets', 1988.
 */

const root = Math.sqrt(3)
const low = [1 - root, 3 - root, 3 + root, 1 + root].map((value) => value / (4 * Math.SQRT2))
const high = low.map((_, j) => (j % 2 ? 1 : -1) * (low[3 - j] as number))
const taps = low.length

export interface Plane {
  data: Float64Array
  width: number
  height: number
}
export type Axis = 'across' | 'down'

/** Both are walked alike: `outer` signals of `length`, whose values lie `inner` apart. */
const walk = ({ width, height }: Omit<Plane, 'data'>, axis: Axis) =>
  axis === 'across'
    ? { outer: height, length: width, inner: 1 }
    : { outer: 1, length: height, inner: width }

const withLength = ({ width, height }: Omit<Plane, 'data'>, axis: Axis, length: number): Plane => {
  const size = axis === 'across' ? { width: length, height } : { width, height: length }
  return { ...size, data: new Float64Array(size.width * size.height) }
}

/** How often a signal of `length` can be split before the filter is longer than what is left. */
export const mostLevels = (length: number): number =>
  Math.max(0, Math.floor(Math.log2(length / (taps - 1))))

/** Coarse and fine half of a plane along an axis. */
export function split(plane: Plane, axis: Axis): [Plane, Plane] {
  const { outer, length, inner } = walk(plane, axis)
  const half = (length + taps - 1) >> 1
  const [coarse, fine] = [withLength(plane, axis, half), withLength(plane, axis, half)]
  for (let signal = 0; signal < outer; signal++) {
    for (let k = 0; k < half; k++) {
      const to = (signal * half + k) * inner
      for (let j = 0; j < taps; j++) {
        const from = (signal * length + reflected(2 * k + 1 - j, length)) * inner
        const [lowTap, highTap] = [low[j] as number, high[j] as number]
        for (let i = 0; i < inner; i++) {
          const value = plane.data[from + i] as number
          coarse.data[to + i] = (coarse.data[to + i] as number) + lowTap * value
          fine.data[to + i] = (fine.data[to + i] as number) + highTap * value
        }
      }
    }
  }
  return [coarse, fine]
}

/** The inverse of {@link split}, for a plane that had `length` along the axis. */
export function join(coarse: Plane, fine: Plane, axis: Axis, length: number): Plane {
  const { outer, length: half, inner } = walk(fine, axis)
  const joined = withLength(fine, axis, length)
  for (let signal = 0; signal < outer; signal++) {
    for (let at = 0; at < length; at++) {
      const to = (signal * length + at) * inner
      for (let k = at >> 1; 2 * k <= at + taps - 2 && k < half; k++) {
        const j = 2 * k + 1 - at // the filters backwards
        const [lowTap, highTap] = [low[j] as number, high[j] as number]
        const from = (signal * half + k) * inner
        for (let i = 0; i < inner; i++) {
          joined.data[to + i] =
            (joined.data[to + i] as number) +
            lowTap * (coarse.data[from + i] as number) +
            highTap * (fine.data[from + i] as number)
        }
      }
    }
  }
  return joined
}

/** −1 → 0, length → length − 1; what is further away is reflected again. */
function reflected(place: number, length: number): number {
  const inside = ((place % (2 * length)) + 2 * length) % (2 * length)
  return inside < length ? inside : 2 * length - 1 - inside
}
