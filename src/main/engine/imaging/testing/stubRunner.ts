/** For tests only: networks that need no TensorFlow and whose results are known. */
import type { TileRunner } from '../denoise'
import type { TileLevel } from '../levelMap'

export interface StubRunner extends TileRunner {
  /** The sizes and levels it was called with. */
  readonly calls: { width: number; height: number; sigma: TileLevel }[]
}

interface StubOptions {
  channels?: 1 | 3
  multiple?: number
  /** How far it looks. 0 gives the input back. */
  radius?: number
  /** Called before each run: to cancel, to fail, to look. */
  before?: (call: number) => void
}

/**
 * A mean over (2 · radius + 1)², with zeros outside as a convolution has them, plus 0.01 at every pixel whose place
 * is a multiple of `multiple`: like a network that unshuffles, it gives the same only for shifts by whole multiples.
 */
export function stubRunner(options: StubOptions = {}): StubRunner {
  const { channels = 1, multiple = 4, radius = 3, before } = options
  const calls: StubRunner['calls'] = []
  const run: TileRunner['run'] = (noisy, height, width, sigma) => {
    if (noisy.length !== height * width * channels) throw new Error('Expected a whole picture.')
    if (height % multiple || width % multiple) throw new Error(`Expected multiples of ${multiple}.`)
    before?.(calls.length)
    calls.push({ width, height, sigma })
    if (radius === 0) return noisy.slice()
    const across = mean(noisy, width, height, channels, channels, radius)
    const result = mean(across, height, width, width * channels, channels, radius)
    for (let y = 0; y < height; y += multiple) {
      for (let x = 0; x < width; x += multiple) {
        for (let channel = 0; channel < channels; channel++) {
          const at = (y * width + x) * channels + channel
          result[at] = (result[at] as number) + 0.01
        }
      }
    }
    return result
  }
  return { channels, multiple, radius, run, calls }
}

/** Means over 2 · radius + 1 values along one axis: `length` places that lie `step` apart, in each of `lines`. */
function mean(
  values: Float32Array,
  length: number,
  lines: number,
  step: number,
  channels: number,
  radius: number,
): Float32Array {
  const result = new Float32Array(values.length)
  const lineStep = step === channels ? length * channels : channels
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      const [from, to] = [Math.max(0, place - radius), Math.min(length - 1, place + radius)]
      for (let channel = 0; channel < channels; channel++) {
        const start = line * lineStep + channel
        let sum = 0
        for (let at = from; at <= to; at++) sum += values[start + at * step] as number
        result[start + place * step] = sum / (2 * radius + 1)
      }
    }
  }
  return result
}
