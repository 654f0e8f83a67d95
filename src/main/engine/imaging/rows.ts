/**
 * Pictures made of two others, row by row when they are asked for: two mixed, how two differ. So a view of a large
 * photo never mixes more of it than it shows.
 */
import type { Look } from '../../../shared/types'
import { maximumOf, newSamples, type Planes, type Samples } from '../codec/planes'
import type { Rows } from '../codec/rows'
import { lumaOf } from './luma'
import type { Texture } from './texture'

/**
 * How much of what a denoiser changed is taken over: with the change e = denoised − input of a pixel, its luma
 * e_Y = 0.299 e_R + 0.587 e_G + 0.114 e_B (BT.601, of the file's own values) and the texture t,
 *
 *   input + chroma · (e − e_Y) + luma · (e_Y + texture · t),   each 0–1,
 *
 * rounded and clipped to the picture's depth. Adding the same to red, green and blue changes no colour difference
 * (Cb, Cr), so luma and chroma are apart. Luma and chroma 0 are the input exactly, whatever the texture: it is a part
 * of what was taken away. 100, 100 and no texture are the denoised picture exactly. Grey has luma only. Alpha is the
 * input's.
 */
export function mixed(input: Rows, denoised: Rows, look: Look, texture: Texture | null): Rows {
  checkAlike(input, denoised)
  const { channels } = input
  const plain = unmixed(look, texture, channels)
  if (plain) return plain === 'input' ? input : { ...denoised, alpha: input.alpha }
  const { luma, chroma, detail } = shares(look, texture, channels)
  const white = maximumOf(input.bits)
  const unit = (detail * white) / 65535
  return combined(input, denoised, input.alpha, (from, to, into, start) => {
    for (let i = 0, pixel = start; i < from.length; i += channels, pixel++) {
      const change = lumaOf(to, i, channels) - lumaOf(from, i, channels)
      const back = detail > 0 ? unit * (texture?.data[pixel] as number) : 0
      const common = luma * (change + back) - chroma * change
      for (let at = i; at < i + channels; at++) {
        const value = from[at] as number
        const sum = value + common + chroma * ((to[at] as number) - value) + 0.5
        into[at] = sum < 0 ? 0 : sum > white ? white : sum // a sum that is not negative is rounded by cutting off
      }
    }
  })
}

function shares(look: Look, texture: Texture | null, channels: 1 | 3) {
  const luma = look.luma / 100
  const chroma = channels === 1 ? luma : look.chroma / 100
  return { luma, chroma, detail: texture ? look.texture / 100 : 0 }
}

/** Which of the two pictures {@link mixed} gives just as it is; null when it calculates. */
export function unmixed(
  look: Look,
  texture: Texture | null,
  channels: 1 | 3,
): 'input' | 'denoised' | null {
  const { luma, chroma, detail } = shares(look, texture, channels)
  if (luma === 0 && chroma === 0) return 'input'
  return luma === 1 && chroma === 1 && detail === 0 ? 'denoised' : null
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
  /** `start` is the place of the first pixel in the whole picture. */
  combine: (from: Samples, to: Samples, into: Samples, start: number) => void,
): Rows {
  const buffer = newSamples(a.bits, a.width * a.channels)
  const row = (y: number, from: number, to: number): Samples => {
    const into = buffer.subarray(0, (to - from) * a.channels)
    combine(a.row(y, from, to), b.row(y, from, to), into, y * a.width + from)
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
