/** Pictures as rows that are made when they are asked for: a file's planes, or what is calculated from others. */
import type { Planes, Samples } from './planes'

export interface Rows {
  width: number
  height: number
  channels: 1 | 3
  bits: 8 | 16
  alpha: Samples | null
  /** Samples of row `y` from pixel `from` up to `to`, interleaved; valid until the next call. Not to be written to. */
  row: (y: number, from: number, to: number) => Samples
}

/** Planes as rows, without copying. */
export function rowsOf(planes: Planes): Rows {
  const { width, height, channels, bits, alpha, data } = planes
  const row = (y: number, from: number, to: number): Samples =>
    data.subarray((y * width + from) * channels, (y * width + to) * channels)
  return { width, height, channels, bits, alpha, row }
}
