/** Of a long table only the rows in sight are built. */

/** Pixels of a row. */
export const rowHeight = 28

/** The rows in sight, and some above and below. */
export function inSight(
  count: number,
  top: number,
  height: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - 6)
  return { first, end: Math.min(count, first + Math.ceil(height / rowHeight) + 13) }
}
