/** Gaussian blur of one plane, for the noise reduction of a camera. */
import { exp } from './elementary'

/** @param sigma in pixels; the kernel reaches three of them, and pixels beyond an edge repeat it */
export function blur(
  plane: Float32Array,
  height: number,
  width: number,
  sigma: number,
): Float32Array {
  if (sigma < 0.2) return plane
  const radius = Math.ceil(3 * sigma)
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) =>
    exp((-i * i) / (2 * sigma * sigma)),
  )
  const sum = 2 * kernel.reduce((total, value) => total + value, 0) - 1
  const pass = (
    from: Float32Array,
    lines: number,
    length: number,
    line: number,
    step: number,
  ): Float32Array => {
    const to = new Float32Array(from.length)
    for (let k = 0; k < lines; k++) {
      for (let i = 0; i < length; i++) {
        let value = (kernel[0] as number) * (from[k * line + i * step] as number)
        for (let d = 1; d <= radius; d++) {
          const before = from[k * line + Math.max(0, i - d) * step] as number
          const after = from[k * line + Math.min(length - 1, i + d) * step] as number
          value += (kernel[d] as number) * (before + after)
        }
        to[k * line + i * step] = value / sum
      }
    }
    return to
  }
  return pass(pass(plane, height, width, width, 1), width, height, 1, width)
}
