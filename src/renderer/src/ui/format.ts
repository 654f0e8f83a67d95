/** Numbers as they are shown. Decimal points and units are the same in both languages. */

/** A decibel, a level: fixed decimals, with a true minus sign. */
export function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}

/** A gain or loss, always with its sign. */
export function signed(value: number, digits: number): string {
  const text = fixed(Math.abs(value), digits)
  return Number(text) === 0 ? `±${text}` : (value < 0 ? '−' : '+') + text
}

/** A file's size in the unit that suits it, counted in thousands. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  if (count < 1e6) return `${(count / 1e3).toFixed(count < 1e4 ? 1 : 0)} kB`
  if (count < 1e9) return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} MB`
  return `${(count / 1e9).toFixed(1)} GB`
}

/** A scale as a percentage, with a decimal only where it would otherwise mislead. */
export function percent(share: number): string {
  const value = share * 100
  const digits = value < 10 && Math.abs(value - Math.round(value)) > 0.05 ? 1 : 0
  return `${value.toFixed(digits)} %`
}

/** Whole minutes and seconds, rounded up: a forecast that says 0 is wrong. */
export function minutesAndSeconds(seconds: number): { minutes: number; seconds: number } {
  const whole = Math.max(1, Math.ceil(seconds))
  return { minutes: Math.floor(whole / 60), seconds: whole % 60 }
}
