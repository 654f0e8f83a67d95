import type { Planes } from '../../codec'
import { maximumOf, newSamples } from '../../codec/planes'

/** Normal numbers for tests: Box–Muller over the generator mulberry32 (Ettinger, public domain). */
export function normals(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/**
 * A picture without noise, on the 0–255 scale: shading from nearly black to nearly white, a disc with a
 * sharp edge, and a quarter of fine texture. Colours differ a little between channels.
 */
export function picture(width: number, height: number, channels: 1 | 3): Float64Array {
  const values = new Float64Array(width * height * channels)
  for (let i = 0; i < values.length; i++) {
    const channel = i % channels
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    const shading = 20 + 200 * (x / width) + 20 * Math.sin(y / 40 + channel / 3)
    const disc = Math.hypot(x - width / 2, y - height / 2) < height / 5 ? -40 - 10 * channel : 0
    const fine = x > width / 2 && y > height / 2
    const texture = fine ? 25 * Math.sin(x * 1.7 + y * 0.6) * Math.sin(y * 1.3) : 0
    values[i] = Math.min(250, Math.max(5, shading + disc + texture))
  }
  return values
}

/** Values on the 0–255 scale as planes: clipped and rounded. */
export function planesOf(
  values: ArrayLike<number>,
  width: number,
  height: number,
  channels: 1 | 3,
  bits: 8 | 16 = 8,
): Planes {
  const maximum = maximumOf(bits)
  const data = newSamples(bits, values.length)
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.round(Math.min(255, Math.max(0, values[i] as number)) * (maximum / 255))
  }
  return { width, height, channels, bits, data, alpha: null }
}

/** The values with white noise added whose variance is `gain` · value + `offset`, not clipped. */
export function withSignalNoise(
  values: Float64Array,
  gain: number,
  offset: number,
  seed: number,
): Float64Array {
  const normal = normals(seed)
  return values.map((value) => value + Math.sqrt(gain * value + offset) * normal())
}

/** The values with white noise of σ added, not clipped. */
export function withNoise(values: Float64Array, sigma: number, seed: number): Float64Array {
  const normal = normals(seed)
  return values.map((value) => value + sigma * normal())
}
