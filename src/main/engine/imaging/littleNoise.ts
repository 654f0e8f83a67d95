/**
 * A bound for images that hold hardly any noise. The best estimate of a clean image removes less than there was: with
 * x̂ = E[x | y], E[(y − x̂)²] = σ² − E[(x̂ − x)²] < σ². What a network takes away beyond σ is therefore texture, which is most
 * of it where a clean photo's finest texture was read as a little noise.
 */
import { maximumOf, type Planes } from '../codec/planes'

/**
 * The largest σ, on the 0–255 scale, that is bounded. Clean files read up to 1.23 (Kodak, Set12); at strong noise a network
 * comes within 3 % of σ, less than the estimate may be wrong by.
 */
export const littleNoise = 2
/** Samples between two turns for other work. */
const AT_ONCE = 1 << 22

/**
 * Moves `output` back towards `input` so that their difference is at most σ (0–255), root mean square over all samples:
 * y + (σ / r) · (x̂ − y) where it is r > σ, rounded. Nothing happens for a σ above {@link littleNoise}. `turn` lets other work have its turn; what it
 * throws ends the work.
 *
 * @returns whether anything was moved
 */
export async function boundRemoval(
  input: Planes,
  output: Planes,
  sigma: number,
  turn: () => Promise<void>,
): Promise<boolean> {
  if (sigma > littleNoise) return false
  const [from, to] = [input.data, output.data]
  const everywhere = async (visit: (index: number) => void): Promise<void> => {
    for (let start = 0; start < from.length; start += AT_ONCE) {
      const end = Math.min(from.length, start + AT_ONCE)
      for (let i = start; i < end; i++) visit(i)
      await turn()
    }
  }
  let squares = 0
  await everywhere((i) => (squares += ((to[i] as number) - (from[i] as number)) ** 2))
  const removed = (Math.sqrt(squares / from.length) / maximumOf(input.bits)) * 255
  if (removed <= sigma) return false
  const share = sigma / removed
  await everywhere((i) => {
    const value = from[i] as number
    to[i] = Math.round(value + share * ((to[i] as number) - value))
  })
  return true
}
