/** The requests of the batch. One goes on at a time; it outlives the window that started it. */
import { basename } from 'node:path'
import type { Emit, EngineHandlers } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import { Announcer } from './announcer'
import type { PhotoHandlers } from './files'
import { expandInputs } from './inputs'
import { RecordFile } from './record'
import { BatchRun, inputsOf, rowOf } from './run'

export type BatchRequest = Extract<keyof EngineHandlers, `batch.${string}`>

interface BatchSurroundings {
  handlers: PhotoHandlers
  /** @throws DarkroomError for a model that there is not, or that is no good */
  checkModel: (model: string) => Promise<void>
  /** Where the batch that goes on is kept; null for nowhere. */
  recordPath: string | null
}

export interface Batches {
  handlers: Pick<EngineHandlers, BatchRequest>
  /** Ends the work; the next engine can go on with it. */
  close(): Promise<void>
}

export function batchesOf({ handlers, checkModel, recordPath }: BatchSurroundings): Batches {
  const file = new RecordFile(recordPath)
  let run: BatchRun | null = null
  let announcer: Announcer | null = null

  const around = (emit: Emit) => {
    announcer?.close()
    const own = new Announcer(() => run, emit)
    announcer = own
    return {
      handlers,
      changed: (rows: readonly number[]) => {
        own.changed(rows)
        if (rows.length > 0 || run?.state !== 'running') file.keep(() => run?.record ?? null)
      },
    }
  }
  /** What there is, or what an earlier engine left. */
  const current = async (emit: Emit): Promise<BatchRun | null> => {
    const record = run ? null : await file.read()
    if (record) run ??= BatchRun.from(record, around(emit))
    return run
  }
  const busy = (): boolean => run?.state === 'running' || run?.state === 'paused'
  const found = (): BatchRun => {
    if (run) return run
    throw new DarkroomError('job-unknown', 'there is no batch')
  }

  return {
    handlers: {
      'batch.read': async (_args, emit) => (await current(emit))?.view ?? null,
      'batch.find': async ({ paths }) => (await expandInputs(paths)).map(rowOf),
      'batch.start': async ({ paths, folder, wish }, emit) => {
        await checkModel(wish.model)
        const inputs = await inputsOf(paths, { folder, wish })
        if (busy()) throw new DarkroomError('request-refused', 'a batch goes on already')
        run = BatchRun.of(inputs, { folder, wish }, around(emit))
        run.resume()
        return run.view
      },
      'batch.pause': async () => {
        await run?.pause()
        return null
      },
      'batch.resume': async (_args, emit) => {
        ;(await current(emit))?.resume()
        return null
      },
      'batch.cancel': async (_args, emit) => {
        await (await current(emit))?.cancel()
        return null
      },
      'batch.paths': ({ row }) => {
        const paths = found().paths(row)
        if (paths) return Promise.resolve(paths)
        throw new DarkroomError('arguments-invalid', `no row ${row}`, { name: 'batch.paths' })
      },
      'batch.report': async ({ path }) => {
        const bytes = await found().writeReport(path)
        return { name: basename(path), bytes }
      },
    },
    close: async () => {
      await run?.pause()
      await file.settled()
      announcer?.close()
    },
  }
}
