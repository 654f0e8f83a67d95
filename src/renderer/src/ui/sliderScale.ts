/** A slider's travel from 0 to 1 against the value it sets. */
export interface Scale {
  minimum: number
  maximum: number
  /** The value is a multiple of it, counted from zero. */
  step?: number
  /** Equal travel multiplies by equal factors; needs a minimum above zero. */
  logarithmic?: boolean
}

/** Where the handle stands for a value, 0–1; a value outside the range stands at its end. */
export function toPosition({ minimum, maximum, logarithmic }: Scale, value: number): number {
  const share = logarithmic
    ? Math.log(value / minimum) / Math.log(maximum / minimum)
    : (value - minimum) / (maximum - minimum)
  return Math.min(1, Math.max(0, share))
}

/** The value at a place of the handle: a whole number of steps, or two significant digits on a logarithmic scale. */
export function toValue(
  { minimum, maximum, step = 1, logarithmic }: Scale,
  position: number,
): number {
  const exact = logarithmic
    ? minimum * (maximum / minimum) ** position
    : minimum + (maximum - minimum) * position
  const rounded = logarithmic ? Number(exact.toPrecision(2)) : exact
  const stepped = Math.round(rounded / step) * step
  return Math.min(maximum, Math.max(minimum, Number(stepped.toFixed(6))))
}
