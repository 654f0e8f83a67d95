/**
 * What must be true of the process before TensorFlow loads. Imported first by `tensorflow.ts`; it reads
 * `DARKROOM_THREADS` (set by whoever starts the engine) because thread counts cannot change afterwards.
 */
import { availableParallelism, cpus } from 'node:os'
import util from 'node:util'

const wanted = Number(process.env['DARKROOM_THREADS'])
const available =
  typeof availableParallelism === 'function' ? availableParallelism() : cpus().length

/** How many threads TensorFlow computes with. Results are the same numbers only for the same count. */
export const threads = Number.isInteger(wanted) && wanted > 0 ? wanted : available

// Two ops side by side, each with half of the threads: waking a thread for a part of a small op takes longer than the op.
// So whatever takes long comes in two independent halves (`halves.ts`: of a batch, of two tiles, of rows).
process.env['TF_NUM_INTRAOP_THREADS'] ??= String(Math.max(1, Math.floor(threads / 2)))
process.env['TF_NUM_INTEROP_THREADS'] ??= String(Math.min(threads, 2))
process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1' // the default, said aloud: otherwise TensorFlow announces it on stderr
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2' // its greetings are no news; errors still reach the log

// tfjs-node 4.22 calls a function that Node 23 removed
const legacy = util as typeof util & { isNullOrUndefined?: (value: unknown) => boolean }
legacy.isNullOrUndefined ??= (value) => value === null || value === undefined
