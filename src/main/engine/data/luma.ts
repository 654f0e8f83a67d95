/** BT.601 full-range luma of gamma-encoded values: 0.299 R + 0.587 G + 0.114 B, in the scale of its arguments, rounded. */
export const luma = (red: number, green: number, blue: number): number =>
  Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
