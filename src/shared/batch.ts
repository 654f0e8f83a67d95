/** A batch: many photos denoised one after the other into a folder. */
import { z } from 'zod'

/** How an input ended: `skipped` when its result was there already. */
export const endState = z.enum(['done', 'skipped', 'failed'])
export type EndState = z.infer<typeof endState>

/** How many inputs ended how. `left` were not begun, because work was stopped or would have failed alike. */
export const batchTotals = z.strictObject({
  files: z.int(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  left: z.int(),
  /** On the clock, from the first to the last. */
  seconds: z.number(),
})
export type BatchTotals = z.infer<typeof batchTotals>
