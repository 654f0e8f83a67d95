/** Where the lines of a chart's grid stand: round numbers, as many as there is room for. */

/** Of every decade; the densest first. */
const mantissas = [
  [1, 1.5, 2, 3, 4, 5, 7],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 3, 5],
  [1, 2, 5],
  [1, 3],
  [1],
]

function inDecades(least: number, largest: number, steps: readonly number[]): number[] {
  const splits: number[] = []
  const last = Math.ceil(Math.log10(largest))
  for (let power = Math.floor(Math.log10(least)); power <= last; power += 1)
    for (const step of steps) {
      const value = Number((step * 10 ** power).toPrecision(6))
      if (value >= least && value <= largest) splits.push(value)
    }
  return splits
}

/** The least distance of neighbours, as a share of the whole scale. */
function closest(splits: readonly number[], least: number, largest: number): number {
  const whole = Math.log(largest / least)
  return splits.reduce((found, value, index) => {
    const before = splits[index - 1]
    return before === undefined ? found : Math.min(found, Math.log(value / before) / whole)
  }, 1)
}

/**
 * Lines of a logarithmic scale: round numbers of each decade, never closer than one `most`-th of the scale. Within a
 * small part of a decade, lines at equal distances.
 */
export function logarithmicSplits(least: number, largest: number, most: number): number[] {
  for (const steps of mantissas) {
    const splits = inDecades(least, largest, steps)
    if (splits.length < 2) break
    if (closest(splits, least, largest) >= 1 / most) return splits
  }
  const decades = inDecades(least, largest, [1])
  if (decades.length <= 2) return linearSplits(least, largest, Math.min(most, 4))
  const stride = Math.ceil(decades.length / most)
  return decades.filter((_, index) => index % stride === 0)
}

/** Lines of a linear scale: multiples of 1, 2 or 5 times a power of ten. */
export function linearSplits(least: number, largest: number, most: number): number[] {
  const rough = (largest - least) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power
  const splits: number[] = []
  for (let value = Math.ceil(least / step) * step; value <= largest; value += step)
    splits.push(Number(value.toPrecision(6)))
  return splits
}

/** Powers of two, for sizes. */
export function doublingSplits(least: number, largest: number): number[] {
  const splits: number[] = []
  for (let value = 2 ** Math.ceil(Math.log2(least)); value <= largest; value *= 2)
    splits.push(value)
  return splits
}
