/** The manifold's sheet as a plane: its places are shares of the normal distribution, 0–1 on both axes, y downwards. */
import type { Ellipse } from '../../charts/points/overlay'

/**
 * Φ(x), the share of N(0, 1) below x, by erf of Abramowitz and Stegun 1964, 7.1.26: within 1.5 · 10⁻⁷, less than a
 * thousandth of a pixel.
 */
export function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const erf = 1 - series * Math.exp(-z * z)
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2
}

/** Corners of an outline: enough for the prior’s circles to look round over the whole sheet. */
const corners = 180

/** An ellipse in codes as a path over the sheet, whose side is 1. */
export function outlineOf({ x, y, width, height }: Ellipse): string {
  const points = Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners
    const across = normalShare(x + width * Math.cos(angle))
    const down = 1 - normalShare(y + height * Math.sin(angle))
    return `${across.toFixed(5)} ${down.toFixed(5)}`
  })
  return `M${points.join('L')}Z`
}
