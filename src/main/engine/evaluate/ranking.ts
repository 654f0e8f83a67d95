/** How well scores rank anomalies above normal images, whatever the threshold. */

/** Places by score, the largest first. */
const descending = (scores: ArrayLike<number>): number[] => {
  const order = Array.from({ length: scores.length }, (_, i) => i)
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number))
}

/** Runs of places that score the same, the largest score first. */
function* ties(scores: ArrayLike<number>): Generator<number[]> {
  let group: number[] = []
  for (const place of descending(scores)) {
    const first = group[0]
    if (first !== undefined && scores[first] !== scores[place]) {
      yield group
      group = []
    }
    group.push(place)
  }
  if (group.length > 0) yield group
}

/**
 * The area under the ROC curve by ranks: the probability that an anomaly scores more than a normal image, ties counting
 * a half. NaN where there is only one kind. `truth` is 1 for anomalies.
 */
export function auroc(scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [anomalies, sum] = [0, 0]
  let above = 0
  for (const group of ties(scores)) {
    const found = group.filter((place) => truth[place] === 1).length
    const normal = group.length - found
    // normal images that score less than these anomalies are counted from the other end
    sum += found * (above + normal / 2)
    above += normal
    anomalies += found
  }
  const pairs = anomalies * above
  return pairs > 0 ? 1 - sum / pairs : NaN
}

/** Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, from the largest on. NaN without anomalies. */
export function averagePrecision(scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [found, seen, sum] = [0, 0, 0]
  for (const group of ties(scores)) {
    const here = group.filter((place) => truth[place] === 1).length
    found += here
    seen += group.length
    sum += (here * found) / seen
  }
  return found > 0 ? sum / found : NaN
}

/** The value that a share of the values does not exceed: the ⌈share · n⌉-th smallest. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}
