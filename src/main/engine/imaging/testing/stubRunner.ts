/** For tests only: networks that need no TensorFlow and whose results are known. */
import type { TileRunner } from '../denoise'

export interface StubRunner extends TileRunner {
  /** The sizes and levels it was called with. */
  readonly calls: { width: number; height: number; sigma: number }[]
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
    const result = new Float32Array(noisy.length)
    const area = (2 * radius + 1) ** 2
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0
          for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
            for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
              sum += noisy[(v * width + u) * channels + channel] as number
            }
          }
          const phase = radius > 0 && x % multiple === 0 && y % multiple === 0 ? 0.01 : 0
          result[(y * width + x) * channels + channel] = sum / area + phase
        }
      }
    }
    return result
  }
  return { channels, multiple, radius, run, calls }
}
