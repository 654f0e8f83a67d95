/** What is kept on disk of a batch that goes on, so that it can be resumed when the program was killed or the machine went off. */
import { promises } from 'node:fs'
import { z } from 'zod'
import { batchRow, batchWish } from '../../../shared/batch'
import { writeFileAtomically } from '../store/atomicWriter'
import { ending } from './ledger'

export const batchRecord = z.strictObject({
  version: z.literal(1),
  folder: z.string(),
  wish: batchWish,
  /** Seconds on the clock so far. */
  spent: z.number(),
  inputs: z.array(
    z.strictObject({
      path: z.string(),
      place: z.string(),
      row: batchRow,
      /** Null for one that is still to be done. */
      ending: ending.nullable(),
    }),
  ),
})
export type BatchRecord = z.infer<typeof batchRecord>

/** The one file that holds the record. It never stops a batch: where it cannot be written there is none. */
export class RecordFile {
  readonly #path: string | null
  #newest: (() => BatchRecord | null) | null = null
  #writing: Promise<void> = Promise.resolve()

  /** @param path null keeps nothing */
  constructor(path: string | null) {
    this.#path = path
  }

  /** What an earlier engine left; null for nothing, and for what is no record. */
  async read(): Promise<BatchRecord | null> {
    if (this.#path === null) return null
    try {
      const parsed = batchRecord.safeParse(JSON.parse(await promises.readFile(this.#path, 'utf8')))
      return parsed.success ? parsed.data : null
    } catch {
      return null
    }
  }

  /**
   * Keeps a record, or with null none. It is made when it is written, one at a time: of what is asked for meanwhile only
   * the newest is, so that many quick inputs do not wait for the disk.
   */
  keep(record: () => BatchRecord | null): void {
    const waiting = this.#newest !== null
    this.#newest = record
    if (!waiting) this.#writing = this.#writing.then(() => this.#write())
  }

  /** Returns once the newest is on the disk. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    const record = this.#newest?.() ?? null
    this.#newest = null
    if (this.#path === null) return
    const path = this.#path
    const written =
      record === null
        ? promises.rm(path, { force: true })
        : writeFileAtomically(path, Buffer.from(JSON.stringify(record)))
    await written.catch(() => undefined)
  }
}
