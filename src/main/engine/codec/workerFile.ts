import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DarkroomError } from '../../../shared/errors'

/** Set by the tests' build (`vitest.config.ts`), which bundles the worker elsewhere; not defined in the program. */
declare const CODEC_WORKER: string | undefined

/**
 * Where the built worker is: in the program beside this code's bundle, or one folder up when the bundler
 * made a shared chunk of this code.
 * @throws 'internal' when it is not built
 */
export function workerFile(): string {
  if (typeof CODEC_WORKER === 'string') return CODEC_WORKER
  const here = dirname(fileURLToPath(import.meta.url))
  const file = [here, dirname(here)]
    .map((folder) => join(folder, 'codecWorker.js'))
    .find((candidate) => existsSync(candidate))
  if (!file) throw new DarkroomError('internal', `codecWorker.js is not in ${here}`)
  return file
}
