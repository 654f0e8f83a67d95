/**
 * Total variation: argmin_u ½‖u − x‖² + λ Σ|∇u|, each channel on its own, by projecting in the dual:
 *
 *   u = x − div p,   p ← (p − τ∇u) / (1 + τ|∇u| / λ),   τ = 1/4
 *
 * until the energy changes by less than 2·10⁻⁴ of its first value, at most 200 times. λ = 0.85 σ, the best of six factors on five photos at σ 10, 25 and 50.
 * Results follow scikit-image's `denoise_tv_chambolle(weight=λ)`, whose documentation leaves λ to its reader.
 * Source: A. Chambolle, 'An algorithm for total variation minimization and applications', 2004.
 */
import { channelOf, Turns, type Method } from './picture'

const mostRounds = 200
const tolerance = 2e-4
const step = 1 / 4
const perSigma = 0.85

export const totalVariation: Method = async (noisy, sigma, pace) => {
  if (sigma === 0) return noisy.data.slice()
  const { channels, width } = noisy
  const turns = new Turns(pace, channels * mostRounds * 2)
  const result = new Float32Array(noisy.data.length)
  for (let channel = 0; channel < channels; channel++) {
    const clean = await project(channelOf(noisy, channel), width, perSigma * sigma, turns)
    for (let i = 0; i < clean.length; i++) result[i * channels + channel] = clean[i] as number
  }
  return result
}

async function project(
  values: Float32Array,
  width: number,
  weight: number,
  turns: Turns,
): Promise<Float32Array> {
  const size = values.length
  const dual: Dual = { across: new Float32Array(size), down: new Float32Array(size) }
  const result = values.slice()
  let [first, before] = [0, 0]
  for (let round = 0; round < mostRounds; round++) {
    let energy = round === 0 ? 0 : subtractDivergence(values, width, dual, result)
    await turns.next()
    energy = (energy + weight * ascend(result, width, dual, weight)) / size
    await turns.next()
    if (round === 0) first = energy
    else if (Math.abs(before - energy) < tolerance * first) break
    before = energy
  }
  return result
}

interface Dual {
  across: Float32Array
  down: Float32Array
}

/** result = values − div p; returns Σ (div p)². */
function subtractDivergence(
  values: Float32Array,
  width: number,
  { across, down }: Dual,
  result: Float32Array,
): number {
  let sum = 0
  for (let i = 0, x = 0; i < values.length; i++) {
    let divergence = -(across[i] as number) - (down[i] as number)
    if (x > 0) divergence += across[i - 1] as number
    if (i >= width) divergence += down[i - width] as number
    result[i] = (values[i] as number) + divergence
    sum += divergence * divergence
    if (++x === width) x = 0
  }
  return sum
}

/** One step of the dual field along the gradient of `u`; returns Σ|∇u|. */
function ascend(u: Float32Array, width: number, { across, down }: Dual, weight: number): number {
  let sum = 0
  const last = u.length - width
  for (let i = 0, x = 0; i < u.length; i++) {
    const isLast = ++x === width
    if (isLast) x = 0
    const right = isLast ? 0 : (u[i + 1] as number) - (u[i] as number)
    const below = i < last ? (u[i + width] as number) - (u[i] as number) : 0
    const norm = Math.sqrt(right * right + below * below)
    const scale = 1 + (norm * step) / weight
    across[i] = ((across[i] as number) - step * right) / scale
    down[i] = ((down[i] as number) - step * below) / scale
    sum += norm
  }
  return sum
}
