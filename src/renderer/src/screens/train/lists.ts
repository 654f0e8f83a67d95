/** Lists of numbers as they are shown and typed. */

export const listText = (list: readonly number[]): string =>
  list.map((value) => (Number.isNaN(value) ? '' : String(value))).join(', ')

/** `32, 64`, with commas of either script, semicolons or spaces; what is no number becomes NaN. */
export function typedList(typed: string): number[] {
  return typed
    .split(/[\s,;，、；]+/)
    .filter((part) => part !== '')
    .map(Number)
}
