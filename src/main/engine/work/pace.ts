/** How long calculations stay friendly: they let others have their turn, and tell how far they are. */
export interface Pace {
  /**
   * To be awaited at least every 50 ms of calculation.
   * @throws DarkroomError `cancelled`
   */
  breathe: () => Promise<void>
  /** `share` is 0–1 of this calculation. */
  report?: (share: number) => void
}
