/** Weights between two that belong together. */
import type { State } from '../runtime/program'

/**
 * (1 − share) · before + share · after, of each weight. Between a network and what it became by more training lies one
 * that has most of what was learned and has forgotten little.
 *
 * Source: M. Wortsman et al., 'Robust fine-tuning of zero-shot models', 2022 (WiSE-FT).
 * @param share 0–1
 * @throws RangeError when a weight is missing in `before` or has another size there
 */
export function blended(before: State, after: State, share: number): State {
  return new Map(
    [...after].map(([name, { shape, data }]) => {
      const old = before.get(name)?.data
      if (old?.length !== data.length) throw new RangeError(`Expected ${name} in both.`)
      const between = data.map((value, i) => (1 - share) * (old[i] as number) + share * value)
      return [name, { shape, data: between }]
    }),
  )
}
