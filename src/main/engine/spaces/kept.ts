/** What takes long and is calculated once. */
import { orAborted } from '../data/reading'

/** Values by their key: whoever comes while one is calculated waits for it, and begins anew where that was cancelled or failed. */
export class Kept<Key, Value> {
  readonly #known = new Map<Key, Value>()
  readonly #going = new Map<Key, Promise<unknown>>()

  /** @throws DarkroomError `cancelled` as soon as the signal says so, and what `work` throws */
  async get(key: Key, work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    for (let other = this.#going.get(key); other; other = this.#going.get(key)) {
      await orAborted(other, signal)
    }
    const before = this.#known.get(key)
    if (before !== undefined) return before
    const going = work()
    this.#going.set(
      key,
      going.catch(() => undefined),
    )
    try {
      const value = await going
      this.#known.set(key, value)
      return value
    } finally {
      this.#going.delete(key)
    }
  }
}
