/** A loaded graph that runs: feeds by node name, fetches by node name. Native memory that nobody else frees. */
import { whileBlocking } from './blocking'
import type { GraphDefinition } from './graphDefinition'
import type { Output } from './trace'
import { backend, native, type Tensor, type TensorMetadata } from './tensorflow'

/** More open sessions than this means that something forgot to close them. */
const MOST_SESSIONS = 16
/** Milliseconds after which a call counts as slow: the next one is announced. */
const SLOW = 1000
const open = new Set<Session>()

/** How many sessions are open in this process; for tests and diagnostics. */
export const openSessions = (): number => open.size

export class Session {
  #id: number | null
  /** Functions whose last run was slow, and those that have not run yet: TensorFlow prepares them at their first run. */
  readonly #quick = new Set<Output>()

  constructor(graph: GraphDefinition) {
    if (open.size >= MOST_SESSIONS) {
      throw new Error(
        `Expected at most ${MOST_SESSIONS} open sessions. Close those that are done with.`,
      )
    }
    this.#id = whileBlocking(() => graph.load())
    open.add(this)
  }

  /**
   * One native call. Feeds are placeholders' names with their tensors (still the caller's to dispose);
   * the results, in the order of `fetches`, are the caller's to dispose.
   */
  run(feeds: ReadonlyMap<string, Tensor>, fetches: readonly Output[]): Tensor[] {
    if (this.#id === null)
      throw new Error('Expected an open session. Received one that was closed.')
    if (fetches.length === 0) return []
    const ids = backend.getInputTensorIds([...feeds.values()])
    const inputs = [...feeds.keys()].map((name) => `${name}:0`).join(',')
    const outputs = fetches.map((name) => (name.includes(':') ? name : `${name}:0`)).join(',')
    const id = this.#id
    const run = (): TensorMetadata[] => native.runSavedModel(id, ids, inputs, outputs)
    const begun = performance.now()
    const results = this.#quick.has(outputs) ? run() : whileBlocking(run)
    if (performance.now() - begun < SLOW) this.#quick.add(outputs)
    else this.#quick.delete(outputs)
    return results.map((metadata) => backend.createOutputTensor(metadata))
  }

  /** Frees the graph and its variables. Closing twice is no error. */
  close(): void {
    if (this.#id === null) return
    native.deleteSavedModel(this.#id)
    this.#id = null
    open.delete(this)
  }
}
