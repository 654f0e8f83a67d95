/** Resampling of floats by a triangle filter, for what becomes of a camera's noise when its picture is resized. */

/** For each place of the new line, where its weights begin in the old one, and the weights, which sum to 1. */
function weightsOf(from: number, to: number): { first: number; weights: number[] }[] {
  const ratio = from / to
  const reach = Math.max(1, ratio) // reduced, a value is a mean of all that it covers
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights = Array.from(
      { length: last - first + 1 },
      (_, i) => 1 - Math.abs(first + i - centre) / reach,
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}

/** `lines` of `from` places, `depth` values each, resampled to `to` places and laid across: line i becomes column i. */
function across(
  values: Float32Array,
  lines: number,
  from: number,
  to: number,
  depth: number,
): Float32Array {
  const resampled = new Float32Array(lines * to * depth)
  weightsOf(from, to).forEach(({ first, weights }, place) => {
    for (let line = 0; line < lines; line++) {
      for (let c = 0; c < depth; c++) {
        let value = 0
        for (let i = 0; i < weights.length; i++)
          value +=
            (weights[i] as number) * (values[(line * from + first + i) * depth + c] as number)
        resampled[(place * lines + line) * depth + c] = value
      }
    }
  })
  return resampled
}

/** A picture's size in pixels. */
export interface Size {
  height: number
  width: number
}

/**
 * Bilinear where it grows; where it shrinks, the triangle is as much wider as the picture becomes smaller.
 * @param values [height, width, depth] of the size `from`
 * @returns the same in the size `to`; a constant stays what it is
 */
export function resize(values: Float32Array, from: Size, to: Size, depth: number): Float32Array {
  const turned = across(values, from.height, from.width, to.width, depth)
  return across(turned, to.width, from.height, to.height, depth)
}
