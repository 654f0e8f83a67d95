/** A batch: many photos denoised one after the other into a folder. */
import { z } from 'zod'
import { patternFault } from './resultNames'
import { errorData, exportBits, exportFormat, givenLevel, look } from './types'

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
  /** On the clock, from the first to the last, pauses left out. */
  seconds: z.number(),
})
export type BatchTotals = z.infer<typeof batchTotals>

/** How all photos of a batch are denoised and written. */
export const batchWish = z
  .strictObject({
    /** A model's name, or `auto` for each photo's own. */
    model: z.string(),
    /** Null means estimate, for each photo. */
    sigma: givenLevel.nullable(),
    look,
    /** What results are called: `shared/resultNames.ts`. */
    pattern: z.string().max(200),
    /** Null keeps the format of each input. */
    format: exportFormat.nullable(),
    quality: z.int().min(1).max(100),
    keepMetadata: z.boolean(),
    /** Nothing is done for an input whose result is there; else that result is replaced. */
    skipExisting: z.boolean(),
  })
  .refine(({ pattern, model }) => patternFault(pattern, model) === null)
export type BatchWish = z.infer<typeof batchWish>

/** One input. `name` is its place: the base name, or the path below the folder that was given. */
export const batchRow = z.strictObject({
  name: z.string(),
  state: z.enum(['waiting', 'running', ...endState.options]),
  /** The level that was taken, 0–255, and the time; null before it is done. */
  sigma: z.number().nullable(),
  seconds: z.number().nullable(),
  /** How deep its result is, and the file that it was made of; null before it is done, and in older records. */
  depth: z.strictObject({ bits: exportBits, fileBits: z.int() }).nullable().default(null),
  error: errorData.nullable(),
})
export type BatchRow = z.infer<typeof batchRow>

/** `interrupted`: an engine ended over it, and it can be resumed. */
export const batchState = z.enum(['running', 'paused', 'interrupted', 'finished', 'cancelled'])
export type BatchState = z.infer<typeof batchState>

/** How far a batch is. */
export const batchProgress = z.strictObject({
  state: batchState,
  /** The name of the folder of its results. */
  folder: z.string(),
  totals: batchTotals,
  secondsLeft: z.number().nullable(),
  /** The row that is worked on, and 0–1 of it. */
  current: z.strictObject({ row: z.int(), share: z.number() }).nullable(),
  /** Why it paused by itself: the others would fail alike. */
  error: errorData.nullable(),
})
export type BatchProgress = z.infer<typeof batchProgress>

/** A batch as a whole. */
export const batch = batchProgress.extend({ rows: z.array(batchRow), wish: batchWish })
export type Batch = z.infer<typeof batch>
