/** BT.601 full-range luma of the pixel that begins at `at`, 0.299 R + 0.587 G + 0.114 B, of the values as they are; grey is its own. */
export const lumaOf = (values: ArrayLike<number>, at: number, channels: 1 | 3): number =>
  channels === 1
    ? (values[at] as number)
    : 0.299 * (values[at] as number) +
      0.587 * (values[at + 1] as number) +
      0.114 * (values[at + 2] as number)
