/** Work that must not overlap, and work of which only so much may. */

/** Runs what is given under the same key one after the other. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>()

  async do<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine.catch(() => undefined)
    this.#last.set(key, settled)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }
}

/** What `work` makes of each value, in order, at most `most` at a time. */
export async function atMost<T, Result>(
  most: number,
  values: readonly T[],
  work: (value: T) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(values.length)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < values.length; at = next++) results[at] = await work(values[at] as T)
  }
  await Promise.all(Array.from({ length: Math.min(most, values.length) }, worker))
  return results
}
