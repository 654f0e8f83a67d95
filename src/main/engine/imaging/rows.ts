/**
 * Pictures made of two others, row by row when they are asked for: two mixed, how two differ. So a view of a large
 * photo never mixes more of it than it shows.
 */
import { maximumOf, newSamples, type Planes, type Samples } from '../codec/planes'
import type { Rows } from '../codec/rows'

/**
 * input + (denoised − input) · strength/100, rounded, in the picture's depth: strength 0 is the input exactly,
 * 100 the denoised picture exactly. Alpha is the input's.
 */
export function mixed(input: Rows, denoised: Rows, strength: number): Rows {
  checkAlike(input, denoised)
  const share = Math.min(1, Math.max(0, strength / 100))
  if (share === 0) return input
  if (share === 1) return { ...denoised, alpha: input.alpha }
  return combined(input, denoised, input.alpha, (from, to, into) => {
    // The sum is never negative, so adding a half and cutting off rounds.
    for (let i = 0; i < from.length; i++) {
      const value = from[i] as number
      into[i] = value + ((to[i] as number) - value) * share + 0.5
    }
  })
}

/** |a − b| · gain, clipped to white, without alpha. */
export function difference(a: Rows, b: Rows, gain: number): Rows {
  checkAlike(a, b)
  const white = maximumOf(a.bits)
  return combined(a, b, null, (from, to, into) => {
    for (let i = 0; i < from.length; i++) {
      const value = Math.abs((from[i] as number) - (to[i] as number)) * gain
      into[i] = value < white ? value + 0.5 : white
    }
  })
}

/** All rows at once, as planes of their own; the planes' alpha is shared. */
export function planesOf(rows: Rows): Planes {
  const { width, height, channels, bits, alpha } = rows
  const data = newSamples(bits, width * height * channels)
  for (let y = 0; y < height; y++) data.set(rows.row(y, 0, width), y * width * channels)
  return { width, height, channels, bits, data, alpha }
}

function combined(
  a: Rows,
  b: Rows,
  alpha: Samples | null,
  combine: (from: Samples, to: Samples, into: Samples) => void,
): Rows {
  const buffer = newSamples(a.bits, a.width * a.channels)
  const row = (y: number, from: number, to: number): Samples => {
    const into = buffer.subarray(0, (to - from) * a.channels)
    combine(a.row(y, from, to), b.row(y, from, to), into)
    return into
  }
  return { ...a, alpha, row }
}

function checkAlike(a: Rows, b: Rows): void {
  const [sizeA, sizeB] = [a, b].map(
    ({ width, height, channels, bits }) => `${width}×${height}×${channels}, ${bits} bits`,
  )
  if (sizeA !== sizeB) {
    throw new RangeError(`Expected pictures of the same size. Received ${sizeA} and ${sizeB}.`)
  }
}
