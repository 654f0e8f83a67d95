import type { LatentMap, Posteriors } from '../../../../shared/latent'
import type { Ellipse } from './overlay'
import { css, labelColour, type Theme } from './palette'

/** Posteriors q(z|x) as ellipses of one deviation, above circles of the prior's one, two and three. */
export function ellipsesOf(
  { centre, factor }: LatentMap['frame'],
  { means, deviations, labels }: Posteriors,
  theme: Theme,
): Ellipse[] {
  const place = (code: number, axis: 0 | 1): number => (code - centre[axis]) / factor
  const prior = [1, 2, 3].map((radius) => ({
    ...{ x: place(0, 0), y: place(0, 1), width: radius / factor, height: radius / factor },
    colour: css(theme === 'dark' ? [150, 150, 156] : [92, 92, 99]),
  }))
  const own = Array.from({ length: means.length / 2 }, (_, i) => ({
    x: place(means[i * 2] ?? 0, 0),
    y: place(means[i * 2 + 1] ?? 0, 1),
    width: (deviations[i * 2] ?? 0) / factor,
    height: (deviations[i * 2 + 1] ?? 0) / factor,
    colour: css(labelColour(theme, labels?.[i] ?? 0)),
  }))
  return [...prior, ...own]
}
