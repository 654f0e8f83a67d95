/**
 * Logarithm, exponential and normal quantile from additions, multiplications, divisions and square roots
 * alone, which IEEE 754 fixes to the last bit. `Math.log`, `Math.exp`, `Math.pow` and `Math.cos` may differ
 * between versions of V8, and the same seed must give the same bytes in the window, the command line and
 * the tests.
 */

const ln2 = 0.6931471805599453

/** ln x for x > 0, to about 1e-15: x = m·2ᵏ with m in [0.75, 1.5), ln m = 2 artanh((m − 1)/(m + 1)). */
export function ln(x: number): number {
  let [m, k] = [x, 0]
  for (; m < 0.75; m *= 2) k--
  for (; m >= 1.5; m /= 2) k++
  const s = (m - 1) / (m + 1)
  const square = s * s
  let sum = 0
  for (let n = 21; n >= 1; n -= 2) sum = sum * square + 1 / n
  return 2 * s * sum + k * ln2
}

/** eˣ for |x| < 700, to about 1e-14 relative: x = r + k ln 2, the Taylor series of eʳ, then doubled k times. */
export function exp(x: number): number {
  const k = Math.floor(x / ln2 + 0.5)
  const r = x - k * ln2
  let sum = 1
  for (let n = 16; n >= 1; n--) sum = 1 + (sum * r) / n
  for (let i = 0; i < Math.abs(k); i++) sum *= k > 0 ? 2 : 0.5
  return sum
}

/** xᵖ for x ≥ 0 and p > 0. */
export const power = (x: number, p: number): number => (x === 0 ? 0 : exp(p * ln(x)))

/** The uniform number of a 32-bit word: (word + ½)/2³², never 0 and never 1. */
export const uniformOf = (word: number): number => (word + 0.5) / 4294967296

/** The standard normal number of a 32-bit word: {@link normalQuantile} at (word + ½)/2³²; |z| ≤ 6.34. */
export const normalOf = (word: number): number => normalQuantile(uniformOf(word))

/**
 * The standard normal distribution's quantile at p, to about 4e-7, for p and 1 − p above e⁻²⁵.
 * Source: Wichura, algorithm AS 241 (PPND7), Applied Statistics 37 (1988), without its third branch.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    )
  }
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p)) - 1.6
  const tail =
    (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
    ((0.12021132975 * r + 0.7370016425) * r + 1)
  return q < 0 ? -tail : tail
}
